/** Day fields of a form against the instants of the API, by the clock of the workspace and not of the browser. */
export function dayOf(iso: string | null, zone: string): string {
  if (!iso) return ''
  const { year, month, day } = partsOf(new Date(iso).getTime(), zone)
  const pad = (n: number, digits = 2): string => String(n).padStart(digits, '0')
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`
}

export function startOfDay(day: string, zone: string): string | null {
  return day ? instantOf(day, '00:00:00', zone) : null
}

export function endOfDay(day: string, zone: string): string | null {
  return day ? instantOf(day, '23:59:59', zone) : null
}

export interface Validity {
  state: 'always' | 'soon' | 'running' | 'expired'
  /** Whole days until it starts or ends; 0 = within a day. */
  days: number
}

/** Where `now` (milliseconds) lies in the period; only ends within two weeks count down. */
export function validityOf(from: string | null, to: string | null, now = Date.now()): Validity {
  const day = 86_400_000
  if (to && new Date(to).getTime() <= now) return { state: 'expired', days: 0 }
  if (from && new Date(from).getTime() > now) {
    return { state: 'soon', days: Math.floor((new Date(from).getTime() - now) / day) }
  }
  if (!to) return { state: 'always', days: 0 }
  return { state: 'running', days: Math.floor((new Date(to).getTime() - now) / day) }
}

/** "2026-12-01" for people; the zone is the workspace's. */
export function showDay(iso: string, language: string, zone: string): string {
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric', timeZone: zone }
  return new Date(iso).toLocaleDateString(language, options)
}

function instantOf(day: string, time: string, zone: string): string {
  const wanted = Date.parse(`${day}T${time}Z`)
  // Twice: the first guess may lie on the other side of a change of the clocks.
  let at = wanted - offsetOf(wanted, zone)
  at = wanted - offsetOf(at, zone)
  return new Date(at).toISOString()
}

function offsetOf(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, zone)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}

function partsOf(at: number, zone: string) {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const found = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, Number(part.value)]))
  const of = (name: string): number => found[name] ?? 0
  return { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute'), second: of('second') }
}
