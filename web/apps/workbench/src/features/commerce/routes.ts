import type { RouteRecordRaw } from 'vue-router'

interface PartModule {
  default: RouteRecordRaw[]
}

/** The folder is the registry: every commerce/<part>/routes.ts is a tab (meta.tab) or a screen below one. */
const modules = import.meta.glob<PartModule>('./*/routes.ts', { eager: true })

const parts: RouteRecordRaw[] = Object.entries(modules).flatMap(([path, module]) => {
  const part = `commerce/${path.split('/')[1] ?? ''}`
  return module.default.map((route) => ({
    ...route,
    meta: { ...route.meta, messages: ['commerce', 'pieces', part, ...(route.meta?.messages ?? [])] },
  }))
})

const routes: RouteRecordRaw[] = [
  {
    path: '/commerce',
    component: () => import('./CommercePage.vue'),
    meta: {
      title: 'commerce.title',
      messages: ['pieces'],
      nav: { order: 25, icon: 'shop', label: 'commerce.title', group: 'work' },
    },
    children: [{ path: '', redirect: '/commerce/products' }, ...parts],
  },
]

export default routes
