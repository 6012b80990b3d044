import type { Language, Shop } from '@yingke/api'

export interface Span {
  from: string
  to: string
}

export interface ExceptionDay {
  date: string
  isClosed: boolean
  from: string
  to: string
  note: string
}

/** A shop as the form holds it: every field present, lists as lines of text, hours by weekday. */
export interface ShopDraft {
  name: string
  domains: string
  languages: Language[]
  greeting: Record<Language, string>
  questions: Record<Language, string>
  privacy: { version: string; url: string; text: Record<Language, string> }
  hours: { isAlways: boolean; timeZone: string; week: Span[][]; exceptions: ExceptionDay[] }
  look: {
    color: string
    position: 'left' | 'right'
    offset_x: number
    offset_y: number
    z_index: number
    title: string
  }
  assistant: { name: string; enabled: boolean }
  reopen_hours: number
  all_agents: boolean
  agent_ids: string[]
}

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
export const defaultSpan: Span = { from: '09:00', to: '22:00' }
export const brandColor = '#0f5fd6'

export function readDraft(shop: Shop): ShopDraft {
  const both = (text: Shop['greeting'] | undefined): Record<Language, string> => ({
    'zh-CN': text?.['zh-CN'] ?? '',
    en: text?.en ?? '',
  })
  const days = shop.hours.days ?? []
  return {
    name: shop.name,
    domains: shop.domains.join('\n'),
    languages: shop.languages,
    greeting: both(shop.greeting),
    questions: {
      'zh-CN': (shop.suggested_questions['zh-CN'] ?? []).join('\n'),
      en: (shop.suggested_questions.en ?? []).join('\n'),
    },
    privacy: { version: shop.privacy.version ?? '', url: shop.privacy.url ?? '', text: both(shop.privacy.text) },
    hours: {
      isAlways: days.length === 0,
      timeZone: shop.hours.time_zone ?? '',
      week: weekdays.map((day) => days.filter((one) => one.day === day).map(({ from, to }) => ({ from, to }))),
      exceptions: (shop.hours.exceptions ?? []).map((one) => ({
        date: one.date,
        isClosed: !one.from || !one.to,
        from: one.from ?? defaultSpan.from,
        to: one.to ?? defaultSpan.to,
        note: one.note ?? '',
      })),
    },
    look: {
      color: shop.look.color ?? brandColor,
      position: shop.look.position === 'left' ? 'left' : 'right',
      offset_x: shop.look.offset_x ?? 24,
      offset_y: shop.look.offset_y ?? 24,
      z_index: shop.look.z_index ?? 2147483000,
      title: shop.look.title ?? '',
    },
    assistant: { name: shop.assistant.name ?? '', enabled: shop.assistant.enabled ?? true },
    reopen_hours: shop.reopen_hours,
    all_agents: shop.all_agents,
    agent_ids: shop.agent_ids,
  }
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** What is sent; keys of the shop that the form does not know (a logo, an avatar) are kept. */
export function writeDraft(shop: Shop, draft: ShopDraft): Partial<Shop> {
  const { hours } = draft
  return {
    name: draft.name.trim(),
    domains: linesOf(draft.domains),
    languages: draft.languages,
    greeting: draft.greeting,
    suggested_questions: { 'zh-CN': linesOf(draft.questions['zh-CN']), en: linesOf(draft.questions.en) },
    privacy: { version: draft.privacy.version.trim(), url: draft.privacy.url.trim() || null, text: draft.privacy.text },
    hours: {
      ...(hours.timeZone ? { time_zone: hours.timeZone } : {}),
      ...(hours.isAlways
        ? {}
        : { days: hours.week.flatMap((spans, at) => spans.map((span) => ({ day: at + 1, ...span }))) }),
      exceptions: hours.exceptions
        .filter((one) => one.date)
        .map((one) => ({ date: one.date, note: one.note, ...(one.isClosed ? {} : { from: one.from, to: one.to }) })),
    },
    look: { ...shop.look, ...draft.look },
    assistant: { ...shop.assistant, ...draft.assistant },
    reopen_hours: draft.reopen_hours,
    all_agents: draft.all_agents,
    agent_ids: draft.all_agents ? [] : draft.agent_ids,
  }
}
