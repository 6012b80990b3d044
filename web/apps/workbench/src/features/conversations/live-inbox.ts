import type { Conversation } from '@yingke/api'

import { useLive } from '@/stores/live'
import { useInbox } from './inbox'

const TIDY_EVERY_MILLISECONDS = 5000

/** Feeds the list from the stream: events of one frame are applied together; `resync` fetches anew. */
export function connectInbox(): () => void {
  const inbox = useInbox()
  const live = useLive()
  const waiting = new Map<string, Conversation>()
  let timer = 0

  function flush(): void {
    timer = 0
    const states = [...waiting.values()]
    waiting.clear()
    inbox.apply(states)
  }

  const ends = [
    live.on('event', ({ conversation }) => {
      if (!conversation) return
      waiting.set(conversation.id, conversation)
      timer ||= window.setTimeout(flush, 32)
    }),
    live.on('resync', () => void inbox.reload()),
  ]
  const tidy = window.setInterval(() => inbox.view === 'waiting' && inbox.tidy(), TIDY_EVERY_MILLISECONDS)
  return () => {
    ends.forEach((end) => end())
    window.clearTimeout(timer)
    window.clearInterval(tidy)
  }
}
