import type { Conversation } from '@yingke/api'
import { describe, expect, it } from 'vitest'

import { belongs, isOlder, placeId, sortIds, type Scope } from '@/features/conversations/inbox-order'
import { makeConversation } from './make'

const NOW = Date.parse('2026-11-20T09:00:00Z')
const ME = { id: 'a1', work_name: '小林', avatar_url: null }
const scope: Scope = { view: 'mine', status: 'open', shopId: '', agentId: 'a1' }

function mapOf(...all: Conversation[]): Map<string, Conversation> {
  return new Map(all.map((one) => [one.id, one]))
}

describe('the order of the list', () => {
  it('puts the longest wait first and lets answered ones sink', () => {
    const known = mapOf(
      makeConversation('answered', { last_message_at: '2026-11-20T08:59:00Z' }),
      makeConversation('short', { waiting_since: '2026-11-20T08:58:00Z' }),
      makeConversation('long', { waiting_since: '2026-11-20T08:50:00Z' }),
    )
    expect(sortIds(known.keys(), known, 'mine', null)).toEqual(['long', 'short', 'answered'])
  })

  it('puts the newest word first in the list of all', () => {
    const known = mapOf(
      makeConversation('old', { last_message_at: '2026-11-20T08:00:00Z' }),
      makeConversation('new', { last_message_at: '2026-11-20T08:30:00Z' }),
    )
    expect(sortIds(known.keys(), known, 'all', null)).toEqual(['new', 'old'])
  })

  it('never moves the open row', () => {
    const known = mapOf(
      makeConversation('open', { waiting_since: '2026-11-20T08:10:00Z' }),
      makeConversation('b', { waiting_since: '2026-11-20T08:50:00Z' }),
      makeConversation('c', { waiting_since: '2026-11-20T08:55:00Z' }),
    )
    expect(sortIds(known.keys(), known, 'mine', { id: 'open', index: 2 })).toEqual(['b', 'c', 'open'])
  })

  it('places one changed row as a full sort would', () => {
    const all = Array.from({ length: 200 }, (_, at) =>
      makeConversation(`x${at}`, { waiting_since: new Date(NOW - ((at * 7919) % 200) * 1000).toISOString() }),
    )
    const known = mapOf(...all)
    let order: string[] = []
    for (const { id } of all) order = placeId(order, id, known, 'mine')
    expect(order).toEqual(sortIds(known.keys(), known, 'mine', null))
  })
})

describe('what belongs into a list', () => {
  it('shows me only what I hold', () => {
    expect(belongs(makeConversation('1', { handled_by: 'agent', agent: ME }), scope, NOW)).toBe(true)
    expect(belongs(makeConversation('2', { handled_by: 'agent', agent: { ...ME, id: 'a2' } }), scope, NOW)).toBe(false)
  })

  it('gives the assistant fifteen seconds before a customer counts as waiting for a person', () => {
    const waiting: Scope = { ...scope, view: 'waiting' }
    expect(belongs(makeConversation('1', { waiting_since: '2026-11-20T08:59:50Z' }), waiting, NOW)).toBe(false)
    expect(belongs(makeConversation('2', { waiting_since: '2026-11-20T08:59:40Z' }), waiting, NOW)).toBe(true)
    expect(belongs(makeConversation('3', { handled_by: 'queue' }), waiting, NOW)).toBe(true)
  })

  it('keeps shops and closed conversations apart', () => {
    const all: Scope = { ...scope, view: 'all', shopId: 's2' }
    expect(belongs(makeConversation('1'), all, NOW)).toBe(false)
    expect(belongs(makeConversation('2', { shop_id: 's2', status: 'closed' }), all, NOW)).toBe(false)
    expect(belongs(makeConversation('3', { shop_id: 's2' }), all, NOW)).toBe(true)
  })

  it('knows a state that is older than the one held', () => {
    const held = makeConversation('1', { generation: 3, last_seq: 9 })
    expect(isOlder(makeConversation('1', { generation: 2, last_seq: 10 }), held)).toBe(true)
    expect(isOlder(makeConversation('1', { generation: 3, last_seq: 8 }), held)).toBe(true)
    expect(isOlder(makeConversation('1', { generation: 4, last_seq: 9 }), held)).toBe(false)
    expect(isOlder(makeConversation('1'), undefined)).toBe(false)
  })
})
