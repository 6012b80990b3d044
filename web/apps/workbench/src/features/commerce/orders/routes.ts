import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'orders',
    component: () => import('./OrdersPage.vue'),
    meta: { tab: { order: 20, label: 'commerce.tab_orders' }, messages: ['commerce/requests'] },
  },
]

export default routes
