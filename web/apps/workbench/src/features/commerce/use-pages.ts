import type { ApiProblem } from '@yingke/api'
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { toast } from '@/ui/toast'
import { toTrouble } from '../pieces/trouble'

interface Page<T> {
  items: T[]
  next: string | null
}

/** A list that grows by pages; a search that was overtaken by another one is dropped. */
export function usePages<T extends { id: string }>(load: (after: string | undefined) => Promise<Page<T>>) {
  const rows = shallowRef<T[] | null>(null)
  const next = ref<string | null>(null)
  const trouble = shallowRef<ApiProblem | null>(null)
  const isLoading = ref(false)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function reload(): Promise<void> {
    const mine = ++turn
    isLoading.value = true
    try {
      const page = await load(undefined)
      if (mine !== turn) return
      rows.value = page.items
      next.value = page.next
      trouble.value = null
    } catch (error) {
      if (mine === turn) trouble.value = toTrouble(error)
    } finally {
      if (mine === turn) isLoading.value = false
    }
  }

  async function more(): Promise<void> {
    if (!next.value || isLoading.value) return
    isLoading.value = true
    const mine = turn
    try {
      const page = await load(next.value)
      if (mine !== turn) return
      rows.value = [...(rows.value ?? []), ...page.items]
      next.value = page.next
    } catch (error) {
      toast.bad(toTrouble(error))
    } finally {
      if (mine === turn) isLoading.value = false
    }
  }

  /** For typing: the last key counts. */
  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void reload(), 250)
  }

  function put(one: T): void {
    rows.value = (rows.value ?? []).map((row) => (row.id === one.id ? one : row))
  }

  onScopeDispose(() => {
    turn++
    clearTimeout(timer)
  })
  void reload()
  return { rows, next, hasMore: computed(() => next.value !== null), trouble, isLoading, reload, more, soon, put }
}
