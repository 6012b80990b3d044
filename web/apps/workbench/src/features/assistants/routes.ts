import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/assistants',
    component: () => import('./AssistantsPage.vue'),
    meta: { title: 'assistants.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings', 'own-tools'] },
  },
]

export default routes
