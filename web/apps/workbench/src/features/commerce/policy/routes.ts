import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'policy',
    component: () => import('./PolicyPage.vue'),
    meta: { tab: { order: 70, label: 'commerce.tab_policy' }, messages: ['commerce/requests'] },
  },
]

export default routes
