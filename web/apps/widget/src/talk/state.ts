import type { ConnectionState, Outgoing, Reply } from "@yingke/live";
import type { Agent, Conversation, Message, Queue, Settings } from "../wire";
import type { Words } from "../words/words";

/** A file on its way up; `detail` says why it failed. */
export interface Upload {
  key: string;
  file: File;
  preview: string | null;
  share: number;
  detail: string | null;
  /** The file itself is the trouble: trying again would not help. */
  is_final: boolean;
}

/** A grey line that only this browser shows, right behind the message numbered `after_seq`. */
export interface Remark {
  key: string;
  conversation_id: string;
  after_seq: number;
  text: string;
}

export interface State {
  phase: "loading" | "ready" | "failed";
  /** The server's sentence about a failed start, or "". */
  problem: string;
  /** A failed start that trying again cannot mend, like an unknown site key. */
  is_final: boolean;
  language: string;
  words: Words;
  settings: Settings | null;
  line: ConnectionState;
  /** The line has been away long enough to say so. */
  is_cut: boolean;
  conversation: Conversation | null;
  queue: Queue | null;
  agent: Agent | null;
  /** Oldest first, over all conversations shown. */
  messages: readonly Message[];
  has_older: boolean;
  is_loading_older: boolean;
  outgoing: readonly Outgoing[];
  uploads: readonly Upload[];
  replies: readonly Reply[];
  remarks: readonly Remark[];
  /** Someone on the other side is writing. */
  is_typing: boolean;
  is_thinking: boolean;
  is_open: boolean;
  unread: number;
  view: "talk" | "leave_message";
  viewing: string | null;
  is_rating: boolean;
  rated: Record<string, string>;
  /** One line above the composer, gone after a while. */
  hint: string;
}

export function first_state(words: Words, language: string): State {
  return {
    phase: "loading",
    problem: "",
    is_final: false,
    language,
    words,
    settings: null,
    line: "connecting",
    is_cut: false,
    conversation: null,
    queue: null,
    agent: null,
    messages: [],
    has_older: false,
    is_loading_older: false,
    outgoing: [],
    uploads: [],
    replies: [],
    remarks: [],
    is_typing: false,
    is_thinking: false,
    is_open: false,
    unread: 0,
    view: "talk",
    viewing: null,
    is_rating: false,
    rated: {},
    hint: "",
  };
}
