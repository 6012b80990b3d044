import type { RouteRecordRaw } from 'vue-router'

const meta = { roles: ['owner' as const, 'admin' as const], messages: ['pieces', 'settings'] }

const routes: RouteRecordRaw[] = [
  {
    path: '/settings/api-keys',
    component: () => import('./ApiKeysPage.vue'),
    meta: { ...meta, title: 'programs.api_keys' },
  },
  {
    path: '/settings/webhooks',
    component: () => import('./WebhooksPage.vue'),
    meta: { ...meta, title: 'programs.webhooks' },
  },
  {
    path: '/settings/webhooks/:id',
    component: () => import('./WebhookPage.vue'),
    props: true,
    meta: { ...meta, title: 'programs.webhooks' },
  },
]

export default routes
