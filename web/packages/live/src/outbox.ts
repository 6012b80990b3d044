import type { Storage } from "./storage";

/** A message on its way. `failed` ones wait for a person to send them again. */
export interface Outgoing {
  client_message_id: string;
  message_type: string;
  text?: string;
  file_id?: string;
  conversation_id?: string;
  page?: Record<string, unknown>;
  /** Milliseconds since 1970 on this device; only the order of display depends on it. */
  created_at: number;
  state: "sending" | "failed";
  /** Why it failed, in the visitor's words. */
  detail?: string;
}

export interface Refusal {
  client_message_id: string;
  /** HTTP status; 429 and 503 are tried again by themselves. */
  status: number;
  detail?: string;
  /** Seconds. */
  retry_after?: number;
}

export interface OutboxOptions {
  storage: Storage;
  /** Names of entries begin with this. */
  prefix: string;
  /** Hand one to the line; false when there is no line. */
  send: (message: Outgoing) => boolean;
  on_change: () => void;
  /** No ack came in time although the line looks open. */
  on_stuck: () => void;
  ack_ms?: number;
}

export interface Outbox {
  list: () => readonly Outgoing[];
  add: (message: Omit<Outgoing, "state" | "created_at" | "client_message_id">) => Outgoing;
  /** Stored by the server: forget it. */
  acked: (client_message_id: string) => Outgoing | undefined;
  refused: (refusal: Refusal) => void;
  /** A person asks to try a failed one again, or to forget it. */
  retry: (client_message_id: string) => void;
  remove: (client_message_id: string) => void;
  /** The line is ready: send what waits. */
  line_up: () => void;
  /** The line is gone: what had no ack is sent again later under the same id. */
  line_down: () => void;
}

const MANY_TRIES = 6;

function new_id(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // Without a secure context there is no randomUUID, but getRandomValues is there.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read_kept(storage: Storage, prefix: string): Outgoing[] {
  const kept: Outgoing[] = [];
  for (const name of storage.names(prefix)) {
    try {
      const entry = JSON.parse(storage.read(name) ?? "") as Outgoing;
      if (entry.client_message_id && entry.message_type) kept.push(entry);
    } catch {
      storage.remove(name);
    }
  }
  return kept.sort((a, b) => a.created_at - b.created_at);
}

/**
 * Messages not acknowledged yet, sent strictly one after another: the server promises order only between a message and
 * one sent after its ack. Each keeps its id over all tries, so sending twice stores once.
 */
export function create_outbox(options: OutboxOptions): Outbox {
  const { storage, prefix } = options;
  let list = read_kept(storage, prefix);
  let in_flight: string | null = null;
  let is_up = false;
  let paused_until = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tries = new Map<string, number>();

  const changed = (): void => {
    options.on_change();
    pump();
  };
  const keep = (message: Outgoing): void => storage.write(prefix + message.client_message_id, JSON.stringify(message));
  const change = (id: string, change: Partial<Outgoing>): void => {
    list = list.map((message) => {
      if (message.client_message_id !== id) return message;
      const next = { ...message, ...change };
      keep(next);
      return next;
    });
  };
  const forget = (id: string): Outgoing | undefined => {
    const found = list.find((message) => message.client_message_id === id);
    list = list.filter((message) => message !== found);
    storage.remove(prefix + id);
    tries.delete(id);
    return found;
  };
  const land = (id: string): void => {
    if (in_flight !== id) return;
    in_flight = null;
    clearTimeout(timer);
  };

  function pump(): void {
    if (!is_up || in_flight) return;
    const wait_ms = paused_until - Date.now();
    clearTimeout(timer);
    if (wait_ms > 0) {
      timer = setTimeout(pump, wait_ms);
      return;
    }
    const next = list.find((message) => message.state === "sending");
    if (!next || !options.send(next)) return;
    in_flight = next.client_message_id;
    timer = setTimeout(options.on_stuck, options.ack_ms ?? 15_000);
  }

  return {
    list: () => list,
    add: (message) => {
      // Two adds in one millisecond must keep their order after a reload.
      const created_at = Math.max(Date.now(), (list[list.length - 1]?.created_at ?? 0) + 1);
      const added: Outgoing = { ...message, client_message_id: new_id(), created_at, state: "sending" };
      list = [...list, added];
      keep(added);
      changed();
      return added;
    },
    acked: (id) => {
      land(id);
      const found = forget(id);
      changed();
      return found;
    },
    refused: ({ client_message_id: id, status, detail, retry_after }) => {
      land(id);
      const count = (tries.get(id) ?? 0) + 1;
      tries.set(id, count);
      if ((status === 429 || status === 503) && count < MANY_TRIES) {
        paused_until = Date.now() + Math.min(60, retry_after ?? 2 ** count) * 1000;
      } else {
        change(id, { state: "failed", detail: detail ?? "" });
      }
      changed();
    },
    retry: (id) => {
      tries.delete(id);
      change(id, { state: "sending", detail: "" });
      changed();
    },
    remove: (id) => {
      land(id);
      forget(id);
      changed();
    },
    line_up: () => {
      is_up = true;
      in_flight = null;
      pump();
    },
    line_down: () => {
      is_up = false;
      in_flight = null;
      clearTimeout(timer);
    },
  };
}
