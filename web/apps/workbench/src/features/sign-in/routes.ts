import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  {
    path: '/sign-in',
    component: () => import('./SignIn.vue'),
    meta: { public: true, title: 'sign-in.title', messages: ['pieces'] },
  },
  {
    path: '/sign-up',
    component: () => import('./SignUp.vue'),
    meta: { public: true, title: 'sign-in.sign_up_title', messages: ['pieces'] },
  },
  {
    path: '/invitations/:token',
    component: () => import('./AcceptInvitation.vue'),
    meta: { public: true, title: 'sign-in.accept', messages: ['pieces'] },
  },
]

export default routes
