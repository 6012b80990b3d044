/** What crosses the wire, in the words of the glossary. Ids are opaque strings, times RFC 3339 UTC. */

export type Role = 'owner' | 'admin' | 'agent'
export type PresenceState = 'online' | 'busy' | 'away'
export type Language = 'zh-CN' | 'en'
export type Localized<T> = Partial<Record<Language, T>>

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface AgentSettings {
  theme?: 'light' | 'dark' | 'auto'
  language?: Language
  density?: 'compact' | 'roomy'
  sound?: boolean
  do_not_disturb?: boolean
  desktop_notice?: boolean
  send_with?: 'enter' | 'ctrl_enter'
  single_keys?: boolean
  /** Action name → chord such as "Alt+KeyT". */
  chords?: Record<string, string>
}

export interface AgentFace {
  id: string
  work_name: string
  avatar_url: string | null
}

export interface Agent extends AgentFace {
  name: string
  email: string
  role: Role
  state: PresenceState | 'offline'
  disabled: boolean
  settings?: AgentSettings
}

export interface Setup {
  step: string
  skipped: boolean
  done: string[]
}

export interface WorkspaceSettings {
  amber_seconds: number
  red_seconds: number
  [name: string]: unknown
}

export interface Workspace {
  id: string
  name: string
  time_zone: string
  language: Language
  is_demo: boolean
  settings: WorkspaceSettings
  setup: Setup
}

export interface ShopName {
  id: string
  name: string
  site_key: string
}

export interface Me {
  agent: Agent
  workspace: Workspace
  shops: ShopName[]
  csrf_token: string
  version: string
  /** True when the page is served over plain http beyond this machine. */
  insecure: boolean
}

export interface AgentSession {
  id: string
  user_agent: string
  address: string
  created_at: string
  seen_at: string
  is_current: boolean
}

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

export interface Invitation {
  id: string
  role: Role
  email: string | null
  url?: string
  expires_at?: string
  accepted_at?: string | null
  created_at?: string
}

export interface Shop extends ShopName {
  domains: string[]
  languages: Language[]
  greeting: Localized<string>
  suggested_questions: Localized<string[]>
  privacy: { version?: string; url?: string | null; text?: Localized<string> }
  look: {
    color?: string
    position?: string
    offset_x?: number
    offset_y?: number
    z_index?: number
    launcher?: string
    title?: string
    logo_url?: string | null
  }
  hours: {
    time_zone?: string
    days?: { day: number; from: string; to: string }[]
    exceptions?: { date: string; from?: string | null; to?: string | null; note?: string }[]
  }
  assistant: { name?: string; enabled?: boolean; avatar?: string | null }
  reopen_hours: number
  all_agents: boolean
  agent_ids: string[]
  installed_at: string | null
  installed_url: string | null
  snippet: string
  chat_url: string
  created_at: string
}

export interface ApiKey {
  id: string
  name: string
  scopes: string[]
  hint?: string
  key?: string
  last_used_at?: string | null
  revoked_at?: string | null
  created_at: string
}

export interface Webhook {
  id: string
  url: string
  types: string[]
  description: string
  secret?: string
  disabled: boolean
  /** Attempts in a row that failed. */
  failures?: number
  created_at: string
}

export interface WebhookDelivery {
  id: string
  event_id: string
  event_type: string
  state: string
  attempts: number
  last_status: number | null
  next_at: string | null
  created_at: string
}

export interface WebhookDeliveryDetail extends Omit<WebhookDelivery, 'attempts'> {
  attempts: {
    at?: string
    created_at?: string
    status: number | null
    milliseconds?: number
    error?: string | null
    /** First 500 characters of what the receiver said. */
    response?: string | null
  }[]
  body: unknown
}

export interface AuditEntry {
  id: string
  agent: { id: string; work_name?: string; name?: string } | null
  api_key_id?: string | null
  action: string
  target: string
  data: Record<string, unknown>
  address: string
  created_at: string
}

export interface ModelCheck {
  ok: boolean
  location?: string
  reason?: string | null
  milliseconds?: number
  sentence?: string
  at?: string
}

export interface ModelEndpoint {
  id: string
  name: string
  base_url: string
  model: string
  location: string
  abroad_confirmed: boolean
  filing_number: string | null
  is_enabled: boolean
  has_api_key?: boolean
  last_check: ModelCheck | null
}

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
