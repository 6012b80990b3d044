import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'connections',
    component: () => import('./ConnectionsPanel.vue'),
    meta: { tab: { order: 60, label: 'commerce.tab_connections' } },
  },
  { path: 'connections/:id/fields', component: () => import('./MappingPage.vue') },
]

export default routes
