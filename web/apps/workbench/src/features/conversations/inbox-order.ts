import type { Conversation } from '@yingke/api'

export type View = 'mine' | 'waiting' | 'all'

export interface Scope {
  view: View
  status: 'open' | 'closed'
  shopId: string
  agentId: string
}

/** The assistant is given this long before a customer it has not answered counts as waiting for a person. */
const ASSISTANT_GRACE_MILLISECONDS = 15_000
const FAR = 1e15

/** True when the conversation belongs into the list that `scope` describes. */
export function belongs(conversation: Conversation, scope: Scope, now: number): boolean {
  if (conversation.status !== scope.status) return false
  if (scope.shopId && conversation.shop_id !== scope.shopId) return false
  if (scope.view === 'mine') return conversation.handled_by === 'agent' && conversation.agent?.id === scope.agentId
  if (scope.view === 'all') return true
  if (conversation.handled_by === 'queue') return true
  if (conversation.handled_by === 'agent' && conversation.agent) return false
  return conversation.waiting_since !== null && now - Date.parse(conversation.waiting_since) > ASSISTANT_GRACE_MILLISECONDS
}

/** Smaller comes first, as the server sorts: the longest wait in 我的 and 待接管, the newest word in 全部. Answered ones sink. */
export function orderKey(conversation: Conversation, view: View): number {
  const spoken = Date.parse(conversation.last_message_at)
  if (view === 'all') return FAR - spoken
  return conversation.waiting_since ? Date.parse(conversation.waiting_since) : FAR + (FAR - spoken)
}

/** The ids in order; `pinned` (the open row) keeps the place it had in `before`. */
export function sortIds(
  ids: Iterable<string>,
  known: ReadonlyMap<string, Conversation>,
  view: View,
  pinned: { id: string; index: number } | null,
): string[] {
  const keyed: { id: string; key: number }[] = []
  let isPinnedHere = false
  for (const id of ids) {
    const conversation = known.get(id)
    if (!conversation) continue
    if (pinned && id === pinned.id) isPinnedHere = true
    else keyed.push({ id, key: orderKey(conversation, view) })
  }
  keyed.sort(byKey)
  const sorted = keyed.map(({ id }) => id)
  if (pinned && isPinnedHere) sorted.splice(Math.min(pinned.index, sorted.length), 0, pinned.id)
  return sorted
}

/** `order` with one id moved to (or put at) its place; everything else stays. */
export function placeId(
  order: readonly string[],
  id: string,
  known: ReadonlyMap<string, Conversation>,
  view: View,
): string[] {
  const conversation = known.get(id)
  if (!conversation) return [...order]
  const rest = order.filter((other) => other !== id)
  const key = orderKey(conversation, view)
  let low = 0
  let high = rest.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = known.get(rest[middle] ?? '')
    if (other && orderKey(other, view) <= key) low = middle + 1
    else high = middle
  }
  rest.splice(low, 0, id)
  return rest
}

/** An event must not undo what a newer answer of the server already told. */
export function isOlder(offered: Conversation, held: Conversation | undefined): boolean {
  if (!held) return false
  return offered.generation < held.generation || offered.last_seq < held.last_seq
}

function byKey(one: { id: string; key: number }, other: { id: string; key: number }): number {
  return one.key - other.key || (one.id < other.id ? -1 : 1)
}
