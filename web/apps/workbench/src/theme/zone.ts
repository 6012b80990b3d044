import { shallowRef } from 'vue'

/** The time zone that times are shown in: the agent's own, else the workspace's; '' until known, then the browser's. */
export const myZone = shallowRef('')

const formats = new Map<string, Intl.DateTimeFormat>()

export function zoneOption(zone = myZone.value): string | undefined {
  return zone || undefined
}

/** Wall time "2026-03-08T01:30" of an instant in a zone. */
export function wallOf(at: string | number | Date, zone = myZone.value): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', {
    timeZone: zoneOption(zone), year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  })
  formats.set(zone, format)
  const parts = format.formatToParts(new Date(at))
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** The instant that a wall time names in a zone; one that a clock skips is the moment after the gap. */
export function instantOf(wall: string, zone = myZone.value): Date {
  const asked = Date.parse(`${wall}:00Z`)
  const guess = asked - minutesAhead(asked, zone) * 60_000
  // The guess may lie on the other side of a change of the clocks.
  const at = asked - minutesAhead(guess, zone) * 60_000
  return new Date(wallOf(at, zone) === wall ? at : Math.max(guess, at))
}

/** How many minutes the zone is ahead of UTC at that instant. */
export function minutesAhead(at: string | number | Date, zone = myZone.value): number {
  const whole = Math.floor(new Date(at).getTime() / 60_000) * 60_000
  return (Date.parse(`${wallOf(whole, zone)}:00Z`) - whole) / 60_000
}

/** Days from 1970 by the zone's calendar. */
export function dayNumber(at: string | number | Date, zone = myZone.value): number {
  return Date.parse(`${wallOf(at, zone).slice(0, 10)}T00:00:00Z`) / 86_400_000
}
