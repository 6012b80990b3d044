import { computed, onBeforeUnmount, onMounted } from 'vue'

import { useMe } from '@/stores/me'
import { actionOf, chordOf, chordsWith, isComposing, SINGLE_KEYS, type Action } from './chords'

const EDITABLE = 'input, textarea, select, [contenteditable="true"]'

/** Chords work everywhere, also inside the composer; never while an input method is composing or a dialog is open. */
export function useChords(act: (action: Action) => void): void {
  const me = useMe()
  const chords = computed(() => chordsWith(me.settings.chords))

  function onKey(event: KeyboardEvent): void {
    if (isComposing(event) || document.querySelector('dialog[open]')) return
    const chord = chordOf(event)
    const action = chord ? actionOf(chord, chords.value) : bareAction(event, me.settings.single_keys === true)
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    act(action)
  }

  onMounted(() => window.addEventListener('keydown', onKey, true))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey, true))
}

/** Keys alone: `?` always, letters only for who asked for them, and neither while something is being typed. */
function bareAction(event: KeyboardEvent, letters: boolean): Action | null {
  if (event.target instanceof Element && event.target.closest(EDITABLE) !== null) return null
  if (event.key === '?' || event.key === '？') return 'help'
  return letters && !event.shiftKey ? (SINGLE_KEYS[event.code] ?? null) : null
}
