import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '',
    component: () => import('./DocumentsPanel.vue'),
    meta: { tab: { order: 10, label: 'knowledge.documents' }, asks: true },
  },
  {
    path: 'documents/:id',
    component: () => import('./DocumentPage.vue'),
    props: true,
    meta: { asks: true },
  },
]

export default routes
