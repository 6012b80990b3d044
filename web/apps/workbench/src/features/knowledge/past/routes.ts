import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'past',
    component: () => import('./PastPage.vue'),
    meta: { tab: { order: 80, label: 'knowledge.tab_past' }, asks: false },
  },
  { path: 'past/imports/:id', component: () => import('./MappingPage.vue'), meta: { asks: false } },
  { path: 'past/shadow/:id', component: () => import('./ShadowPage.vue'), meta: { asks: false } },
]

export default routes
