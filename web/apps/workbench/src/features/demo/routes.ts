import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/demo',
    component: () => import('./DemoPage.vue'),
    // Drawn without the rail: the workbench stands inside it. It asks for the sign-in itself.
    meta: { title: 'demo.title', public: true, messages: ['pieces'] },
  },
]

export default routes
