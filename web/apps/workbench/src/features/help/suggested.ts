import type { Message } from '@yingke/api'

import { api } from '@/api'
import { insertion } from '../conversations/saved-replies'
import type { Suggestion } from './shapes'

/** The suggestion last put into a composer and not sent yet: conversation → use. */
const pending = new Map<string, Promise<string>>()

/** Puts a suggestion into the composer, never sends it; what was taken is recorded. */
export function insertSuggestion(conversationId: string, throughSeq: number, position: number, item: Suggestion): void {
  insertion.value = { conversationId, text: item.text }
  const use = api('POST /v1/conversations/{conversation_id}/suggestion-uses', {
    path: { conversation_id: conversationId },
    body: { through_seq: throughSeq, position, kind: item.kind, source: item.source.slice(0, 200), is_internal: item.is_internal, text: item.text.slice(0, 4000) },
  }).then(({ id }) => id)
  pending.set(conversationId, use)
  use.catch(() => pending.delete(conversationId))
}

/** Called after a message of mine was stored: how much of the suggestion is left in it. */
export async function tellSuggestionSent(conversationId: string, message: Message): Promise<void> {
  const use = pending.get(conversationId)
  if (!use || message.type !== 'text') return
  pending.delete(conversationId)
  try {
    const path = { conversation_id: conversationId, use_id: await use }
    await api('PUT /v1/conversations/{conversation_id}/suggestion-uses/{use_id}/message', { path, body: { message_id: message.id } })
  } catch {
    // A record for learning: the message itself is sent.
  }
}
