import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/assist',
    component: () => import('./AssistPage.vue'),
    meta: { title: 'assist.title', nav: { order: 28, icon: 'panel', label: 'assist.title', group: 'work' }, messages: ['commerce/orders', 'pieces'] },
  },
]

export default routes
