import type { RouteRecordRaw } from 'vue-router'

interface PartModule {
  default: RouteRecordRaw[]
}

/** The folder is the registry here too: every knowledge/<part>/routes.ts is a tab (meta.tab) or a screen below one. */
const modules = import.meta.glob<PartModule>('./*/routes.ts', { eager: true })

const parts: RouteRecordRaw[] = Object.entries(modules).flatMap(([path, module]) => {
  const part = `knowledge/${path.split('/')[1] ?? ''}`
  return module.default.map((route) => ({ ...route, meta: { ...route.meta, messages: ['knowledge', 'knowledge/trace', 'pieces', part] } }))
})

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
      ...parts,
    ],
  },
]

export default routes
