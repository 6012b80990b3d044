import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'golden',
    component: () => import('./GoldenPanel.vue'),
    meta: { tab: { order: 40, label: 'knowledge.tab_golden' }, asks: false },
  },
]

export default routes
