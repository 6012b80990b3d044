import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/guards',
    component: () => import('./GuardsPage.vue'),
    meta: { title: 'guards.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] },
  },
]

export default routes
