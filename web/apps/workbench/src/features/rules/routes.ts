import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/rules',
    component: () => import('./RulesPage.vue'),
    meta: { title: 'rules.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings', 'routing'] },
  },
]

export default routes
