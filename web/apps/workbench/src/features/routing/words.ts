import type { Conversation } from '@yingke/api'
import { t } from '@yingke/i18n'
import { reasonName } from '../conversations/system-text'

type Facts = NonNullable<Conversation['routing']>

/** Marks that deserve a sign in the list; a mere wish for a person is what the queue is for. */
export function urgentMark(routing: Conversation['routing']): string | null {
  return routing?.marks.find((mark) => mark !== 'asked') ?? null
}

export function markName(mark: string): string {
  return t(`routing.marks.${mark}`)
}

export function intentName(intent: string): string {
  const name = t(`routing.intents.${intent}`)
  return name.endsWith(intent) ? intent : name
}

/** Of a conversation that waits for a person, readable at a glance: 「投诉 · QX-D0002 · 客户要求」; moods have their own sign. */
export function gistOf({ handled_by: handledBy, status, routing, understood, hand_off_reason: reason }: Conversation): string {
  if (handledBy !== 'queue' || status !== 'open') return ''
  const wish = understood?.intent ?? ''
  const intent = wish && !SAYS_NOTHING.includes(wish) ? intentName(wish) : ''
  // An angry face and its mark stand in the line above.
  const why = reason === 'angry' && routing?.marks.includes('angry') ? '' : reasonName(reason)
  return [intent, routing?.order ?? '', why === intent ? '' : why].filter(Boolean).join(' · ')
}

const SAYS_NOTHING = ['contact_human', 'provide_info', 'chitchat_ack']

/** Why a conversation is where it is, in one line: 「VIP · 退换货 · 售后组 · 手上最少 3/8」. */
export function reasonLine(conversation: Conversation): string {
  const { routing, handled_by: handledBy, status } = conversation
  if (!routing || status === 'closed' || handledBy === 'assistant') return ''
  return [...what(routing), routing.group, handledBy === 'queue' ? waiting(routing) : how(routing)].filter(Boolean).join(' · ')
}

function what(routing: Facts): string[] {
  const marks = routing.marks.filter((mark, at) => mark !== 'asked' || at === 0).map(markName)
  return routing.intent && !marks.includes(intentName(routing.intent)) ? [...marks, intentName(routing.intent)] : marks
}

function how({ by, has, most, source }: Facts): string {
  if (by === 'push') {
    const helps = source === 'group' || !source ? '' : t(`routing.source_${source}`)
    return [helps, t('routing.fewest', { has: has ?? 0, most: most ?? 0 })].filter(Boolean).join(' · ')
  }
  return by === 'next' || by === 'transfer' ? t(`routing.by_${by}`) : ''
}

function waiting({ overflow }: Facts): string {
  return overflow ? t(`routing.overflowed_${overflow}`) : ''
}
