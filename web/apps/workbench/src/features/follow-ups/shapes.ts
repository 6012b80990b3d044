import type { Answer } from '@yingke/api'
import { t } from '@yingke/i18n'
import { dayNumber, wallOf, zoneOption } from '@/theme/zone'

export type FollowUp = Answer<'GET /v1/follow-ups'>['items'][number]
export type Detail = Answer<'GET /v1/follow-ups/{follow_up_id}'>
export const states = ['open', 'doing', 'waiting', 'done', 'dropped'] as const
export const kinds = ['lead', 'reply', 'call_back', 'check', 'reship', 'refund', 'compensation', 'repair', 'invoice', 'other'] as const
export const stateTones = { open: 'primary', doing: 'primary', waiting: 'warning', done: 'success', dropped: 'info' } as const

/** 「今天 18:00」 in the agent's zone: the day only when it is another one. */
export function dueText(due: string | null | undefined, language: string, now = new Date()): string {
  if (!due) return t('follow-ups.no_due')
  const moment = new Date(due)
  const clock = moment.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zoneOption() })
  const days = dayNumber(moment) - dayNumber(now)
  if (Math.abs(days) <= 1) return `${new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(days, 'day')} ${clock}`
  const sameYear = wallOf(moment).slice(0, 4) === wallOf(now).slice(0, 4)
  return `${moment.toLocaleDateString(language, { month: 'numeric', day: 'numeric', timeZone: zoneOption(), ...(sameYear ? {} : { year: 'numeric' }) })} ${clock}`
}

export function customerName(item: FollowUp): string {
  return item.contact_name || t('follow-ups.visitor', { n: item.contact_number })
}

/** The strongest reasons, in words. */
export function reasonText(reasons: string[], most = 3): string {
  return reasons
    .slice(0, most)
    .map((reason) => t(`follow-ups.reason_${reason}`))
    .map((words, place) => (place ? words.charAt(0).toLowerCase() + words.slice(1) : words))
    .join(t('follow-ups.reason_join'))
}
