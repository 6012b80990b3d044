import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'settings',
    component: () => import('./SettingsPanel.vue'),
    meta: { tab: { order: 70, label: 'knowledge.tab_settings' }, asks: true },
  },
]

export default routes
