import type { Answer, QaPair } from '@yingke/api'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { usePolling } from '../../pieces/use-polling'
import { useLoad } from '../../pieces/use-load'

export type PairState = QaPair['state']
export const states: PairState[] = ['proposed', 'live', 'rejected', 'retired']
export type Counts = Answer<'GET /v1/knowledge/qa-pairs/counts'>

/** The list of one state with its filters, how many stand where, and which are picked. */
export function usePairs() {
  const state = ref<PairState>('live')
  const filters = reactive({ q: '', origin: '' as QaPair['origin'] | '', missing: '' })
  const pairs = ref<QaPair[]>([])
  const next = ref<string | null>(null)
  const picked = ref(new Set<string>())
  const counts = shallowRef<Counts | null>(null)
  const isFiltered = computed(() => Boolean(filters.q || filters.origin || filters.missing))

  const query = () => ({
    state: state.value,
    limit: 50,
    ...(filters.q ? { q: filters.q } : {}),
    ...(filters.origin ? { origin: filters.origin } : {}),
    ...(filters.missing ? { missing: filters.missing } : {}),
  })

  const list = useLoad(async () => {
    if (!counts.value) {
      counts.value = await api('GET /v1/knowledge/qa-pairs/counts')
      if (counts.value.proposed) state.value = 'proposed'
    }
    const page = await api('GET /v1/knowledge/qa-pairs', { query: query() })
    pairs.value = page.items
    next.value = page.next
    picked.value = new Set()
    return true
  })

  async function recount(): Promise<void> {
    const before = counts.value
    counts.value = await api('GET /v1/knowledge/qa-pairs/counts')
    const isOver = before?.running.length && !counts.value.running.length
    if (isOver && state.value === 'proposed' && !picked.value.size) await list.reload()
  }

  async function loadMore(): Promise<void> {
    if (!next.value) return
    const page = await api('GET /v1/knowledge/qa-pairs', { query: { ...query(), after: next.value } })
    pairs.value.push(...page.items)
    next.value = page.next
  }

  /** Takes decided pairs out of the list without a reload, so that the eye keeps its place. */
  function drop(ids: string[]): void {
    const gone = new Set(ids)
    pairs.value = pairs.value.filter((pair) => !gone.has(pair.id))
    picked.value = new Set([...picked.value].filter((id) => !gone.has(id)))
    void recount().catch(() => undefined)
    if (pairs.value.length < 10 && next.value) void list.reload()
  }

  let typing: ReturnType<typeof setTimeout> | undefined
  watch(
    () => filters.q,
    () => {
      clearTimeout(typing)
      typing = setTimeout(() => void list.reload(), 250)
    },
  )
  watch([state, () => filters.origin, () => filters.missing], () => {
    if (counts.value) void list.reload()
  })
  usePolling(recount, 3000, () => Boolean(counts.value?.running.length))
  usePolling(recount, 20_000, () => counts.value !== null && !counts.value.running.length)

  return { state, filters, isFiltered, pairs, next, picked, counts, list, recount, loadMore, drop }
}
