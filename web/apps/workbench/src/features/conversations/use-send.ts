import { isProblem } from '@yingke/api'

import { useMe } from '@/stores/me'
import { useCounts } from '@/stores/counts'
import { readDraft, writeDraft } from './drafts'
import { tellTaken } from './acts'
import { useInbox } from './inbox'
import { offerFollowUp } from '../follow-ups/offer'
import { tellSuggestionSent } from '../help/suggested'
import { dropOutgoing, makeOutgoing, sendOutgoing, type Outgoing } from './outgoing'
import { useTalk } from './talk'

/** Sending from the composer: shows at once, takes the conversation over, gives the words back when somebody else has it. */
export function useSend(): {
  send: (conversationId: string, content: Pick<Outgoing, 'type' | 'text' | 'file' | 'product' | 'confirmed'>) => Promise<void>
  resend: (item: Outgoing) => Promise<void>
} {
  const me = useMe()
  const inbox = useInbox()
  const talk = useTalk()

  async function run(item: Outgoing): Promise<void> {
    const agent = me.me?.agent
    const held = inbox.known.get(item.conversationId)
    const takes = agent && held && held.handled_by !== 'agent'
    const undo = takes
      ? inbox.patch(item.conversationId, {
          handled_by: 'agent',
          agent: { id: agent.id, work_name: agent.work_name, avatar_url: agent.avatar_url },
        })
      : null
    try {
      const message = await sendOutgoing(item)
      talk.add(message)
      void offerFollowUp(item.conversationId, message)
      void tellSuggestionSent(item.conversationId, message)
      useCounts().refreshSoon()
    } catch (error) {
      undo?.()
      if (isProblem(error, 'taken')) tellTaken(error.body['agent'], item.conversationId)
      if (isProblem(error, 'taken') || isProblem(error, 'words_blocked') || isProblem(error, 'words_need_a_look')) giveBack(item)
    }
  }

  function giveBack(item: Outgoing): void {
    if (item.text === undefined || !me.me) return
    dropOutgoing(item.clientMessageId)
    const draft = readDraft(me.me.agent.id, item.conversationId)
    const text = draft.text ? `${item.text}\n${draft.text}` : item.text
    writeDraft(me.me.agent.id, item.conversationId, { text, isNote: false })
  }

  return {
    send: (conversationId, content) => run(makeOutgoing(conversationId, content)),
    resend: (item) => run({ ...item, ...(item.product && { confirmed: true }), state: 'sending', problem: null }),
  }
}
