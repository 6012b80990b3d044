import { t, currentLanguage } from '@yingke/i18n'
import { watch } from 'vue'
import { createRouter, createWebHistory, type RouteLocationNormalized, type Router, type RouteRecordRaw } from 'vue-router'

import { loadMessages } from './messages'
import { pageTitle } from './shell/page-title'
import { useMe } from './stores/me'

interface RouteModule {
  default: RouteRecordRaw[]
}

/** The folder is the registry: every features/<name>/routes.ts is a set of screens. */
const modules = import.meta.glob<RouteModule>('./features/*/routes.ts', { eager: true })

export const featureRoutes: RouteRecordRaw[] = Object.entries(modules).flatMap(([path, module]) => {
  const feature = path.split('/')[2] ?? ''
  return module.default.map((route) => ({
    ...route,
    meta: { ...route.meta, feature, messages: [feature, ...(route.meta?.messages ?? [])] },
  }))
})

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory('/app'),
    routes: [
      ...featureRoutes,
      { path: '/', redirect: '/conversations' },
      { path: '/:rest(.*)*', component: () => import('./shell/NotFound.vue'), meta: { title: 'shell.not_found' } },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })
  router.beforeEach(admit)
  router.afterEach((to) => showTitle(to))
  watch(currentLanguage, () => showTitle(router.currentRoute.value))
  return router
}

async function admit(to: RouteLocationNormalized): Promise<boolean | string | { path: string; query: Record<string, string> }> {
  await Promise.all((to.meta.messages ?? []).map((feature) => loadMessages(feature, currentLanguage())))
  if (to.meta.public) return true
  const me = useMe()
  const isKnown = await me.ensure().catch(() => null)
  if (isKnown === null) return false
  if (!isKnown) {
    return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  }
  if (to.meta.roles && me.role && !to.meta.roles.includes(me.role)) return '/conversations'
  return true
}

function showTitle(route: RouteLocationNormalized): void {
  pageTitle.value = route.meta.title ? t(route.meta.title) : ''
}
