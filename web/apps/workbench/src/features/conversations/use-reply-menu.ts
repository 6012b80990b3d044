import type { SavedReply } from '@yingke/api'
import { computed, ref, type ComputedRef, type Ref } from 'vue'

import { findTrigger, matchReplies, useSavedReplies, type Trigger } from './saved-replies'

export interface ReplyMenu {
  isOpen: ComputedRef<boolean>
  matches: ComputedRef<SavedReply[]>
  active: Ref<number>
  query: ComputedRef<string>
  look: (text: string, caret: number) => void
  shut: () => void
  /** True when the key belonged to the menu. */
  takeKey: (event: KeyboardEvent) => boolean
  pick: (reply: SavedReply) => void
}

/** The list that opens on `/ ／ 、`: arrows and Enter, or a number key; Escape keeps the words as typed. */
export function useReplyMenu(insert: (trigger: Trigger, text: string) => void): ReplyMenu {
  const { data } = useSavedReplies()
  const trigger = ref<Trigger | null>(null)
  const shutAt = ref<number | null>(null)
  const active = ref(0)
  const matches = computed(() => (trigger.value ? matchReplies(data.value ?? [], trigger.value.query) : []))
  const isOpen = computed(() => trigger.value !== null)

  function look(text: string, caret: number): void {
    const found = findTrigger(text, caret)
    if (!found) shutAt.value = null
    trigger.value = found && found.start !== shutAt.value ? found : null
    active.value = 0
  }

  function shut(): void {
    shutAt.value = trigger.value?.start ?? null
    trigger.value = null
  }

  function pick(reply: SavedReply): void {
    if (trigger.value) insert(trigger.value, reply.text)
    trigger.value = null
  }

  function takeKey(event: KeyboardEvent): boolean {
    if (!trigger.value || event.altKey || event.ctrlKey || event.metaKey) return false
    const count = matches.value.length
    const numbered = /^[1-9]$/.test(event.key) ? matches.value[Number(event.key) - 1] : undefined
    if (event.key === 'ArrowDown' && count) active.value = (active.value + 1) % count
    else if (event.key === 'ArrowUp' && count) active.value = (active.value - 1 + count) % count
    else if (event.key === 'Escape') shut()
    else if ((event.key === 'Enter' || event.key === 'Tab') && matches.value[active.value]) pick(matches.value[active.value] as SavedReply)
    else if (numbered) pick(numbered)
    else return false
    return true
  }

  return { isOpen, matches, active, query: computed(() => trigger.value?.query ?? ''), look, shut, takeKey, pick }
}
