import type { Answer } from '@yingke/api'

export interface Asked {
  text: string
  at: number
  found: Answer<'POST /v1/assist'>
}

const KEY = 'yingke.assist'
const MOST = 10

/** What was asked in this browser, the newest first; for the agent who asked, and until he signs out of it. */
export function readLast(agentId: string): Asked[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(`${KEY}.${agentId}`) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as Asked[]) : []
  } catch {
    return []
  }
}

export function keepLast(agentId: string, list: readonly Asked[]): Asked[] {
  const kept = list.slice(0, MOST)
  try {
    sessionStorage.setItem(`${KEY}.${agentId}`, JSON.stringify(kept))
  } catch {
    // A full or forbidden store only costs the list on the next load.
  }
  return kept
}
