import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'products',
    component: () => import('./ProductsPage.vue'),
    meta: { tab: { order: 10, label: 'commerce.tab_products' } },
  },
]

export default routes
