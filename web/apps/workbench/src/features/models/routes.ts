import type { RouteMeta, RouteRecordRaw } from 'vue-router'

const meta: RouteMeta = { title: 'models.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] }

const routes: RouteRecordRaw[] = [
  { path: '/settings/models', component: () => import('./ModelsPage.vue'), meta },
  {
    path: '/settings/models/compare',
    component: () => import('./ComparePage.vue'),
    meta: { ...meta, title: 'models.compare' },
  },
]

export default routes
