import type { Conversation, Message } from '@yingke/api'

export function makeConversation(id: string, change: Partial<Conversation> = {}): Conversation {
  return {
    id,
    shop_id: 's1',
    channel: 'website',
    status: 'open',
    handled_by: 'assistant',
    generation: 1,
    agent: null,
    contact: { id: `c${id}`, name: null, number: 1000, level: null, is_verified: false, time_zone: null },
    last_seq: 1,
    contact_messages: 1,
    unread: 0,
    waiting_since: null,
    queued_at: null,
    routing: null,
    understood: null,
    hand_off_reason: null,
    last_message_at: '2026-11-20T08:00:00Z',
    preview: '',
    last_from: 'contact',
    language: 'zh-CN',
    subject: {},
    created_at: '2026-11-20T08:00:00Z',
    closed_at: null,
    rating: null,
    ...change,
  }
}

export function makeMessage(seq: number, change: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    conversation_id: '1',
    seq,
    from: 'contact',
    kind: 'direct',
    type: 'text',
    text: `text ${seq}`,
    delivery: { state: 'sent' },
    created_at: `2026-11-20T08:00:${String(seq % 60).padStart(2, '0')}Z`,
    ...change,
  }
}
