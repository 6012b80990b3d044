import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/conversations',
    component: () => import('./ConversationsPage.vue'),
    meta: { title: 'conversations.title', fill: true, nav: { order: 10, icon: 'chat' }, messages: ['knowledge/trace', 'routing', 'guards', 'follow-ups', 'mood', 'translation', 'cards', 'commerce/orders', 'commerce/requests', 'help'] },
  },
]

export default routes
