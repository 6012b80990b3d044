import type { Answer, BodyOf } from '@yingke/api'

export type OwnTool = Answer<'GET /v1/own-tools'>['items'][number]
export type Version = Answer<'GET /v1/own-tools/{id}/versions'>['items'][number]
export type Tried = Answer<'POST /v1/own-tools/try'>
export type Config = BodyOf<'POST /v1/own-tools'>['config']
export type Input = NonNullable<Config['inputs']>[number]
export type Field = NonNullable<Config['fields']>[number]
export type Line = NonNullable<Config['body']>[number]
export type Said = NonNullable<Config['answer']>

export const kinds = ['text', 'order_number', 'phone', 'product', 'number', 'date', 'choice', 'customer'] as const
export const steps = ['questions', 'inputs', 'address', 'sentence'] as const
export type Step = (typeof steps)[number]
export const LIMITS = { inputs: 5, fields: 12, headers: 8, examples: 20, body: 20 } as const

/** What the editor works on: every part there, the examples as they stand in their box. */
export interface Draft {
  name: string
  about: string
  examples: string
  shop_ids: string[]
  inputs: { key: string; kind: Input['kind']; ask: { zh: string; en: string }; shape: string; choices: string }[]
  method: 'GET' | 'POST'
  url: string
  body: { name: string; value: string }[]
  headers: { name: string; value: string; kept: boolean }[]
  timeout_ms: number
  fields: { name: string; path: string; values: string; if_empty: string }[]
  answer: { zh: string; en: string }
  nothing: { zh: string; en: string }
  on_failure: 'offer' | 'hand_off'
}

export function newDraft(): Draft {
  return {
    name: '', about: '', examples: '', shop_ids: [], inputs: [], method: 'GET', url: 'https://', body: [], headers: [], timeout_ms: 3000,
    fields: [], answer: { zh: '', en: '' }, nothing: { zh: '', en: '' }, on_failure: 'offer',
  }
}

const both = (said?: Said): { zh: string; en: string } => ({ zh: said?.zh ?? '', en: said?.en ?? '' })
const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter(Boolean)

export function draftOf(config: Config): Draft {
  return {
    name: config.name,
    about: config.about,
    examples: config.examples.join('\n'),
    shop_ids: [...(config.shop_ids ?? [])],
    inputs: (config.inputs ?? []).map((one) => ({ key: one.key, kind: one.kind, ask: both(one.ask), shape: one.shape ?? '', choices: (one.choices ?? []).join('\n') })),
    method: config.method ?? 'GET',
    url: config.url,
    body: (config.body ?? []).map((one) => ({ ...one })),
    headers: (config.headers ?? []).map((name) => ({ name, value: '', kept: true })),
    timeout_ms: config.timeout_ms ?? 3000,
    fields: (config.fields ?? []).map((one) => ({ name: one.name, path: one.path, values: wordsOf(one.values ?? {}), if_empty: one.if_empty ?? '' })),
    answer: both(config.answer),
    nothing: both(config.nothing),
    on_failure: config.on_failure ?? 'offer',
  }
}

export function configOf(draft: Draft): Config {
  return {
    name: draft.name.trim(),
    about: draft.about.trim(),
    examples: linesOf(draft.examples).slice(0, LIMITS.examples),
    shop_ids: draft.shop_ids.length ? draft.shop_ids : null,
    inputs: draft.inputs.map((one) => ({
      key: one.key.trim(), kind: one.kind, ask: one.ask, shape: one.kind === 'text' ? one.shape.trim() : '', choices: one.kind === 'choice' ? linesOf(one.choices) : [],
    })),
    method: draft.method,
    url: draft.url.trim(),
    body: draft.method === 'POST' ? draft.body.filter((one) => one.name.trim()) : [],
    headers: named(draft).map((one) => one.name.trim()),
    timeout_ms: draft.timeout_ms,
    fields: draft.fields.filter((one) => one.path).map((one) => ({ name: one.name.trim(), path: one.path, values: codesOf(one.values), if_empty: one.if_empty.trim() })),
    answer: draft.answer,
    nothing: draft.nothing,
    on_failure: draft.on_failure,
  }
}

/** Header → value; empty where the saved one stays. */
export function secretsOf(draft: Draft): Record<string, string> {
  return Object.fromEntries(named(draft).map((one) => [one.name.trim(), one.value.trim()]))
}

const named = (draft: Draft) => draft.headers.filter((one) => one.name.trim())

function wordsOf(values: Record<string, string>): string {
  return Object.entries(values).map(([code, words]) => `${code}=${words}`).join('\n')
}

/** 「IN=在保修期内」, one a line. */
function codesOf(text: string): Record<string, string> {
  const pairs = linesOf(text).map((line) => /^(.*?)[=＝](.*)$/.exec(line))
  return Object.fromEntries(pairs.filter((one) => one?.[1]?.trim() && one[2]?.trim()).map((one) => [one![1]!.trim(), one![2]!.trim()]))
}
