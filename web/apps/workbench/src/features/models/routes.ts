import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/models',
    component: () => import('./ModelsPage.vue'),
    meta: { title: 'models.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] },
  },
]

export default routes
