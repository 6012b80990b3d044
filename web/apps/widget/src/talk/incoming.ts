import { read_number, read_text, type Frame, type Outbox, type Refusal, type Replies } from "@yingke/live";
import type { Agent, Conversation, Message } from "../wire";
import type { Say } from "../words/words";
import type { History } from "./history";
import type { State } from "./state";

export interface IncomingParts {
  get: () => State;
  set: (change: Partial<State>) => void;
  say: () => Say;
  history: History;
  outbox: () => Outbox;
  replies: Replies;
  /** A message by somebody else has come in live. */
  on_message: (message: Message) => void;
  on_resync: () => void;
}

const TYPING_MS = 6_000;
const THINKING_MS = 30_000;

export interface Incoming {
  take: (frame: Frame) => void;
  /** Show that an answer is being prepared; it goes by itself when none comes. */
  think: (is_thinking: boolean) => void;
}

/** What each frame from the server does to the state. */
export function create_incoming(parts: IncomingParts): Incoming {
  const { get, set, history, outbox, replies } = parts;
  let typing: ReturnType<typeof setTimeout> | undefined;
  let thinking: ReturnType<typeof setTimeout> | undefined;

  const type_for = (is_typing: boolean): void => {
    clearTimeout(typing);
    set({ is_typing });
    if (is_typing) typing = setTimeout(() => set({ is_typing: false }), TYPING_MS);
  };
  const think = (is_thinking: boolean): void => {
    clearTimeout(thinking);
    set({ is_thinking });
    if (is_thinking) thinking = setTimeout(() => set({ is_thinking: false }), THINKING_MS);
  };

  const settle = (): void => {
    const conversation = history.newest();
    set({ conversation, agent: conversation?.agent ?? null, queue: conversation?.queue ?? null });
  };

  const await_answer = (): void => {
    const { conversation, settings } = get();
    if (conversation?.handled_by === "assistant" && settings?.assistant) think(true);
  };

  const change_handling = (frame: Frame): void => {
    const id = read_text(frame.conversation_id);
    const handled_by = read_text(frame.handled_by) as Conversation["handled_by"];
    const agent = (frame.agent as Agent | null) ?? null;
    const last_seq = history.last_seq(id);
    const queue = handled_by === "queue" ? get().queue : null;
    history.know([{ id, status: "open", handled_by, agent, queue, last_seq }]);
    settle();
    if (handled_by !== "assistant") think(false);
  };

  const take_message = (message: Message): void => {
    const is_news = message.seq > history.last_seq(message.conversation_id);
    history.add(message);
    if (message.reply_id) replies.finish(message.reply_id);
    const was_mine = message.client_message_id ? outbox().acked(message.client_message_id) : undefined;
    set({ replies: replies.list() });
    if (message.system?.code === "closed") {
      history.know([{ id: message.conversation_id, status: "closed", handled_by: "assistant", last_seq: message.seq }]);
    }
    if (get().conversation?.id !== history.newest()?.id || message.system) settle();
    if (was_mine) await_answer();
    if (message.from === "contact") return;
    type_for(false);
    if (message.from !== "system") think(false);
    if (is_news) parts.on_message(message);
  };

  const drop_reply = (frame: Frame): void => {
    const reply_id = read_text(frame.reply_id);
    const dropped = replies.list().find((reply) => reply.reply_id === reply_id);
    replies.finish(reply_id);
    set({ replies: replies.list() });
    const reason = read_text(frame.reason);
    if (reason !== "restarted") think(false);
    if (!dropped?.text || (reason !== "taken_over" && reason !== "failed")) return;
    const { conversation_id } = dropped;
    const text = parts.say()(reason === "failed" ? "withdrawn_failed" : "withdrawn_taken_over");
    const remark = { key: reply_id, conversation_id, after_seq: history.last_seq(conversation_id), text };
    set({ remarks: [...get().remarks, remark] });
  };

  const take_ack = (frame: Frame): void => {
    const sent = outbox().acked(read_text(frame.client_message_id));
    if (!sent) return;
    const conversation_id = read_text(frame.conversation_id);
    const seq = read_number(frame.seq);
    if (sent.file_id) {
      // Only the server knows the file's link: fetch what was just stored.
      history.know([{ ...(history.newest() ?? { status: "open", handled_by: "assistant" }), id: conversation_id, last_seq: seq }]);
      void history.catch_up().catch(() => undefined);
    } else {
      const created_at = read_text(frame.created_at) || new Date().toISOString();
      const id = read_text(frame.id);
      const { client_message_id, message_type: type, text } = sent;
      history.add({ id, conversation_id, seq, from: "contact", type, text, created_at, client_message_id });
    }
    settle();
    await_answer();
  };

  const take_ready = (frame: Frame): void => {
    const told = (frame.conversations as (Conversation & { conversation_id: string })[] | undefined) ?? [];
    history.know(told.map(({ conversation_id, ...rest }) => ({ ...rest, id: conversation_id ?? rest.id })));
    replies.clear();
    set({ replies: [] });
    settle();
    outbox().line_up();
    void history.catch_up().then(settle, () => undefined);
  };

  /** Kept with the conversation too: settling after a page of history must not forget it. */
  const take_place = (frame: Frame, conversation_id: string): void => {
    const eta = read_number(frame.eta_seconds, -1);
    const queue = { position: read_number(frame.position), eta_seconds: eta < 0 ? null : eta };
    const newest = history.newest();
    if (newest?.id === conversation_id) history.know([{ ...newest, queue }]);
    set({ queue });
  };

  const take = (frame: Frame): void => {
    const id = read_text(frame.conversation_id);
    if (frame.type === "ready") take_ready(frame);
    else if (frame.type === "ack") take_ack(frame);
    else if (frame.type === "refused") outbox().refused(frame as unknown as Refusal);
    else if (frame.type === "message") take_message(frame.message as Message);
    else if (frame.type === "reply_delta") {
      think(false);
      replies.add(read_text(frame.reply_id), id, read_number(frame.n), read_text(frame.text));
      set({ replies: replies.list() });
    } else if (frame.type === "reply_dropped") drop_reply(frame);
    else if (frame.type === "typing") type_for(frame.from !== "contact");
    else if (frame.type === "handled_by") change_handling(frame);
    else if (frame.type === "queue") take_place(frame, id);
    else if (frame.type === "resync") parts.on_resync();
  };
  return { take, think };
}
