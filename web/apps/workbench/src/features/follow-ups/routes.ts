import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/follow-ups',
    component: () => import('./FollowUpsPage.vue'),
    meta: {
      title: 'follow-ups.title',
      messages: ['pieces', 'conversations'],
      nav: { order: 17, icon: 'clock', label: 'follow-ups.title', group: 'work' },
    },
  },
]

export default routes
