import type { Answer } from '@yingke/api'
import { t } from '@yingke/i18n'
import { reasonName as nameOf } from '../conversations/system-text'

export type Teamwork = Answer<'GET /v1/teamwork'>
export type Figure = Teamwork['figures'][number]
export type Reason = Teamwork['reasons'][number]

/** What one conversation can have come to, in the order of the bar. */
export const fates = ['confirmed', 'assumed', 'returned', 'not_helped', 'person'] as const

/** Why a person was needed. */
export function reasonName(reason: string): string {
  if (reason === 'taken_over') return t('today.reason_taken_over')
  if (!reason) return t('today.reason_unknown')
  return nameOf(reason)
}
