import { useQuery, useQueryClient, type UseQueryReturnType } from '@tanstack/vue-query'
import type { SavedReply } from '@yingke/api'
import { shallowRef } from 'vue'

import { api } from '@/api'

const KEY = ['saved-replies']

export function useSavedReplies(): UseQueryReturnType<SavedReply[], Error> {
  return useQuery({
    queryKey: KEY,
    staleTime: 300_000,
    queryFn: async () => (await api('GET /v1/saved-replies')).items,
  })
}

export function useRefreshSavedReplies(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: KEY })
}

export interface Trigger {
  /** Where the sign stands in the text. */
  start: number
  end: number
  query: string
}

/** `/`, `／` or `、` at the start of the line the caret is in, and what follows up to the caret. */
export function findTrigger(text: string, caret: number): Trigger | null {
  const start = text.lastIndexOf('\n', caret - 1) + 1
  if (!/^[/／、]/.test(text.slice(start, caret))) return null
  const query = text.slice(start + 1, caret)
  return query.length <= 24 ? { start, end: caret, query: query.trim().toLowerCase() } : null
}

/** Initials first, then titles, then words inside; at most nine, one for each number key. */
export function matchReplies(replies: readonly SavedReply[], query: string): SavedReply[] {
  if (!query) return replies.slice(0, 9)
  const scored = replies.flatMap((reply) => {
    const score = scoreOf(reply, query)
    return score ? [{ reply, score }] : []
  })
  return scored.sort((one, other) => other.score - one.score).slice(0, 9).map(({ reply }) => reply)
}

function scoreOf(reply: SavedReply, query: string): number {
  const names = [...reply.initials.toLowerCase().split(' '), reply.title.toLowerCase()]
  if (names.includes(query)) return 5
  if (names.some((name) => name.startsWith(query))) return 4
  if (names.some((name) => name.includes(query))) return 3
  if (reply.folder.toLowerCase().includes(query)) return 2
  return reply.text.toLowerCase().includes(query) ? 1 : 0
}

/** Words that a panel puts into the composer of one conversation. */
export const insertion = shallowRef<{ conversationId: string; text: string } | null>(null)
