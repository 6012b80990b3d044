import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'contradictions',
    component: () => import('./ContradictionsPanel.vue'),
    meta: { tab: { order: 60, label: 'knowledge.tab_contradictions' }, asks: false },
  },
]

export default routes
