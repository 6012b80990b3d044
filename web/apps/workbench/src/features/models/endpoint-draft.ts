import type { ModelEndpoint, ModelPreset } from '@yingke/api'

export const purposes = ['answer', 'small', 'translate', 'summarise', 'pairs'] as const

/** What the form edits; prices as a person writes them, in whole units of the currency for a million tokens. */
export function draftOf(endpoint: ModelEndpoint | null) {
  return {
    name: endpoint?.name ?? '',
    base_url: endpoint?.base_url ?? '',
    model: endpoint?.model ?? '',
    api_key: '',
    filing_number: endpoint?.filing_number ?? '',
    abroad_confirmed: endpoint?.abroad_confirmed ?? false,
    provider: endpoint?.provider ?? '',
    purposes: endpoint?.purposes ?? ['answer', 'translate', 'summarise', 'pairs'],
    can_use_tools: endpoint?.can_use_tools ?? true,
    currency: endpoint?.currency ?? 'CNY',
    price_in: toMajor(endpoint?.price_in),
    price_cached: toMajor(endpoint?.price_cached),
    price_out: toMajor(endpoint?.price_out),
  }
}

export function pricesOf(price: ModelPreset['prices'][number]) {
  return {
    currency: price.currency,
    price_in: toMajor(price.price_in),
    price_cached: toMajor(price.price_cached),
    price_out: toMajor(price.price_out),
  }
}

function toMajor(minor: number | null | undefined): string {
  return minor === null || minor === undefined ? '' : String(minor / 100)
}

/** Null for an empty field, undefined for what is no price. */
export function toMinor(written: string): number | null | undefined {
  const text = written.trim()
  if (!text) return null
  const value = Number(text)
  return Number.isFinite(value) && value >= 0 && value <= 100_000 ? Math.round(value * 100) : undefined
}
