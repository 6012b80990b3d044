import { shallowRef } from 'vue'
import { api } from '@/api'

const names = shallowRef<Record<string, string>>({})
let isAsked = false

/** Agent id → name, asked for once; without an answer nobody is named. */
export function useAgentNames(): typeof names {
  if (!isAsked) {
    isAsked = true
    void api('GET /v1/agents').then(
      (page) => (names.value = Object.fromEntries(page.items.map((one) => [one.id, one.work_name || one.name]))),
      () => (isAsked = false),
    )
  }
  return names
}
