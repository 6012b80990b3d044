/** Conversations, messages, traces, contacts and what belongs to them. Ids are opaque strings, times RFC 3339 UTC. */
import type { AgentFace } from './people'

export type HandledBy = 'assistant' | 'queue' | 'agent'
export type Author = 'contact' | 'assistant' | 'agent' | 'system'

export interface Conversation {
  id: string
  shop_id: string
  channel: string
  status: 'open' | 'closed'
  handled_by: HandledBy
  generation: number
  agent: AgentFace | null
  contact: { id: string; name: string | null; number: number; level: string | null; is_verified: boolean }
  last_seq: number
  contact_messages: number
  unread: number
  waiting_since: string | null
  queued_at: string | null
  hand_off_reason: string | null
  last_message_at: string
  preview: string
  last_from: Author
  language: string
  subject: { url?: string; title?: string }
  created_at: string
  closed_at: string | null
  rating: 'good' | 'fair' | 'bad' | null
}

export interface ConversationCounts {
  mine: number
  mine_unanswered: number
  waiting: number
  all: number
}

export interface StoredFile {
  id: string
  name: string
  media_type: string
  size: number
  url: string
  width?: number | null
  height?: number | null
}

export interface UploadedFile extends Omit<StoredFile, 'id'> {
  file_id: string
}

export interface Citation {
  n: number
  title: string
  heading: string
  quote: string
  document_id?: string
  passage_id?: string
}

export interface SystemNotice {
  code: string
  agent?: { id?: string; work_name: string }
  by?: string
  reason?: string
  opens_at?: string
  [more: string]: unknown
}

export interface Message {
  id: string
  conversation_id: string
  seq: number
  from: Author
  kind: string
  type: string
  text?: string | null
  file?: StoredFile | null
  system?: SystemNotice | null
  created_at: string
  client_message_id?: string | null
  agent?: AgentFace | null
  generated_by?: { engine: string; model?: string | null } | null
  citations?: Citation[] | null
  degraded_level?: number | null
  trace_id?: string | null
  feedback?: 'up' | 'down' | 'report' | null
  recalled_at?: string | null
  delivery?: { state: string; reason?: string | null } | null
}

export interface MessagePage {
  items: Message[]
  has_more: boolean
}

export interface Note {
  id: string
  agent: { id: string; work_name: string }
  after_seq: number
  text: string
  created_at: string
}

export interface TraceStep {
  name: string
  milliseconds: number
  [more: string]: unknown
}

export interface TraceCandidate {
  passage_id: string
  document_id: string
  document: string
  heading: string
  text: string
  lexical: number | null
  vector: number | null
  score: number | null
  rank: number
  quoted: boolean
}

export interface Trace {
  id: string
  question: string
  understood: unknown
  engine: string
  model?: string | null
  steps: TraceStep[]
  candidates: TraceCandidate[]
  decision: { answer: boolean | string; confidence: number | null; reasons: string[] }
  said: string | null
  milliseconds: number
}

export interface Contact {
  id: string
  name: string | null
  number: number
  email: string | null
  phone: string | null
  level: string | null
  is_verified: boolean
  tags: string[]
  notes: string
  self_reported: Record<string, unknown>
  source: { url?: string; title?: string; referrer?: string; utm?: Record<string, string> | null }
  language: string | null
  visits: { url: string; title: string; created_at: string }[]
  conversations: Conversation[]
  consents: { purpose: string; version: string; created_at: string }[]
}

export interface SavedReply {
  id: string
  folder: string
  title: string
  text: string
  is_shared: boolean
  initials: string
}

export interface LeftMessage {
  id: string
  conversation_id: string
  name: string
  phone: string
  email: string
  text: string
  handled_at: string | null
  created_at: string
}
