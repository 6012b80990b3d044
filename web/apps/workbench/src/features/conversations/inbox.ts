import type { Conversation } from '@yingke/api'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { api } from '@/api'
import { useMe } from '@/stores/me'
import type { Mood } from '../mood/faces'
import { belongs, isOlder, placeId, sortIds, type Scope, type View } from './inbox-order'

const PAGE = 100
const VIEW_KEY = 'yingke.inbox.view'

/** The list of conversations: a snapshot of the server plus every event since. */
export const useInbox = defineStore('inbox', () => {
  const me = useMe()
  const view = ref<View>(lastView())
  const status = ref<'open' | 'closed'>('open')
  const shopId = ref('')
  const query = ref('')
  const mood = ref<Mood | ''>('')
  const known = shallowRef<ReadonlyMap<string, Conversation>>(new Map())
  const order = shallowRef<readonly string[]>([])
  const pending = shallowRef<ReadonlySet<string>>(new Set())
  const openId = ref<string | null>(null)
  const isLoading = ref(false)
  const error = shallowRef<unknown>(null)
  const next = ref<string | null>(null)
  const holds = new Set<string>()
  let request: AbortController | null = null

  const scope = computed<Scope>(() => ({
    view: view.value,
    status: status.value,
    shopId: shopId.value,
    agentId: me.me?.agent.id ?? '',
  }))
  const open = computed(() => (openId.value ? (known.value.get(openId.value) ?? null) : null))

  async function fetchPage(after?: string): Promise<void> {
    request?.abort()
    request = new AbortController()
    const { signal } = request
    isLoading.value = true
    error.value = null
    try {
      const page = await api('GET /v1/conversations', {
        signal,
        query: {
          view: view.value,
          status: status.value,
          limit: PAGE,
          ...(shopId.value && { shop_id: shopId.value }),
          ...(query.value && { q: query.value }),
          ...(mood.value && { mood: mood.value }),
          ...(after && { after }),
        },
      })
      hold(page.items)
      next.value = page.next
      const ids = page.items.map(({ id }) => id)
      order.value = query.value ? [...(after ? order.value : []), ...ids] : sorted(after ? [...order.value, ...ids] : ids)
      if (!after) pending.value = new Set()
    } catch (problem) {
      if (!signal.aborted) error.value = problem
    } finally {
      if (!signal.aborted) isLoading.value = false
    }
  }

  const reload = (): Promise<void> => fetchPage()

  async function loadMore(): Promise<void> {
    if (next.value && !isLoading.value) await fetchPage(next.value)
  }

  /** Shows another list; the old rows go at once so that nothing wrong can be clicked. */
  function show(change: Partial<{ view: View; status: 'open' | 'closed'; shopId: string; query: string; mood: Mood | '' }>): Promise<void> {
    view.value = change.view ?? view.value
    status.value = change.status ?? status.value
    shopId.value = change.shopId ?? shopId.value
    query.value = change.query ?? query.value
    mood.value = change.mood ?? mood.value
    rememberView(view.value)
    order.value = []
    pending.value = new Set()
    return reload()
  }

  /** Takes in states of conversations, by id; later events win unless they are older than what is held. */
  function apply(conversations: readonly Conversation[]): void {
    const fresh = conversations.filter((one) => !isOlder(one, known.value.get(one.id)))
    if (!fresh.length) return
    hold(fresh)
    if (query.value) return
    for (const { id } of fresh) place(id)
  }

  const feels = (conversation: Conversation): boolean => !mood.value || conversation.understood?.mood === mood.value

  function place(id: string): void {
    const conversation = known.value.get(id)
    if (!conversation) return
    const isHere = order.value.includes(id)
    const isMember = belongs(conversation, scope.value, Date.now()) && feels(conversation)
    if (holds.size > 0) {
      if (isMember && !isHere) pending.value = new Set(pending.value).add(id)
      return
    }
    if (id === openId.value && isHere) return
    if (isMember) order.value = placeId(order.value, id, known.value, view.value)
    else if (isHere) order.value = order.value.filter((other) => other !== id)
  }

  /** Puts everything where it belongs; the open row stays where it is. */
  function settle(): void {
    if (query.value) return
    const now = Date.now()
    const ids = new Set([...order.value, ...pending.value])
    for (const conversation of known.value.values()) {
      const isMember = belongs(conversation, scope.value, now) && feels(conversation)
      if (!isMember && conversation.id !== openId.value) ids.delete(conversation.id)
      if (isMember && view.value !== 'all') ids.add(conversation.id)
    }
    order.value = sorted([...ids])
    pending.value = new Set()
  }

  function sorted(ids: readonly string[]): string[] {
    const at = openId.value ? order.value.indexOf(openId.value) : -1
    return sortIds(new Set(ids), known.value, view.value, at >= 0 && openId.value ? { id: openId.value, index: at } : null)
  }

  /** While anything holds the list (pointer, keys, scrolling) its order is frozen. */
  function freeze(reason: string): void {
    holds.add(reason)
  }

  function release(reason: string): void {
    if (holds.delete(reason) && holds.size === 0) settle()
  }

  /** Settles unless somebody is pointing at the list: waits cross the grace without an event. */
  function tidy(): void {
    if (holds.size === 0) settle()
  }

  function hold(conversations: readonly Conversation[]): void {
    const map = new Map(known.value)
    for (const conversation of conversations) map.set(conversation.id, conversation)
    known.value = map
  }

  /** Changes one conversation before the server confirms; returns the way back. */
  function patch(id: string, change: Partial<Conversation>): () => void {
    const before = known.value.get(id)
    if (!before) return () => undefined
    hold([{ ...before, ...change }])
    place(id)
    return () => {
      if (known.value.get(id)?.generation !== before.generation) return
      hold([before])
      place(id)
    }
  }

  async function ensure(id: string): Promise<Conversation> {
    const held = known.value.get(id)
    if (held) return held
    const fetched = await api('GET /v1/conversations/{conversation_id}', { path: { conversation_id: id } })
    hold([fetched])
    return fetched
  }

  function neighbour(step: 1 | -1): string | null {
    const at = openId.value ? order.value.indexOf(openId.value) : -1
    if (at < 0) return order.value[step > 0 ? 0 : order.value.length - 1] ?? null
    return order.value[at + step] ?? null
  }

  return {
    view, status, shopId, query, mood, known, order, pending, openId, open, isLoading, error, next,
    reload, loadMore, show, apply, settle, tidy, freeze, release, patch, ensure, neighbour,
  }
})

function lastView(): View {
  const stored = localStorage.getItem(VIEW_KEY)
  return stored === 'waiting' || stored === 'all' ? stored : 'mine'
}

function rememberView(view: View): void {
  localStorage.setItem(VIEW_KEY, view)
}
