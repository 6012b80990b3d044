import type { TraceStep } from '@yingke/api'
import { t } from '@yingke/i18n'

const STEPS = ['understand', 'encode', 'lexical', 'vector', 'search', 'fuse', 'rank', 'decide', 'compose', 'model', 'guard', 'write']

export function stepName(name: string): string {
  return STEPS.includes(name) ? t(`conversations.step_${name}`) : name
}

const SIGNALS = [
  'vector', 'words', 'characters', 'name', 'covered', 'concepts', 'lacking', 'echo', 'titled', 'other_thing', 'other_code', 'range', 'pair',
]

/** What spoke for or against answering: `words=0.25` in the reader's language; signals of nought say nothing and go. */
export function reasonLines(reasons: readonly string[]): string[] {
  return reasons.flatMap((reason) => {
    const [name = '', value] = reason.split('=')
    if (value === undefined || !SIGNALS.includes(name)) return [reason]
    return Number(value) === 0 ? [] : [`${t(`conversations.signal_${name}`)} ${value}`]
  })
}

export function engineName(engine: string): string {
  return ['embedded', 'chat', 'notice'].includes(engine) ? t(`conversations.engine_${engine}`) : engine
}

/** What else a step tells, in one line: numbers and short words only. */
export function stepDetail(step: TraceStep): string {
  return Object.entries(step)
    .filter(([key, value]) => key !== 'name' && key !== 'milliseconds' && (typeof value === 'number' || typeof value === 'string'))
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(' · ')
}

export function understoodText(understood: unknown): string {
  if (typeof understood === 'string') return understood
  if (Array.isArray(understood)) return understood.filter((part) => typeof part === 'string').join(' / ')
  if (typeof understood !== 'object' || understood === null) return ''
  return Object.entries(understood)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(' · ')
}
