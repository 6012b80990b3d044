import type { Remark } from "../talk/state";
import type { Message } from "../wire";

/** What the log shows, top to bottom. */
export type Row =
  | { kind: "day"; key: string; at: string }
  | { kind: "earlier"; key: string }
  | { kind: "system"; key: string; messages: Message[] }
  | { kind: "remark"; key: string; text: string }
  | { kind: "said"; key: string; message: Message; goes_on: boolean };

const PAUSE_MS = 5 * 60_000;

function day_of(at: string): string {
  return new Date(at).toDateString();
}

function goes_on(message: Message, before: Message | null): boolean {
  if (!before || before.from !== message.from || before.agent?.id !== message.agent?.id) return false;
  return Date.parse(message.created_at) - Date.parse(before.created_at) < PAUSE_MS;
}

/** The log's rows: days and older conversations set apart, events in a row gathered, remarks where they belong. */
export function arrange(messages: readonly Message[], remarks: readonly Remark[]): Row[] {
  const rows: Row[] = [];
  const newest = messages[messages.length - 1]?.conversation_id;
  let before: Message | null = null;
  for (const message of messages) {
    const is_new_talk = before !== null && before.conversation_id !== message.conversation_id;
    const is_new_day = !before || day_of(before.created_at) !== day_of(message.created_at);
    if (!before && message.conversation_id !== newest) rows.push({ kind: "earlier", key: `earlier-${message.conversation_id}` });
    if (is_new_day || is_new_talk) rows.push({ kind: "day", key: `day-${message.id}`, at: message.created_at });
    const last = rows[rows.length - 1];
    if (message.from === "system") {
      if (last?.kind === "system") last.messages.push(message);
      else rows.push({ kind: "system", key: message.id, messages: [message] });
    } else {
      const key = message.client_message_id ?? message.id;
      rows.push({ kind: "said", key, message, goes_on: last?.kind === "said" && goes_on(message, before) });
    }
    for (const { key, text } of remarks.filter((one) => one.conversation_id === message.conversation_id && one.after_seq === message.seq)) {
      rows.push({ kind: "remark", key, text });
    }
    before = message;
  }
  return rows;
}
