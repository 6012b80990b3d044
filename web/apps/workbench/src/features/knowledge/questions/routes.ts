import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: 'questions',
    component: () => import('./QuestionsPanel.vue'),
    meta: { tab: { order: 30, label: 'knowledge.tab_questions' }, asks: false },
  },
  { path: 'gaps', redirect: { path: '/knowledge/questions', query: { view: 'gaps' } } },
]

export default routes
