import type { Answer } from '@yingke/api'
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'

import { api } from '@/api'

export type FoundProduct = Answer<'GET /v1/products'>['items'][number]

interface Trigger {
  start: number
  end: number
  query: string
}

export interface ProductMenu {
  isOpen: ComputedRef<boolean>
  isSearching: Ref<boolean>
  products: Ref<readonly FoundProduct[]>
  active: Ref<number>
  query: ComputedRef<string>
  look: (text: string, caret: number) => void
  shut: () => void
  /** True when the key belonged to the menu. */
  takeKey: (event: KeyboardEvent) => boolean
  pick: (product: FoundProduct) => void
}

const MOST = 6
const PAUSE_MILLISECONDS = 180

/** `#` or `＃` at the start of the line the caret is in, and what follows up to the caret. */
export function findHash(text: string, caret: number): Trigger | null {
  const start = text.lastIndexOf('\n', caret - 1) + 1
  if (!/^[#＃]/.test(text.slice(start, caret))) return null
  const query = text.slice(start + 1, caret)
  return query.length <= 40 ? { start, end: caret, query: query.trim() } : null
}

/** The list of products that opens on `#`: arrows and Enter, or a click; Escape keeps the words as typed. */
export function useProductMenu(shopId: () => string, send: (trigger: Trigger, product: FoundProduct) => void): ProductMenu {
  const trigger = ref<Trigger | null>(null)
  const shutAt = ref<number | null>(null)
  const active = ref(0)
  const products = shallowRef<readonly FoundProduct[]>([])
  const isSearching = ref(false)
  let waiting: number | undefined
  let asked = 0

  async function search(query: string): Promise<void> {
    const mine = ++asked
    try {
      const page = await api('GET /v1/products', { query: { search: query, shop_id: shopId(), listed: true, limit: MOST } })
      if (mine === asked) products.value = page.items
    } catch {
      if (mine === asked) products.value = []
    } finally {
      if (mine === asked) isSearching.value = false
    }
  }

  function look(text: string, caret: number): void {
    const found = findHash(text, caret)
    if (!found) shutAt.value = null
    const next = found && found.start !== shutAt.value ? found : null
    const isNew = next && next.query !== trigger.value?.query
    trigger.value = next
    if (!isNew) return
    active.value = 0
    isSearching.value = true
    products.value = []
    window.clearTimeout(waiting)
    waiting = window.setTimeout(() => void search(next.query), PAUSE_MILLISECONDS)
  }

  function shut(): void {
    shutAt.value = trigger.value?.start ?? null
    trigger.value = null
  }

  function pick(product: FoundProduct): void {
    if (trigger.value) send(trigger.value, product)
    trigger.value = null
  }

  function takeKey(event: KeyboardEvent): boolean {
    if (!trigger.value || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false
    const count = products.value.length
    const chosen = products.value[active.value]
    if (event.key === 'ArrowDown' && count) active.value = (active.value + 1) % count
    else if (event.key === 'ArrowUp' && count) active.value = (active.value - 1 + count) % count
    else if (event.key === 'Escape') shut()
    else if (event.key === 'Enter' && chosen) pick(chosen)
    // Nothing is sent as words while the list is still being fetched.
    else if (event.key !== 'Enter' || !isSearching.value) return false
    return true
  }

  return {
    isOpen: computed(() => trigger.value !== null),
    isSearching, products, active, look, shut, takeKey, pick,
    query: computed(() => trigger.value?.query ?? ''),
  }
}
