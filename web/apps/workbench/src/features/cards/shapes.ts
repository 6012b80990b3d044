import { parcelTones, states } from '../commerce/orders/orders'

const parcels = new Set(['waiting', 'picked_up', 'unknown', ...Object.keys(parcelTones)])

/** A whole http(s) address, or null: a card carries what a shop's data says. */
export function safeLink(url: string | null | undefined): string | null {
  if (!url) return null
  try {
    const whole = new URL(url)
    return whole.protocol === 'https:' || whole.protocol === 'http:' ? whole.href : null
  } catch {
    return null
  }
}

export const isKnownOrderState = (state: string): boolean => (states as string[]).includes(state)
export const isKnownParcelState = (state: string): boolean => parcels.has(state)
