import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'qa',
    component: () => import('./PairsPanel.vue'),
    meta: { tab: { order: 20, label: 'knowledge.qa' }, asks: true },
  },
  { path: 'qa/duplicates', component: () => import('./DuplicatesPanel.vue'), meta: { asks: false } },
]

export default routes
