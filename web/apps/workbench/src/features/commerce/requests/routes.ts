import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'requests',
    component: () => import('./RequestsPage.vue'),
    meta: { tab: { order: 30, label: 'commerce.tab_requests' } },
  },
]

export default routes
