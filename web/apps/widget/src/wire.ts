/** Shapes that the server sends to a visitor. */

export interface Hours {
  is_open: boolean;
  /** RFC 3339, or null when it never opens. */
  opens_at: string | null;
}

export interface Look {
  color?: string | null;
  position?: "left" | "right" | null;
  offset_x?: number | null;
  offset_y?: number | null;
  z_index?: number | null;
  title?: string | null;
  logo_url?: string | null;
}

export interface Settings {
  shop: { name: string };
  assistant: { name: string; avatar_url?: string | null } | null;
  greeting: string;
  suggested_questions: string[];
  privacy: { version: string; text: string; url?: string | null; accepted: boolean };
  look: Look;
  languages: string[];
  language: string;
  hours: Hours;
  agents_online: boolean;
  limits: { max_chars: number; max_file_mb: number };
  model_notice: string | null;
  is_demo: boolean;
}

export interface Session {
  visitor_token: string;
  contact_id: string;
  conversation_id: string | null;
  settings: Settings;
}

export interface Agent {
  id?: string;
  work_name: string;
  avatar_url?: string | null;
}

export interface Queue {
  position: number;
  eta_seconds: number | null;
}

export interface Conversation {
  id: string;
  status: "open" | "closed";
  handled_by: "assistant" | "queue" | "agent";
  agent?: Agent | null;
  last_seq: number;
  queue?: Queue | null;
  rating?: string | null;
}

export interface FileShown {
  id: string;
  name: string;
  media_type: string;
  size: number;
  url: string;
  width?: number | null;
  height?: number | null;
}

export interface Citation {
  n: number;
  title: string;
  heading?: string | null;
  quote: string;
}

export interface Message {
  id: string;
  conversation_id: string;
  seq: number;
  from: "contact" | "assistant" | "agent" | "system";
  type: string;
  text?: string | null;
  file?: FileShown | null;
  system?: { code: string; agent?: Agent | null; opens_at?: string | null } | null;
  created_at: string;
  client_message_id?: string | null;
  reply_id?: string | null;
  agent?: Agent | null;
  generated_by?: { engine: string; model?: string | null } | null;
  citations?: Citation[] | null;
  feedback?: string | null;
  recalled_at?: string | null;
}
