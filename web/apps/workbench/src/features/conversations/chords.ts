/** What the keyboard can do here, and the chord each action starts with. Chords use physical keys, so layouts and IMEs do not shift them. */
export const DEFAULT_CHORDS = {
  previous: 'Alt+ArrowUp',
  next: 'Alt+ArrowDown',
  send_next: 'Alt+Enter',
  take_over: 'Alt+KeyT',
  hand_back: 'Alt+KeyB',
  close: 'Alt+KeyE',
  note: 'Alt+KeyN',
  attach: 'Alt+KeyA',
  contact: 'Alt+KeyO',
  search: 'Alt+KeyS',
  palette: 'Ctrl+KeyK',
  help: 'Ctrl+Slash',
} as const

export type Action = keyof typeof DEFAULT_CHORDS
export const ACTIONS = Object.keys(DEFAULT_CHORDS) as Action[]

/** For agents who switched them on; Escape leaves the composer first. */
export const SINGLE_KEYS: Readonly<Record<string, Action>> = {
  KeyJ: 'next',
  KeyK: 'previous',
  KeyT: 'take_over',
  KeyE: 'close',
  KeyN: 'note',
  KeyB: 'hand_back',
}

/** Chords that browsers, systems or Chinese input methods keep for themselves. */
export const RESERVED: readonly string[] = [
  'Alt+KeyF',
  'Alt+KeyD',
  'Alt+Space',
  'Alt+Tab',
  'Alt+F4',
  'Ctrl+Space',
  'Ctrl+Shift+KeyF',
  'Ctrl+KeyT',
  'Ctrl+KeyW',
  'Ctrl+KeyN',
  'Ctrl+KeyC',
  'Ctrl+KeyV',
  'Ctrl+KeyX',
  'Ctrl+KeyZ',
  'Ctrl+KeyA',
]

interface KeyLike {
  code: string
  key: string
  altKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  isComposing: boolean
  keyCode: number
}

/** True while an input method is choosing characters: no shortcut and no Enter may act then. */
export function isComposing(event: Pick<KeyLike, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229
}

/** "Alt+KeyT", or null for a bare key or a modifier alone. The Command key counts as Ctrl. */
export function chordOf(event: KeyLike): string | null {
  if (isComposing(event) || /^(Alt|Control|Meta|Shift)/.test(event.key)) return null
  const held = [(event.ctrlKey || event.metaKey) && 'Ctrl', event.altKey && 'Alt', event.shiftKey && 'Shift'].filter(Boolean)
  if (!event.altKey && !event.ctrlKey && !event.metaKey) return null
  return [...held, event.code.replace('NumpadEnter', 'Enter')].join('+')
}

export function chordsWith(own: Record<string, string> | undefined): Record<Action, string> {
  const chords: Record<Action, string> = { ...DEFAULT_CHORDS }
  for (const action of ACTIONS) {
    const chosen = own?.[action]
    if (chosen) chords[action] = chosen
  }
  return chords
}

export function actionOf(chord: string, chords: Record<Action, string>): Action | null {
  return ACTIONS.find((action) => chords[action] === chord) ?? null
}

/** Shown to people: "Alt+T", "Alt+↑". */
export function chordText(chord: string): string {
  return chord
    .replace(/Key([A-Z])$/, '$1')
    .replace(/Digit(\d)$/, '$1')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('Slash', '/')
}
