import { api } from '@/api'
import { toast } from '@/ui/toast'
import { t } from '@yingke/i18n'
import { closeSoon, handBack, takeOver } from './acts'
import type { Action } from './chords'
import { useInbox } from './inbox'

const KEYS_HOLD_MILLISECONDS = 3000

export interface InboxScreen {
  open: (id: string) => void
  togglePanel: () => void
  focusSearch: () => void
  showPalette: () => void
  showHelp: () => void
  pane: () => { submit: () => Promise<boolean>; toggleNote: () => void; attach: () => void } | null
}

/** What each action does on the inbox screen. */
export function useInboxActions(screen: InboxScreen): (action: Action) => void {
  const inbox = useInbox()
  let timer = 0

  function step(by: 1 | -1): void {
    inbox.freeze('keys')
    window.clearTimeout(timer)
    timer = window.setTimeout(() => inbox.release('keys'), KEYS_HOLD_MILLISECONDS)
    const id = inbox.neighbour(by)
    if (id) screen.open(id)
  }

  async function sendAndNext(): Promise<void> {
    const from = inbox.openId
    await screen.pane()?.submit()
    const next = await longestWaiting(from)
    if (next) screen.open(next)
    else toast.ok(t('conversations.nobody_waits'))
  }

  /** Mine first, by the longest wait; then the queue. */
  async function longestWaiting(except: string | null): Promise<string | null> {
    for (const view of ['mine', 'waiting'] as const) {
      const page = await api('GET /v1/conversations', { query: { view, status: 'open', limit: 5 } }).catch(() => null)
      const next = page?.items.find(({ id, waiting_since: since, handled_by: by }) => id !== except && (since !== null || by === 'queue'))
      if (next) return next.id
    }
    return null
  }

  return (action) => {
    const { open } = inbox
    if (action === 'previous') step(-1)
    else if (action === 'next') step(1)
    else if (action === 'send_next') void sendAndNext()
    else if (action === 'take_over') void (open && open.status === 'open' && takeOver(open))
    else if (action === 'hand_back') void (open?.handled_by === 'agent' && handBack(open))
    else if (action === 'close') void (open && closeSoon(open))
    else if (action === 'note') screen.pane()?.toggleNote()
    else if (action === 'attach') screen.pane()?.attach()
    else if (action === 'contact') screen.togglePanel()
    else if (action === 'search') screen.focusSearch()
    else if (action === 'palette') screen.showPalette()
    else if (action === 'help') screen.showHelp()
  }
}
