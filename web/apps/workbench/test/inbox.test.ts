import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'

import { useInbox } from '@/features/conversations/inbox'
import { makeConversation } from './make'

const queued = (id: string, since: string): ReturnType<typeof makeConversation> =>
  makeConversation(id, { handled_by: 'queue', waiting_since: since, queued_at: since })

describe('the live list', () => {
  beforeEach(() => {
    localStorage.clear()
    localStorage.setItem('yingke.inbox.view', 'waiting')
    setActivePinia(createPinia())
  })

  it('takes events in by conversation and sorts them', () => {
    const inbox = useInbox()
    inbox.apply([queued('late', '2026-11-20T08:10:00Z'), queued('early', '2026-11-20T08:00:00Z')])
    expect(inbox.order).toEqual(['early', 'late'])
  })

  it('is the same whether an event arrives once or twice', () => {
    const inbox = useInbox()
    const state = queued('1', '2026-11-20T08:00:00Z')
    inbox.apply([state])
    inbox.apply([state])
    expect(inbox.order).toEqual(['1'])
  })

  it('freezes while somebody points at it and collects what is new', () => {
    const inbox = useInbox()
    inbox.apply([queued('b', '2026-11-20T08:10:00Z')])
    inbox.freeze('pointer')
    inbox.apply([queued('a', '2026-11-20T08:00:00Z')])
    expect(inbox.order).toEqual(['b'])
    expect([...inbox.pending]).toEqual(['a'])
    inbox.release('pointer')
    expect(inbox.order).toEqual(['a', 'b'])
    expect(inbox.pending.size).toBe(0)
  })

  it('stays frozen until the last reason is gone', () => {
    const inbox = useInbox()
    inbox.freeze('pointer')
    inbox.freeze('keys')
    inbox.apply([queued('a', '2026-11-20T08:00:00Z')])
    inbox.release('pointer')
    expect(inbox.order).toEqual([])
    inbox.release('keys')
    expect(inbox.order).toEqual(['a'])
  })

  it('lets a taken conversation leave the list unless it is open', () => {
    const inbox = useInbox()
    inbox.apply([queued('a', '2026-11-20T08:00:00Z'), queued('b', '2026-11-20T08:01:00Z')])
    const taken = { handled_by: 'agent' as const, agent: { id: 'x', work_name: '小李', avatar_url: null }, generation: 2 }
    inbox.openId = 'a'
    inbox.apply([makeConversation('a', taken), makeConversation('b', taken)])
    expect(inbox.order).toEqual(['a'])
    inbox.openId = null
    inbox.settle()
    expect(inbox.order).toEqual([])
  })

  it('undoes an optimistic change only while nothing newer has come', () => {
    const inbox = useInbox()
    inbox.apply([queued('a', '2026-11-20T08:00:00Z')])
    const undo = inbox.patch('a', { handled_by: 'agent' })
    expect(inbox.known.get('a')?.handled_by).toBe('agent')
    undo()
    expect(inbox.known.get('a')?.handled_by).toBe('queue')
    const late = inbox.patch('a', { handled_by: 'agent' })
    inbox.apply([makeConversation('a', { generation: 5, handled_by: 'assistant' })])
    late()
    expect(inbox.known.get('a')?.handled_by).toBe('assistant')
  })

  it('takes five thousand conversations and then one event well under a frame', () => {
    const inbox = useInbox()
    const all = Array.from({ length: 5000 }, (_, at) => queued(`q${at}`, new Date(1.79e12 + at * 1000).toISOString()))
    inbox.apply(all.slice(0, 10))
    for (const conversation of all) (inbox.known as Map<string, unknown>).set(conversation.id, conversation)
    inbox.settle()
    expect(inbox.order.length).toBe(5000)
    const start = performance.now()
    for (let at = 0; at < 20; at++) inbox.apply([{ ...queued(`q${at * 40}`, '2026-11-20T08:00:00Z'), last_seq: 2 }])
    expect((performance.now() - start) / 20).toBeLessThan(16)
  })
})
