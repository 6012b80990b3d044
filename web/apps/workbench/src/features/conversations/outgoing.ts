import { ApiProblem, newKey, type Message, type UploadedFile } from '@yingke/api'
import { shallowRef } from 'vue'

import { api } from '@/api'

export interface Outgoing {
  clientMessageId: string
  /** The conversation it was typed in; never looked up again, so it cannot go anywhere else. */
  conversationId: string
  type: 'text' | 'image' | 'file'
  text?: string
  file?: UploadedFile
  /** Sent as a card; the server fills in price and stock. */
  product?: { id: string; title: string }
  /** Warned of these words, and they are meant so. */
  confirmed?: boolean
  state: 'sending' | 'failed'
  problem: string | null
  createdAt: string
}

const TRIES = 3
const WAIT_MILLISECONDS = 1200

/** What I sent and the server has not stored yet, oldest first. */
export const outgoing = shallowRef<readonly Outgoing[]>([])
const lines = new Map<string, Promise<unknown>>()

export function makeOutgoing(conversationId: string, content: Pick<Outgoing, 'type' | 'text' | 'file' | 'product' | 'confirmed'>): Outgoing {
  return {
    ...content,
    clientMessageId: newKey(),
    conversationId,
    state: 'sending',
    problem: null,
    createdAt: new Date().toISOString(),
  }
}

/**
 * Sends in the order of the calls, one at a time a conversation. Passing trouble is tried again with the same key,
 * and a browser without a network waits until it is back;
 * a refusal marks the line failed and is thrown.
 */
export function sendOutgoing(item: Outgoing): Promise<Message> {
  outgoing.value = [...outgoing.value.filter((other) => other.clientMessageId !== item.clientMessageId), item]
  const before = lines.get(item.conversationId) ?? Promise.resolve()
  const sent = before.catch(() => undefined).then(() => post(item))
  lines.set(item.conversationId, sent)
  return sent
}

export function dropOutgoing(clientMessageId: string): void {
  outgoing.value = outgoing.value.filter((item) => item.clientMessageId !== clientMessageId)
}

/** A stored message of mine arrived: its waiting copy goes. */
export function settleOutgoing(message: Message): void {
  if (message.client_message_id) dropOutgoing(message.client_message_id)
}

async function post(item: Outgoing): Promise<Message> {
  for (let attempt = 1; ; attempt++) {
    try {
      const message = await api('POST /v1/conversations/{conversation_id}/messages', {
        path: { conversation_id: item.conversationId },
        idempotencyKey: item.clientMessageId,
        body: {
          type: item.type,
          ...(item.text !== undefined && { text: item.text }),
          ...(item.file && { file_id: item.file.file_id }),
          ...(item.product && { cards: [{ kind: 'product' as const, product_id: item.product.id }] }),
          ...(item.confirmed && { confirmed: true }),
        },
      })
      dropOutgoing(item.clientMessageId)
      return message
    } catch (error) {
      if (error instanceof ApiProblem && error.isPassing && !navigator.onLine) {
        await backOnline()
        attempt = 0
        continue
      }
      if (error instanceof ApiProblem && error.isPassing && !error.isBusy && attempt < TRIES) {
        await new Promise((resolve) => window.setTimeout(resolve, (error.retryAfter ?? attempt) * WAIT_MILLISECONDS))
        continue
      }
      markFailed(item, error)
      throw error
    }
  }
}

function backOnline(): Promise<void> {
  return new Promise((resolve) => window.addEventListener('online', () => resolve(), { once: true }))
}

function markFailed(item: Outgoing, error: unknown): void {
  const problem = error instanceof Error ? error.message : String(error)
  outgoing.value = outgoing.value.map((other) =>
    other.clientMessageId === item.clientMessageId ? { ...other, state: 'failed', problem } : other,
  )
}
