const symbols: Record<string, Intl.NumberFormat> = {}

function formatOf(currency: string, language: string): Intl.NumberFormat {
  const key = `${language}/${currency}`
  return (symbols[key] ??= new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }))
}

/** How many decimals a currency has: 2 for CNY, 0 for JPY. */
export function decimalsOf(currency: string): number {
  return formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2
}

/** 75715 → "¥757.15". Null: nobody told it. */
export function showMoney(minor: number | null | undefined, currency: string, language: string): string {
  if (minor === null || minor === undefined) return '—'
  return formatOf(currency, language).format(minor / 10 ** decimalsOf(currency))
}

/** 75715 → "757.15", for a field. */
export function plainMoney(minor: number | null | undefined, currency = 'CNY'): string {
  if (minor === null || minor === undefined) return ''
  return (minor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency))
}

/** What was typed, in minor units; null for nothing, undefined for what is no amount. */
export function readMoney(text: string, currency = 'CNY'): number | null | undefined {
  const plain = text.trim().replace(/[¥￥$€£,，\s元]/g, '')
  if (!plain) return null
  const found = /^(\d{1,11})(?:\.(\d*))?$/.exec(plain)
  const places = decimalsOf(currency)
  const cents = found?.[2] ?? ''
  if (!found || cents.length > places) return undefined
  return Number(found[1]) * 10 ** places + Number(cents.padEnd(places, '0') || 0)
}
