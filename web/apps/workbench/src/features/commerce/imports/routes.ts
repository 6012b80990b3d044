import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'imports',
    component: () => import('./ImportsPage.vue'),
    meta: { tab: { order: 50, label: 'commerce.tab_imports' } },
  },
  { path: 'imports/:id', component: () => import('./MapPage.vue') },
]

export default routes
