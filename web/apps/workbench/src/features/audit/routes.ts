import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/audit',
    component: () => import('./AuditPage.vue'),
    meta: { title: 'audit.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] },
  },
]

export default routes
