import type { Conversation, Message, PresenceState } from '@yingke/api'
import type { Frame } from '@yingke/live'

/** What the agent stream sends, by type. Bodies are trusted to be what the contract says: they come from our own server. */
export interface LiveFrames {
  ready: { cursor: string | null }
  resync: object
  event: {
    cursor: string
    event: string
    created_at: string
    conversation_id?: string
    seq?: number
    data?: Record<string, unknown>
    conversation?: Conversation
  }
  message: { message: Message & { reply_id?: string } }
  reply_delta: { conversation_id: string; reply_id: string; n: number; text: string }
  reply_dropped: { conversation_id: string; reply_id: string; reason?: string }
  typing: { conversation_id: string; from: 'contact' | 'agent' | 'assistant'; agent_id?: string }
  presence: { agent_id: string; state: PresenceState | 'offline' }
}

export type FrameType = keyof LiveFrames
export type FrameHandler<T extends FrameType> = (frame: LiveFrames[T]) => void

const KNOWN: readonly string[] = ['ready', 'resync', 'event', 'message', 'reply_delta', 'reply_dropped', 'typing', 'presence']

/** Subscribers by frame type. */
export class FrameBoard {
  private readonly handlers = new Map<FrameType, Set<(frame: never) => void>>()

  on<T extends FrameType>(type: T, handler: FrameHandler<T>): () => void {
    const set = this.handlers.get(type) ?? new Set()
    this.handlers.set(type, set)
    set.add(handler)
    return () => set.delete(handler)
  }

  tell(frame: Frame): void {
    if (!KNOWN.includes(frame.type)) return
    for (const handler of this.handlers.get(frame.type as FrameType) ?? []) handler(frame as never)
  }
}
