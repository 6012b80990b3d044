import { useI18n } from '@yingke/i18n'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useMe } from '@/stores/me'

export type View = 'frequent' | 'gaps' | 'badly_rated' | 'dismissed'
export const views: View[] = ['frequent', 'gaps', 'badly_rated', 'dismissed']
const lengths = ['7', '30', '90']

/** A day of the workspace as YYYY-MM-DD, `ago` days back. */
export function dayOf(timeZone: string, ago: number): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return format.format(new Date(Date.now() - ago * 86_400_000))
}

/** What is looked at lives in the address, so that it can be sent to a colleague. */
export function useSpan(words: 'knowledge_questions' | 'knowledge_golden' | 'today') {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const me = useMe()

  function held<T extends string>(name: string, allowed: readonly T[] | null, otherwise: T) {
    return computed<T>({
      get: () => {
        const value = route.query[name] as T
        return typeof value === 'string' && (allowed === null || allowed.includes(value)) ? value : otherwise
      },
      set: (next: T) =>
        void router.replace({ query: { ...route.query, [name]: next && next !== otherwise ? next : undefined } }),
    })
  }

  const view = held<View>('view', views, 'frequent')
  const days = held('days', lengths, '30')
  const shopId = held<string>('shop', null, '')
  const zone = computed(() => me.me?.workspace.time_zone ?? 'Asia/Shanghai')
  const query = computed(() => ({
    from: dayOf(zone.value, Number(days.value) - 1),
    to: dayOf(zone.value, 0),
    shop_id: shopId.value || undefined,
  }))
  const dayOptions = computed(() => lengths.map((value) => ({ value, label: t(`${words}.days_${value}`) })))
  return { view, days, shopId, query, dayOptions, shops: computed(() => me.me?.shops ?? []) }
}

export function percent(share: number, language: string): string {
  const digits = share > 0 && share < 0.01 ? 1 : 0
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: digits }).format(share)
}
