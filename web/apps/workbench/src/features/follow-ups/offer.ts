import type { Answer, Message } from '@yingke/api'
import { shallowRef } from 'vue'
import { api } from '@/api'

export interface Offer {
  conversationId: string
  messageId: string
  proposal: Answer<'POST /v1/follow-ups/proposal'>
}

/** What I just promised a customer and have not noted yet. */
export const offer = shallowRef<Offer | null>(null)
/** Goes up when items may have changed, for the lists on screen. */
export const changes = shallowRef(0)

/** Called after a message of mine was stored: offers to note what it promises. */
export async function offerFollowUp(conversationId: string, message: Message): Promise<void> {
  if (message.type !== 'text' || !message.text) return
  try {
    const proposal = await api('POST /v1/follow-ups/proposal', { body: { text: message.text } })
    if (proposal.is_promise) offer.value = { conversationId, messageId: message.id, proposal }
    else if (offer.value?.conversationId === conversationId) offer.value = null
  } catch {
    // An offer that does not come costs nothing: the message has its own button.
  }
}

export async function keepOffer(given: Offer): Promise<void> {
  await api('POST /v1/follow-ups', {
    body: {
      conversation_id: given.conversationId,
      message_id: given.messageId,
      title: given.proposal.title,
      kind: given.proposal.kind,
      due_at: given.proposal.due_at ?? null,
    },
  })
  changes.value += 1
}
