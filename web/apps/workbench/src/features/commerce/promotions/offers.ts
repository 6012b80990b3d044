import type { Answer } from '@yingke/api'
import { t } from '@yingke/i18n'
import { showMoney } from '../money'

export type Promotion = Answer<'GET /v1/promotions'>['items'][number]
export type Coupon = Answer<'GET /v1/coupons'>['items'][number]
export type Quote = Answer<'POST /v1/price-quotes'>
export type Kind = Promotion['kind']

export const kinds: Kind[] = ['member_price', 'every_reduce', 'threshold_reduce', 'percent', 'gift', 'presale', 'shipping']

export interface Tier {
  from_minor: number | null
  off_minor: number | null
}

/** Every field of every kind, as a form holds it; `termsOf` takes what its kind needs. */
export interface Terms {
  levels: { level: string; name: string; percent: number | null }[]
  every_minor: number | null
  off_minor: number | null
  most_times: number | null
  tiers: Tier[]
  percent: number | null
  from_minor: number | null
  from_quantity: number | null
  title: string
  limit: number | null
  deposit_minor: number | null
  counts_as_minor: number | null
  balance_at: string
  ships_at: string
  fee_minor: number | null
  free_from_minor: number | null
  surcharges: { region: string; minor: number | null; free_from: number | null }[]
  /** Regions that nothing is sent to, as typed. */
  not_to: string
  /** The only regions that it is sent to, as typed. */
  only_to: string
}

export interface Draft {
  id: string | null
  name: string
  kind: Kind
  terms: Terms
  shop_id: string | null
  currency: string
  priority: number
  only: string
  excluded: string
  starts_at: string
  ends_at: string
  is_enabled: boolean
  given: number
}

export const emptyTerms = (): Terms => ({
  levels: [
    { level: 'silver', name: t('commerce_promotions.silver'), percent: 98 },
    { level: 'gold', name: t('commerce_promotions.gold'), percent: 95 },
  ],
  every_minor: null, off_minor: null, most_times: null, tiers: [{ from_minor: null, off_minor: null }], percent: null, from_minor: null,
  from_quantity: null, title: '', limit: null, deposit_minor: null, counts_as_minor: null, balance_at: '', ships_at: '', fee_minor: null,
  free_from_minor: null, surcharges: [], not_to: '', only_to: '',
})

export function draftOf(one: Promotion | null): Draft {
  if (!one) {
    return {
      id: null, name: '', kind: 'every_reduce', terms: emptyTerms(), shop_id: null, currency: 'CNY', priority: 10, only: '', excluded: '',
      starts_at: '', ends_at: '', is_enabled: true, given: 0,
    }
  }
  const raw = one.terms as Record<string, unknown>
  const terms = { ...emptyTerms(), ...(raw as Partial<Terms>) }
  if (one.kind === 'member_price') {
    const names = (raw.names ?? {}) as Record<string, string>
    terms.levels = Object.entries(raw.rates as Record<string, number>).map(([level, rate]) => ({ level, name: names[level] ?? level, percent: rate / 100 }))
  }
  if (one.kind === 'percent') terms.percent = (raw.rate as number) / 100
  const extra = (raw.surcharges ?? {}) as Record<string, number>
  const free = (raw.free_from ?? {}) as Record<string, number>
  terms.surcharges = [...new Set([...Object.keys(extra), ...Object.keys(free)])].map((region) => ({
    region, minor: extra[region] ?? null, free_from: free[region] ?? null,
  }))
  terms.not_to = ((raw.not_to ?? []) as string[]).join('、')
  terms.only_to = ((raw.only_to ?? []) as string[]).join('、')
  terms.balance_at = toLocal(raw.balance_at as string | undefined)
  terms.ships_at = toLocal(raw.ships_at as string | undefined)
  return {
    id: one.id, name: one.name, kind: one.kind, terms, shop_id: one.shop_id, currency: one.currency, priority: one.priority,
    only: one.only_codes.join('、'), excluded: one.excluded_codes.join('、'), starts_at: toLocal(one.starts_at), ends_at: toLocal(one.ends_at),
    is_enabled: one.is_enabled, given: one.given,
  }
}

/** What a kind needs of the form, in the words of the API. */
export function termsOf({ kind, terms }: Draft): Record<string, unknown> {
  const some = (fields: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''))
  switch (kind) {
    case 'member_price': {
      const levels = terms.levels.filter((one) => one.level.trim() && one.percent !== null)
      return {
        rates: Object.fromEntries(levels.map((one) => [one.level.trim(), Math.round((one.percent ?? 0) * 100)])),
        names: Object.fromEntries(levels.map((one) => [one.level.trim(), one.name.trim() || one.level.trim()])),
      }
    }
    case 'every_reduce':
      return some({ every_minor: terms.every_minor, off_minor: terms.off_minor, most_times: terms.most_times })
    case 'threshold_reduce':
      return { tiers: terms.tiers.filter((one) => one.from_minor !== null && one.off_minor !== null) }
    case 'percent':
      return some({ rate: terms.percent === null ? null : Math.round(terms.percent * 100), from_minor: terms.from_minor, from_quantity: terms.from_quantity })
    case 'gift':
      return some({ title: terms.title, from_minor: terms.from_minor, limit: terms.limit })
    case 'presale':
      return some({ deposit_minor: terms.deposit_minor, counts_as_minor: terms.counts_as_minor, balance_at: toIso(terms.balance_at), ships_at: toIso(terms.ships_at) })
    case 'shipping': {
      const places = terms.surcharges.filter((one) => one.region.trim())
      const surcharges = Object.fromEntries(places.filter((one) => one.minor !== null).map((one) => [one.region.trim(), one.minor]))
      const free_from = Object.fromEntries(places.filter((one) => one.free_from !== null).map((one) => [one.region.trim(), one.free_from]))
      const listed = (text: string): string[] => text.split(/[\s,，、;；]+/).filter(Boolean)
      const regions = { not_to: listed(terms.not_to), only_to: listed(terms.only_to) }
      return { ...some({ fee_minor: terms.fee_minor ?? 0, free_from_minor: terms.free_from_minor }), surcharges, free_from, ...regions }
    }
  }
}

interface Raw {
  rates?: Record<string, number>
  names?: Record<string, string>
  every_minor?: number
  off_minor?: number
  most_times?: number | null
  tiers?: Tier[]
  rate?: number
  title?: string
  limit?: number | null
  deposit_minor?: number
  counts_as_minor?: number
  fee_minor?: number
  free_from_minor?: number | null
}

/** The offer in one sentence. */
export function sayTerms(one: Promotion, language: string): string {
  const terms = one.terms as Raw
  const money = (minor: number | null | undefined): string => showMoney(minor, one.currency, language)
  const number = (value: number): string => new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)
  // 9500 of 10,000 is 95 折 and 95 %, 9000 is 9 折 and 90 %.
  const share = (rate: number): string => number(language.startsWith('zh') && rate % 1000 === 0 ? rate / 1000 : rate / 100)
  const of = (key: string, values: Record<string, string | number> = {}): string => t(`commerce_promotions.say_${key}`, values)
  switch (one.kind) {
    case 'member_price': {
      const names = terms.names ?? {}
      const rates = Object.entries(terms.rates ?? {})
      return rates.map(([level, rate]) => of('level', { name: names[level] ?? level, n: share(rate) })).join(t('commerce_promotions.and'))
    }
    case 'every_reduce':
      return of('every', { every: money(terms.every_minor), off: money(terms.off_minor) }) + (terms.most_times ? of('most_times', { n: terms.most_times }) : '')
    case 'threshold_reduce':
      return (terms.tiers ?? []).map((tier) => of('tier', { from: money(tier.from_minor), off: money(tier.off_minor) })).join(t('commerce_promotions.and'))
    case 'percent':
      return of('percent', { n: share(terms.rate ?? 0) })
    case 'gift':
      return of('gift', { title: terms.title ?? '' }) + (terms.limit ? of('limit', { n: terms.limit, given: one.given }) : '')
    case 'presale':
      return of('presale', { deposit: money(terms.deposit_minor), counts: money(terms.counts_as_minor) })
    case 'shipping':
      return of('fee', { fee: money(terms.fee_minor) }) + (terms.free_from_minor === undefined || terms.free_from_minor === null ? '' : of('free', { from: money(terms.free_from_minor) }))
  }
}

export function stateOf(one: { is_enabled: boolean; starts_at: string | null; ends_at: string | null }, now = Date.now()): 'off' | 'soon' | 'over' | 'on' {
  if (!one.is_enabled) return 'off'
  if (one.starts_at && new Date(one.starts_at).getTime() > now) return 'soon'
  return one.ends_at && new Date(one.ends_at).getTime() <= now ? 'over' : 'on'
}

export const readCodes = (text: string): string[] => text.split(/[\s,，、;；]+/).filter(Boolean)

/** For <input type="datetime-local">. */
export function toLocal(iso: string | null | undefined): string {
  if (!iso) return ''
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

export const toIso = (local: string): string | null => (local ? new Date(local).toISOString() : null)
