import type { Today } from '@yingke/api'
import { t } from '@yingke/i18n'

export type Tile = Today['tiles'][number]

export function tileName(tile: Tile): string {
  const key = `today.names.${tile.key}`
  const name = t(key)
  return name === key ? tile.key : name
}

/** The number as people read it; shares come as 0..1, times in seconds. */
export function showFigure(tile: Tile, language: string): string {
  if (tile.value === null) return t('today.none')
  if (tile.unit === 'share')
    return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(tile.value)
  if (tile.unit === 'seconds') return showSeconds(tile.value)
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(tile.value)
}

export function showSeconds(seconds: number): string {
  if (seconds < 60) return t('today.seconds', { n: seconds < 10 ? Number(seconds.toFixed(1)) : Math.round(seconds) })
  const whole = Math.round(seconds)
  return t('today.minutes', { m: Math.floor(whole / 60), s: whole % 60 })
}

/** Today's date in a time zone, as YYYY-MM-DD. */
export function dayIn(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(),
  )
}
