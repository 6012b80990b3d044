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
]

export default routes
