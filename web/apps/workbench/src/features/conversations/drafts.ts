import { reactive } from 'vue'

export interface Draft {
  text: string
  isNote: boolean
}

const EMPTY: Draft = { text: '', isNote: false }
const loaded = reactive(new Map<string, Draft>())

function keyOf(agentId: string, conversationId: string): string {
  return `yingke.draft.${agentId}.${conversationId}`
}

/** What this agent began to type in this conversation; survives reloads. */
export function readDraft(agentId: string, conversationId: string): Draft {
  const key = keyOf(agentId, conversationId)
  const held = loaded.get(key)
  if (held) return held
  const draft = parse(localStorage.getItem(key))
  loaded.set(key, draft)
  return draft
}

export function writeDraft(agentId: string, conversationId: string, draft: Draft): void {
  const key = keyOf(agentId, conversationId)
  loaded.set(key, draft)
  try {
    if (draft.text || draft.isNote) localStorage.setItem(key, JSON.stringify(draft))
    else localStorage.removeItem(key)
  } catch {
    // A full or blocked storage costs the draft only on reload.
  }
}

/** The draft of a conversation if one has been read or written before, for the mark in the list. */
export function hasDraft(agentId: string, conversationId: string): boolean {
  return Boolean(readDraft(agentId, conversationId).text.trim())
}

function parse(stored: string | null): Draft {
  if (!stored) return EMPTY
  try {
    const value: unknown = JSON.parse(stored)
    if (typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string') {
      return { text: value.text, isNote: 'isNote' in value && value.isNote === true }
    }
  } catch {
    // Something else wrote there; start empty.
  }
  return EMPTY
}
