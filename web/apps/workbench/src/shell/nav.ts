import { useMe } from '@/stores/me'
import { featureRoutes } from '@/router'
import { computed, type ComputedRef } from 'vue'
import type { IconName } from '@/ui/icons'

export interface NavItem {
  path: string
  label: string
  icon: IconName
  group: 'work' | 'manage'
}

/** The rail of this person: what the role may open, in the order the features ask for. */
export function useNav(): ComputedRef<NavItem[]> {
  const me = useMe()
  return computed(() =>
    featureRoutes
      .filter(({ meta }) => meta?.nav && (!meta.roles || (me.role !== null && meta.roles.includes(me.role))))
      .sort((one, other) => (one.meta?.nav?.order ?? 0) - (other.meta?.nav?.order ?? 0))
      .map(({ path, meta }) => ({
        path,
        label: `shell.names.${meta?.feature ?? ''}`,
        icon: meta?.nav?.icon ?? 'apps',
        group: meta?.nav?.group ?? 'work',
      })),
  )
}
