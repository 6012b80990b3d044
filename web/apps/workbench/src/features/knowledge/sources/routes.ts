import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'sources',
    component: () => import('./SourcesPanel.vue'),
    meta: { tab: { order: 50, label: 'knowledge.tab_sources' }, asks: true },
  },
]

export default routes
