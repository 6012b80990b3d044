import type { RouteRecordRaw } from 'vue-router'

const managers = { roles: ['owner' as const, 'admin' as const], messages: ['pieces', 'settings', 'team'] }

const routes: RouteRecordRaw[] = [
  {
    path: '/queue',
    component: () => import('./QueuePage.vue'),
    meta: {
      title: 'routing.queue_title',
      messages: ['pieces', 'conversations'],
      nav: { order: 15, icon: 'team', group: 'work' },
    },
  },
  {
    path: '/settings/routing',
    component: () => import('./RoutingPage.vue'),
    meta: { ...managers, title: 'routing.title' },
  },
]

export default routes
