/** Shops, invitations, keys, webhooks, models and the audit log. Ids are opaque strings, times RFC 3339 UTC. */
import type { Role, Language, Localized, ShopName } from './people'

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
