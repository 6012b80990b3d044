import type { Language } from '@yingke/i18n'
import { dayNumber, wallOf, zoneOption } from '@/theme/zone'

const formats = new Map<string, Intl.DateTimeFormat>()

/** "1:42", "12:05", "1:02:03": seconds waited. */
export function waitText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const tail = `${String(whole % 60).padStart(2, '0')}`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${tail}`
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`
  return `${Math.floor(minutes / 60 / 24)}d`
}

export type Urgency = 'calm' | 'noticed' | 'amber' | 'red'

/** Grey under 60 s, then plain, amber and red at the marks of the workspace (seconds). */
export function urgencyOf(seconds: number, amber: number, red: number): Urgency {
  if (seconds >= red) return 'red'
  if (seconds >= amber) return 'amber'
  return seconds >= 60 ? 'noticed' : 'calm'
}

export function clockText(time: string, language: Language): string {
  return format(language, 'clock', { hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(time))
}

/** Today, yesterday (words from the browser's language data), or a date. */
export function dayText(time: string, language: Language, now: number): string {
  const date = new Date(time)
  const days = dayNumber(now) - dayNumber(date)
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-days, 'day')
    return word.charAt(0).toUpperCase() + word.slice(1)
  }
  const isThisYear = yearOf(date) === yearOf(now)
  const year = isThisYear ? {} : ({ year: 'numeric' } as const)
  return format(language, isThisYear ? 'day' : 'date', { ...year, month: 'long', day: 'numeric', weekday: 'short' }).format(date)
}

/** The clock for today, otherwise a short date: for rows and panels. */
export function shortTime(time: string, language: Language, now: number): string {
  const date = new Date(time)
  if (dayNumber(date) === dayNumber(now)) return clockText(time, language)
  const isThisYear = yearOf(date) === yearOf(now)
  if (isThisYear) return format(language, 'short', { month: 'numeric', day: 'numeric' }).format(date)
  return format(language, 'short-year', { year: 'numeric', month: 'numeric', day: 'numeric' }).format(date)
}

export function fullTime(time: string, language: Language): string {
  return format(language, 'full', { dateStyle: 'medium', timeStyle: 'medium', hour12: false }).format(new Date(time))
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function yearOf(at: Date | number): string {
  return wallOf(at).slice(0, 4)
}

function format(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const timeZone = zoneOption()
  const key = `${language}/${name}/${timeZone}`
  const made = formats.get(key) ?? new Intl.DateTimeFormat(language, { ...options, timeZone })
  formats.set(key, made)
  return made
}
