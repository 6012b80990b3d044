import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/today',
    component: () => import('./TodayPage.vue'),
    meta: {
      title: 'today.title',
      messages: ['pieces'],
      nav: { order: 20, icon: 'chart', label: 'today.title', group: 'work' },
    },
  },
  {
    path: '/today/teamwork',
    component: () => import('./TeamworkPage.vue'),
    meta: { title: 'today.team_title', messages: ['pieces', 'conversations'] },
  },
]

export default routes
