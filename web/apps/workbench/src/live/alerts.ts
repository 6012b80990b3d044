import type { Conversation } from '@yingke/api'
import { t } from '@yingke/i18n'

import { useLive } from '@/stores/live'
import { useMe } from '@/stores/me'
import { chime, unlockSound } from './chime'
import { notifyDesktop } from './desktop-notice'
import type { LiveFrames } from './frames'

const OVERDUE_EVERY_MILLISECONDS = 5000

/**
 * Sound and desktop notices. They speak for a customer newly waiting for a person, for one of mine past the red mark,
 * and for anything of mine while the tab is hidden; never while 免打扰 is on.
 */
export function startAlerts(): () => void {
  const me = useMe()
  const live = useLive()
  const mine = new Map<string, { since: number; warned: boolean }>()

  function tell(conversation: Conversation, urgent: boolean): void {
    if (me.settings.do_not_disturb) return
    if (me.settings.sound !== false) chime(urgent)
    if (document.hidden && me.settings.desktop_notice) {
      void notifyDesktop(nameOf(conversation), conversation.preview, conversation.id)
    }
  }

  /** Of several events of one conversation that come together only the last carries its state. */
  const untold = new Map<string, Set<string>>()

  function onEvent({ event, conversation, conversation_id: id }: LiveFrames['event']): void {
    if (!id) return
    const events = (untold.get(id) ?? new Set()).add(event)
    untold.set(id, events)
    if (!conversation) return
    untold.delete(id)
    const isMine = conversation.handled_by === 'agent' && conversation.agent?.id === me.me?.agent.id
    const since = isMine && conversation.status === 'open' && conversation.waiting_since
    if (since) mine.set(conversation.id, { since: Date.parse(since), warned: mine.get(conversation.id)?.warned ?? false })
    else mine.delete(conversation.id)
    // What is given out by itself rings for its agent alone, not for everybody on its way through the queue.
    const isNewInQueue = events.has('conversation_queued') && conversation.handled_by === 'queue'
    const isGivenToMe = events.has('conversation_assigned') && isMine
    const isSaidToMe = events.has('message_created') && conversation.last_from === 'contact' && isMine && document.hidden
    if (isNewInQueue || isGivenToMe || isSaidToMe) tell(conversation, false)
  }

  function watchOverdue(): void {
    const red = (me.me?.workspace.settings.red_seconds ?? 180) * 1000
    for (const entry of mine.values()) {
      if (entry.warned || Date.now() - entry.since < red) continue
      entry.warned = true
      if (!me.settings.do_not_disturb && me.settings.sound !== false) chime(true)
    }
  }

  const end = live.on('event', onEvent)
  const timer = window.setInterval(watchOverdue, OVERDUE_EVERY_MILLISECONDS)
  window.addEventListener('pointerdown', unlockSound, { once: true })
  window.addEventListener('keydown', unlockSound, { once: true })
  return () => {
    end()
    window.clearInterval(timer)
  }
}

function nameOf({ contact }: Conversation): string {
  return contact.name ?? t('shell.visitor', { number: contact.number })
}
