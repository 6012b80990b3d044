import { describe, expect, it } from 'vitest'

import { findTrigger, matchReplies } from '@/features/conversations/saved-replies'

const reply = (id: string, title: string, initials: string, text = ''): Parameters<typeof matchReplies>[0][number] => ({
  id, folder: '', title, text, is_shared: true, initials, updated_at: '2026-11-20T08:00:00Z',
})

describe('saved replies by one key', () => {
  it('opens on all three signs at the start of a line, as Chinese keyboards give them', () => {
    for (const sign of ['/', '／', '、']) expect(findTrigger(`${sign}thh`, 4)).toEqual({ start: 0, end: 4, query: 'thh' })
    expect(findTrigger('您好\n/fh', 6)?.start).toBe(3)
  })

  it('does not open inside a sentence or behind the caret', () => {
    expect(findTrigger('苹果、香蕉', 5)).toBeNull()
    expect(findTrigger('a/b', 3)).toBeNull()
    expect(findTrigger('/thh', 0)).toBeNull()
  })

  it('finds by pinyin initials before words inside the text', () => {
    const replies = [reply('1', '发货时间', 'fhsj', '七天 thh'), reply('2', '退换货', 'thh')]
    expect(matchReplies(replies, 'thh').map(({ id }) => id)).toEqual(['2', '1'])
  })

  it('knows the other reading of a character', () => {
    expect(matchReplies([reply('1', '重量', 'zl cl')], 'cl').length).toBe(1)
  })

  it('offers at most nine, one for each number key', () => {
    expect(matchReplies(Array.from({ length: 30 }, (_, at) => reply(String(at), `话术${at}`, 'hs')), '').length).toBe(9)
  })
})
