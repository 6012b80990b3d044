import type { Answer } from '@yingke/api'

export type RuleView = NonNullable<Answer<'GET /v1/rules'>['draft']>['rules'][number]
export type Rule = RuleView['rule']
export type Condition = Rule['conditions'][number]
export type ConditionType = Condition['type']
export type RuleList = NonNullable<Answer<'GET /v1/rules'>['live']>
export type Trial = Answer<'GET /v1/rules/trials/{id}'>
export type RuleSet = Answer<'GET /v1/rules/sets'>[number]

export const acts = ['hand_over', 'answer_then_hand_over', 'let_answer'] as const
export const moods = ['satisfied', 'calm', 'anxious', 'disappointed', 'angry'] as const
export const outcomes = ['request_refused', 'no_tries_left', 'wrong', 'shop_down', 'not_found', 'too_late', 'no_seven_days']
export const languages = ['zh', 'zh-Hant', 'en', 'ja', 'ko', 'es', 'fr', 'de', 'ru', 'th']

/** What a condition begins as when it is added. */
const fresh: Record<ConditionType, () => Condition> = {
  says: () => ({ type: 'says', words: [] }),
  intends: () => ({ type: 'intends', intents: [] }),
  feels: () => ({ type: 'feels', moods: ['angry'], got_worse: false }),
  unsure: () => ({ type: 'unsure', below: 0.6 }),
  is_level: () => ({ type: 'is_level', levels: [] }),
  order_worth: () => ({ type: 'order_worth', from_minor: 100_000 }),
  in_shop: () => ({ type: 'in_shop', shop_ids: [] }),
  on_channel: () => ({ type: 'on_channel', channels: ['website'] }),
  at_time: () => ({ type: 'at_time', hours: 'closed', days: [] }),
  failed: () => ({ type: 'failed', turns: 2 }),
  tool_said: () => ({ type: 'tool_said', outcomes: ['request_refused'] }),
  messages_from: () => ({ type: 'messages_from', count: 6 }),
  writes: () => ({ type: 'writes', languages: ['en'] }),
}

export const conditionTypes = Object.keys(fresh) as ConditionType[]
export const newCondition = (type: ConditionType): Condition => fresh[type]()

export function newRule(): Rule {
  const id = [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(36).padStart(2, '0')).join('')
  return { id: id.slice(0, 10), name: '', conditions: [newCondition('says')], match: 'all', act: 'hand_over', is_on: true }
}

/** True when nothing is left to fill in. */
export function isWhole(condition: Condition): boolean {
  switch (condition.type) {
    case 'says':
      return condition.words.length > 0
    case 'intends':
      return condition.intents.length > 0
    case 'feels':
      return !!condition.moods?.length || !!condition.got_worse
    case 'is_level':
      return condition.levels.length > 0
    case 'in_shop':
      return condition.shop_ids.length > 0
    case 'on_channel':
      return condition.channels.length > 0
    case 'at_time':
      return !!condition.hours || !!condition.days?.length || (!!condition.start && !!condition.end)
    case 'tool_said':
      return condition.outcomes.length > 0
    case 'writes':
      return condition.languages.length > 0
    default:
      return true
  }
}
