import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/team',
    component: () => import('./TeamPage.vue'),
    meta: { title: 'team.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] },
  },
  {
    path: '/settings/profile',
    component: () => import('./ProfilePage.vue'),
    meta: { title: 'team.profile', messages: ['pieces', 'settings'] },
  },
  {
    path: '/settings/sessions',
    component: () => import('./SessionsPage.vue'),
    meta: { title: 'team.sessions', messages: ['pieces', 'settings'] },
  },
]

export default routes
