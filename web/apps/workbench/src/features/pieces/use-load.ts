import { onMounted, onScopeDispose, ref, shallowRef } from 'vue'
import type { ApiProblem } from '@yingke/api'
import { toTrouble } from './trouble'

/** Loads once when mounted and again on `reload`; the answer of an overtaken call is dropped, old data stays on screen. */
export function useLoad<T>(load: () => Promise<T>) {
  const data = shallowRef<T | null>(null)
  const trouble = shallowRef<ApiProblem | null>(null)
  const isLoading = ref(true)
  let turn = 0

  async function reload(): Promise<void> {
    const mine = ++turn
    isLoading.value = true
    try {
      const answer = await load()
      if (mine !== turn) return
      data.value = answer
      trouble.value = null
    } catch (error) {
      if (mine === turn) trouble.value = toTrouble(error)
    } finally {
      if (mine === turn) isLoading.value = false
    }
  }

  onMounted(reload)
  onScopeDispose(() => turn++)
  return { data, trouble, isLoading, reload }
}
