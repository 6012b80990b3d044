import type { Trace, TraceStep } from '@yingke/api'
import { t } from '@yingke/i18n'

type Ask = Trace['asks'][number]
export type Reason = Ask['why'][number]

const STEPS = ['understand', 'encode', 'search', 'decide', 'compose', 'model', 'guard', 'load']
const LANGUAGES = ['zh', 'en', 'ja', 'ko', 'es']

export function stepName(name: string): string {
  return STEPS.includes(name) ? t(`knowledge_trace.step_${name}`) : name
}

export function engineName(engine: string): string {
  return ['embedded', 'chat', 'notice'].includes(engine) ? t(`knowledge_trace.engine_${engine}`) : engine
}

export function languageName(tag: string): string {
  if (tag === 'zh-Hant') return t('knowledge_trace.lang_zh_hant')
  return t(`knowledge_trace.lang_${LANGUAGES.includes(tag) ? tag : 'other'}`)
}

const STEPS_DOWN = ['budget', 'visitor', 'crowd'] as const
const CAUSES: [RegExp, string][] = [
  [/^breaker_open/, 'breaker'],
  [/^(?:first_token|total|stalled)/, 'slow'],
  [/^(?:language|excuse|raw|human|too_long|too_large|empty)/, 'answer'],
  [/quota|balance|credit|^402/, 'balance'],
  [/^40[13]/, 'key'],
  [/^(?:queue|429|503|529)/, 'busy'],
  [/^4\d\d/, 'request'],
  [/^tool_/, 'tools'],
]

/** A label of the decision; where a model did not answer, why, with what it said in brackets. */
export function labelText(label: string): string {
  const spent = STEPS_DOWN.find((name) => label === `model_${name}` || label === name)
  if (spent) return t(`knowledge_trace.down_${spent}`)
  if (!label.startsWith('model_failed:')) return label
  const cause = label.slice('model_failed:'.length)
  const name = CAUSES.find(([pattern]) => pattern.test(cause))?.[1] ?? 'broken'
  return `${t(`knowledge_trace.down_${name}`)} (${cause})`
}

/** One reason as a sentence; shares as whole per cent. */
export function reasonText(reason: Reason, line: number | null): string {
  const value = percent(reason.value)
  if (reason.code === 'line') {
    const name = reason.speaks_for ? 'line_over' : 'line_under'
    return t(`knowledge_trace.why_${name}`, { value, line: percent(line ?? 0.5) })
  }
  const words = (reason.words ?? []).map((word) => `「${word}」`).join('')
  return t(`knowledge_trace.why_${reason.code}`, { value, words })
}

export function percent(share: number): string {
  return `${Math.round(share * 100)}%`
}

/** What else a step tells, in one line: numbers and short words only. */
export function stepDetail(step: TraceStep): string {
  return Object.entries(step)
    .filter(([key, value]) => key !== 'name' && key !== 'milliseconds' && (typeof value === 'number' || typeof value === 'string'))
    .map(([key, value]) =>
      key === 'instructions' ? t('knowledge_trace.instructions', { n: String(value) }) : `${key} ${String(value)}`,
    )
    .join(' · ')
}

/** A day of the calendar as an RFC 3339 moment in the reader's own time zone, at noon so that a promotion of that day holds. */
export function momentOf(day: string): string {
  const noon = new Date(`${day}T12:00:00`)
  return noon.toISOString()
}
