import type { QaPair } from '@yingke/api'
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

interface Acts {
  approve: (pair: QaPair) => void
  reject: (pair: QaPair) => void
  edit: (pair: QaPair) => void
}

/** J K A R E over the list; never while somebody types, composes, holds a modifier, or a dialog is open. */
export function useReviewKeys(pairs: Ref<QaPair[]>, current: Ref<string | null>, isOn: () => boolean, acts: Acts): void {
  function onKey(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable], [role="dialog"], dialog')) return
    if (!isOn() || !pairs.value.length || document.querySelector('dialog[open]')) return
    const at = pairs.value.findIndex((pair) => pair.id === current.value)
    const pair = pairs.value[at]
    const key = event.key.toLowerCase()
    if (key === 'j' || key === 'k') {
      const to = at < 0 ? 0 : Math.min(Math.max(at + (key === 'j' ? 1 : -1), 0), pairs.value.length - 1)
      go(pairs.value[to])
    } else if (pair && (key === 'a' || key === 'r')) {
      const after = pairs.value[at + 1] ?? pairs.value[at - 1]
      acts[key === 'a' ? 'approve' : 'reject'](pair)
      go(after)
    } else if (pair && key === 'e') acts.edit(pair)
    else return
    event.preventDefault()
  }

  function go(pair: QaPair | undefined): void {
    current.value = pair?.id ?? null
    if (pair) document.getElementById(`pair-${pair.id}`)?.scrollIntoView({ block: 'nearest' })
  }

  onMounted(() => window.addEventListener('keydown', onKey))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey))
}
