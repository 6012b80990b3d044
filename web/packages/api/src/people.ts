/** Who works here: agents, their settings, the workspace. Ids are opaque strings, times RFC 3339 UTC. */

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
