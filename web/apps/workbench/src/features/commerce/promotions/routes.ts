import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'promotions',
    component: () => import('./PromotionsPage.vue'),
    meta: { tab: { order: 40, label: 'commerce.tab_promotions' } },
  },
]

export default routes
