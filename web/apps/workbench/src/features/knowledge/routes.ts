import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/knowledge',
    component: () => import('./KnowledgePage.vue'),
    meta: {
      title: 'knowledge.title',
      messages: ['pieces'],
      nav: { order: 30, icon: 'knowledge', label: 'knowledge.title', group: 'manage' },
    },
    children: [
      { path: '', component: () => import('./DocumentsPanel.vue') },
      { path: 'qa', component: () => import('./QaPanel.vue') },
      { path: 'gaps', component: () => import('./GapsPanel.vue') },
    ],
  },
]

export default routes
