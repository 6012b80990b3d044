import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/shops',
    component: () => import('./ShopsPage.vue'),
    meta: { title: 'shops.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] },
  },
  {
    path: '/settings/shops/:id',
    component: () => import('./ShopPage.vue'),
    props: true,
    meta: { title: 'shops.title', roles: ['owner', 'admin'], messages: ['pieces', 'settings'] },
  },
]

export default routes
