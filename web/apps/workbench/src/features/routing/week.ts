import type { Mode, ShopMode } from './shapes'

export interface ModeSpan {
  from: string
  to: string
  mode: Mode
}

export interface ModeDate extends ModeSpan {
  date: string
}

/** A stretch of one day for the picture: from and width in hundredths of the day. */
export interface Stretch {
  mode: Mode
  start: number
  width: number
}

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

export function readWeek(hours: ShopMode['hours']): ModeSpan[][] {
  const days = hours?.days ?? []
  return weekdays.map((day) =>
    days.filter((one) => one.day === day).map(({ from, to, mode }) => ({ from, to: to === '24:00' ? '00:00' : to, mode: mode ?? 'assistant_first' })),
  )
}

export function readDates(hours: ShopMode['hours']): ModeDate[] {
  return (hours?.exceptions ?? []).map((one) => ({
    date: one.date,
    from: one.from ?? '00:00',
    to: one.to === '24:00' ? '00:00' : (one.to ?? '00:00'),
    mode: one.mode ?? 'assistant_first',
  }))
}

export function writeHours(week: ModeSpan[][], dates: ModeDate[]): ShopMode['hours'] {
  return {
    days: week.flatMap((spans, at) => spans.map((span) => ({ day: at + 1, ...span }))),
    exceptions: dates.filter((one) => one.date),
  }
}

/** What a day looks like: its own spans, and what the night before reaches into it. Later ones lie on top. */
export function stretches(week: ModeSpan[][], at: number): Stretch[] {
  const before = week[(at + 6) % 7] ?? []
  const own = week[at] ?? []
  const part = (start: number, end: number, mode: Mode): Stretch => ({ mode, start: start / 14.4, width: (end - start) / 14.4 })
  return [
    ...before.filter((span) => wraps(span)).map((span) => part(0, minutes(span.to), span.mode)),
    ...own.map((span) => part(minutes(span.from), wraps(span) ? 1440 : minutes(span.to), span.mode)),
  ].filter((one) => one.width > 0)
}

export function wraps(span: { from: string; to: string }): boolean {
  return minutes(span.to) <= minutes(span.from)
}
