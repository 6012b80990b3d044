import { describe, expect, it } from 'vitest'

import { ACTIONS, actionOf, chordOf, chordsWith, chordText, DEFAULT_CHORDS, isComposing, RESERVED } from '@/features/conversations/chords'

const key = (given: Partial<KeyboardEvent>): KeyboardEvent =>
  ({ altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, isComposing: false, keyCode: 0, key: '', code: '', ...given }) as KeyboardEvent

describe('the shortcuts', () => {
  it('reads physical keys, so that a layout does not move them', () => {
    expect(chordOf(key({ altKey: true, code: 'KeyT', key: '†' }))).toBe('Alt+KeyT')
    expect(chordOf(key({ metaKey: true, code: 'KeyK', key: 'k' }))).toBe('Ctrl+KeyK')
  })

  it('never fires while an input method is composing', () => {
    expect(chordOf(key({ altKey: true, code: 'KeyT', isComposing: true }))).toBeNull()
    expect(chordOf(key({ altKey: true, code: 'KeyT', keyCode: 229 }))).toBeNull()
    expect(isComposing({ isComposing: false, keyCode: 13 })).toBe(false)
  })

  it('leaves bare letters to the text', () => {
    expect(chordOf(key({ code: 'KeyE', key: 'e' }))).toBeNull()
    expect(chordOf(key({ altKey: true, code: 'AltLeft', key: 'Alt' }))).toBeNull()
  })

  it('starts without two actions on one chord and without chords that are taken by others', () => {
    const chords = Object.values(DEFAULT_CHORDS)
    expect(new Set(chords).size).toBe(chords.length)
    expect(chords.filter((chord) => RESERVED.includes(chord))).toEqual([])
  })

  it('lets an agent put an action on another chord', () => {
    const chords = chordsWith({ take_over: 'Alt+KeyJ', nonsense: 'Alt+KeyQ' })
    expect(actionOf('Alt+KeyJ', chords)).toBe('take_over')
    expect(actionOf('Alt+KeyT', chords)).toBeNull()
    expect(ACTIONS.length).toBe(Object.keys(chords).length)
    expect(chordText('Alt+ArrowUp')).toBe('Alt+↑')
  })
})
