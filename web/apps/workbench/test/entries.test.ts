import { describe, expect, it } from 'vitest'

import { buildEntries, type Log } from '@/features/conversations/entries'
import { makeMessage } from './make'

const log = (change: Partial<Log>): Log => ({
  messages: [], notes: [], outgoing: [], replies: [], unfolded: new Set(), folds: true, ...change,
})
const system = { from: 'system' as const, type: 'system', text: undefined, system: { code: 'handed_back' } }

describe('the log', () => {
  it('merges system messages that follow each other', () => {
    const entries = buildEntries(log({ messages: [makeMessage(1), makeMessage(2, system), makeMessage(3, system), makeMessage(4)] }))
    expect(entries.map(({ kind }) => kind)).toEqual(['day', 'message', 'system', 'message'])
  })

  it('shows a note after the message it was written at', () => {
    const note = { id: 'n1', agent: { id: 'a', work_name: '小林', avatar_url: null }, after_seq: 1, text: '急', created_at: '' }
    const entries = buildEntries(log({ messages: [makeMessage(1), makeMessage(2)], notes: [note] }))
    expect(entries.map(({ kind }) => kind)).toEqual(['day', 'message', 'note', 'message'])
  })

  it('folds many AI turns before a person came in and opens them again', () => {
    const turns = Array.from({ length: 5 }, (_, at) => [
      makeMessage(at * 2 + 1),
      makeMessage(at * 2 + 2, { from: 'assistant' }),
    ]).flat()
    const messages = [...turns, makeMessage(11, system), makeMessage(12, { from: 'agent' })]
    const entries = buildEntries(log({ messages }))
    const fold = entries.find((entry) => entry.kind === 'fold')
    expect(fold?.kind === 'fold' && fold.turns).toBe(4)
    const opened = buildEntries(log({ messages, unfolded: new Set([fold?.key ?? '']) }))
    expect(opened.filter(({ kind }) => kind === 'message').length).toBe(11)
    expect(buildEntries(log({ messages, folds: false })).some(({ kind }) => kind === 'fold')).toBe(false)
  })

  it('begins a line for every day', () => {
    const messages = [makeMessage(1, { created_at: '2026-11-18T08:00:00Z' }), makeMessage(2, { created_at: '2026-11-20T08:00:00Z' })]
    expect(buildEntries(log({ messages })).filter(({ kind }) => kind === 'day').length).toBe(2)
  })
})
