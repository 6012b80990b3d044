import type { Answer } from '@yingke/api'
import { t } from '@yingke/i18n'
import './fields.css'

export type PastImport = Answer<'GET /v1/knowledge/past/imports/{id}'>
export type Look = Answer<'POST /v1/knowledge/past/imports/{id}/preview'>
export type Mapping = Required<Look['used']>
export type Sender = Mapping['other_senders']
export type Baseline = Answer<'GET /v1/knowledge/past/baseline'>
export type Pace = Baseline['pace']
export type Topic = Answer<'GET /v1/knowledge/past/topics'>['items'][number]
export type PastTalk = Answer<'GET /v1/knowledge/past/conversations'>['items'][number]
export type ShadowRun = Answer<'GET /v1/shadow/runs/{id}'>
export type ShadowCase = Answer<'GET /v1/shadow/runs/{id}/cases'>['items'][number]
export type Outcome = ShadowCase['outcome']
export type Verdict = NonNullable<ShadowCase['verdict']>

export const meanings = ['conversation', 'time', 'sender', 'text', 'reply', 'agent', 'customer'] as const
export const senders: Sender[] = ['contact', 'agent', 'assistant', 'system', 'skip']
export const outcomes: Outcome[] = ['same', 'answered', 'different', 'unknown', 'handed_off']
export const running = ['queued', 'reading', 'learning', 'leaving']

/** Which past conversations a number stands for. */
export interface Behind {
  title: string
  query: {
    import_id?: string
    topic_id?: string
    day?: string
    weekday?: number
    hour?: number
    agent?: string
    without_person?: boolean
    order?: 'newest' | 'slowest_reply' | 'longest'
  }
}

/** 75 → "1 分 15 秒". */
export function showSeconds(seconds: number | null): string {
  if (seconds === null) return t('knowledge_past.no_value')
  const whole = Math.round(seconds)
  if (whole < 60) return t('knowledge_past.seconds', { n: whole })
  if (whole < 3600) {
    const rest = whole % 60
    return rest
      ? t('knowledge_past.minutes_seconds', { m: Math.floor(whole / 60), s: rest })
      : t('knowledge_past.minutes', { m: whole / 60 })
  }
  const minutes = Math.round((whole % 3600) / 60)
  return t('knowledge_past.hours_minutes', { h: Math.floor(whole / 3600), m: minutes })
}

export function showShare(share: number | null, language: string): string {
  if (share === null) return t('knowledge_past.no_value')
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share)
}

export function showNumber(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}

/** Whole percents that add up to 100: the largest remainders get the missing ones. */
export function wholePercents(counts: number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (!total) return counts.map(() => 0)
  const exact = counts.map((count) => (100 * count) / total)
  const percents = exact.map(Math.floor)
  const order = exact.map((value, at) => ({ at, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest)
  let missing = 100 - percents.reduce((sum, value) => sum + value, 0)
  for (const { at } of order) {
    if (missing-- <= 0) break
    percents[at] = (percents[at] ?? 0) + 1
  }
  return percents
}

/** 1 = Monday, in the reader's language. */
export function weekdayName(weekday: number, language: string): string {
  // 2024-01-01 was a Monday.
  return new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, weekday))
}
