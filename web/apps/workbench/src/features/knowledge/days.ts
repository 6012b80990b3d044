/** Day fields of a form against the instants of the API, both in the browser's time zone. */
export function dayOf(iso: string | null): string {
  if (!iso) return ''
  const at = new Date(iso)
  const pad = (n: number): string => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
}

export function startOfDay(day: string): string | null {
  return day ? new Date(`${day}T00:00:00`).toISOString() : null
}

export function endOfDay(day: string): string | null {
  return day ? new Date(`${day}T23:59:59`).toISOString() : null
}
