/** Documents, passages, questions and the numbers of the day. Ids are opaque strings, times RFC 3339 UTC. */
import type { Localized, ShopName } from './people'
import type { Citation } from './conversations'

export type DocumentState = 'queued' | 'parsing' | 'indexing' | 'ready' | 'failed' | 'held'

export interface KnowledgeDocument {
  id: string
  name: string
  audience: 'customer' | 'staff'
  shop_ids: string[] | null
  state: DocumentState
  step: string
  progress: number
  reason?: { code: string; text: string } | null
  version: number
  passages: number
  size: number | null
  valid_from: string | null
  valid_to: string | null
  is_demo: boolean
  created_at: string
  ready_at: string | null
}

export interface Passage {
  id?: string
  passage_id?: string
  document_id: string
  document?: string
  heading?: string
  text: string
  score?: number
}

export interface QaPair {
  id: string
  external_id?: string | null
  questions: string[]
  answer: string
  audience?: 'customer' | 'staff'
  shop_ids?: string[] | null
  is_demo?: boolean
}

export interface KnowledgeGap {
  id: string
  question: string
  times: number
  last_at: string
  conversation_id: string | null
}

export interface AskAnswer {
  answer: string
  citations: Citation[]
  confidence: number | null
  skill: string | null
  intent: string | null
  mood: string | null
  handed_off: boolean
  trace_id: string | null
}

export interface Today {
  day: string
  is_demo: boolean
  tiles: { key: string; value: number | null; unit: string; definition_zh: string; definition_en: string }[]
}

/** What the demo page shows: its shops, the lines a customer may try, and what to watch for. */
export interface Demo {
  shops: ShopName[]
  questions: { n: number; text: string; look_for: Localized<string> }[]
  steps: (Localized<string> & { at: string })[]
  document_url: string
  /** `POST /v1/demo/sign-in` will work for this browser. */
  may_sign_in: boolean
}
