import { computed } from 'vue'
import { useMe } from '@/stores/me'

/** The workspace's time zone; days of validity begin and end by it. */
export function useZone() {
  const me = useMe()
  return computed(() => me.me?.workspace.time_zone ?? 'Asia/Shanghai')
}
