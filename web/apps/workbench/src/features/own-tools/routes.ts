import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/assistants/own-tools/:id',
    component: () => import('./OwnToolPage.vue'),
    meta: { title: 'own-tools.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings', 'assistants'] },
  },
]

export default routes
