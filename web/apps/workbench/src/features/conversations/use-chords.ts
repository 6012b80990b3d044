import { computed, onBeforeUnmount, onMounted } from 'vue'

import { useMe } from '@/stores/me'
import { actionOf, chordOf, chordsWith, isComposing, type Action } from './chords'

const EDITABLE = 'input, textarea, select, [contenteditable="true"]'

/** Chords work everywhere, also inside the composer; never while an input method is composing or a dialog is open. */
export function useChords(act: (action: Action) => void): void {
  const me = useMe()
  const chords = computed(() => chordsWith(me.settings.chords))

  function onKey(event: KeyboardEvent): void {
    if (isComposing(event) || document.querySelector('dialog[open]')) return
    const chord = chordOf(event)
    const action = chord ? actionOf(chord, chords.value) : bareHelp(event)
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    act(action)
  }

  onMounted(() => window.addEventListener('keydown', onKey, true))
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey, true))
}

function bareHelp(event: KeyboardEvent): Action | null {
  const isTyping = event.target instanceof Element && event.target.closest(EDITABLE) !== null
  return !isTyping && (event.key === '?' || event.key === '？') ? 'help' : null
}
