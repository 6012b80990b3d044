import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/setup',
    component: () => import('./SetupPage.vue'),
    meta: { title: 'setup.title', roles: ['owner', 'admin'], messages: ['pieces', 'knowledge', 'knowledge/documents', 'shops'] },
  },
]

export default routes
