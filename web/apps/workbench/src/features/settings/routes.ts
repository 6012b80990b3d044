import type { RouteRecordRaw } from 'vue-router'
import { useMe } from '@/stores/me'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings',
    redirect: () => (useMe().isManager ? '/settings/shops' : '/settings/profile'),
    meta: { nav: { order: 60, icon: 'settings', label: 'settings.title', group: 'manage' } },
  },
  {
    path: '/settings/workspace',
    component: () => import('./WorkspacePage.vue'),
    meta: { title: 'settings.workspace', roles: ['owner', 'admin'], messages: ['pieces'] },
  },
  {
    path: '/settings/appearance',
    component: () => import('./AppearancePage.vue'),
    meta: { title: 'settings.appearance', messages: ['pieces'] },
  },
]

export default routes
