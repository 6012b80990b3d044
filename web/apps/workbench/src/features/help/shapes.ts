import type { Answer } from '@yingke/api'
import { t } from '@yingke/i18n'

import { reasonText } from '../conversations/system-text'
import { intentName } from '../routing/words'
import { toolName } from './tool-name'

export type Summary = Answer<'GET /v1/conversations/{conversation_id}/summary'>
export type Step = Summary['next_steps'][number]
export type Suggestion = Answer<'GET /v1/conversations/{conversation_id}/suggestions'>['items'][number]
export type AgentTool = Answer<'GET /v1/assistant-tools'>[number]

/** The reason without its brackets. */
export function plainReason(reason: string | null | undefined): string {
  return reasonText(reason).trim().replace(/^[（(]|[）)]$/g, '')
}

export function moodText(summary: Summary): string {
  if (!summary.mood) return ''
  const trend = summary.trend ? t(`help.trend_${summary.trend}`) : ''
  return t('help.mood', { mood: t(`mood.${summary.mood}`) }) + trend
}

/** 「客户情绪激动 · 质量与维修 · QX-D0002 · 情绪 愤怒，在变差」. */
export function lineOf(summary: Summary): string {
  const order = summary.orders[0]?.number ?? summary.numbers[0]?.number
  return [plainReason(summary.reason), summary.intent && intentName(summary.intent), order, moodText(summary)].filter(Boolean).join(' · ')
}

export function knownOf(summary: Summary): string[] {
  const known = summary.numbers.map(({ number }) => t('help.number_said', { number }))
  known.push(...summary.collected.map(toldText))
  if (summary.level) known.push(t('help.level', { level: summary.level }))
  if (summary.has_phone) known.push(t('help.has_phone'))
  if (summary.has_email) known.push(t('help.has_email'))
  return [...known, ...summary.products.slice(0, 3).map(({ title }) => t('help.about', { title }))]
}

/** What an assistant was told: 「出了什么事：破损」. */
function toldText({ code, value }: Summary['collected'][number]): string {
  const coded = code === 'matter' || code === 'wants'
  return t(`help.told_${code}`, { value: coded ? t(`help.${code}_${value}`) : value })
}

export function triedOf(summary: Summary): string[] {
  const tried = [summary.answers ? t('help.answers', { count: summary.answers }) : t('help.no_answers')]
  if (summary.unanswered.length) tried.push(t('help.unanswered', { count: summary.unanswered.length }))
  for (const { name, outcome, times } of summary.tools.slice(0, 4)) {
    const words = t(outcome === 'ok' ? 'help.tool_ok' : 'help.tool_failed', { name: toolName(name) })
    tried.push(times > 1 ? t('help.times', { name: words, count: times }) : words)
  }
  return tried
}
