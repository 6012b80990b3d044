/** Minor units as money of their currency; a sum below the smallest coin says so instead of showing nothing. */
export function showMoney(minor: number, currency: string, language: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(minor / 10 ** digits)
}

/** The cost of one answer, in millionths of a minor unit, with as many digits as it takes to tell two apart. */
export function showTiny(costMicro: number, currency: string, language: string): string {
  const major = costMicro / 1_000_000 / 100
  return new Intl.NumberFormat(language, { style: 'currency', currency, maximumSignificantDigits: 2 }).format(major)
}

/** Tokens short enough for a tile: 12.3万 or 123K. */
export function showTokens(tokens: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(tokens)
}
