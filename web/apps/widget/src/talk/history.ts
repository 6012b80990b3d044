import { create_timeline, type Timeline } from "@yingke/live";
import type { Http } from "../http";
import type { Conversation, Message } from "../wire";

export const PAGE_SIZE = 40;
const FILL_SIZE = 200;
/** Older conversations are closed for good; nothing new comes in them. */
const FOLLOWED = 5;

export interface History {
  /** Take over what the server says of conversations; unknown ones join in their place. */
  know: (conversations: readonly Conversation[]) => void;
  newest: () => Conversation | null;
  /** The last `seq` of every conversation that was loaded, for `hello`. */
  cursors: () => Record<string, number>;
  /** Ask the server for all conversations of this visitor. */
  list_all: () => Promise<void>;
  add: (message: Message) => void;
  /** The newest page of the newest conversation, and whatever a cut left out of the others. */
  catch_up: () => Promise<void>;
  has_older: () => boolean;
  load_older: () => Promise<void>;
  messages: () => readonly Message[];
  last_seq: (conversation_id: string) => number;
  /** Fetch one message anew, for a fresh link to its file. */
  refresh: (message: Message) => Promise<void>;
  /** `is_new`: the visitor was never here, so there is nothing to ask for. */
  reset: (is_new: boolean) => void;
}

interface Kept {
  conversation: Conversation;
  timeline: Timeline<Message>;
}

/** Ids are 64-bit numbers written as text, and later conversations have larger ones. */
function is_before(a: string, b: string): boolean {
  return a.length === b.length ? a < b : a.length < b.length;
}

/** All that was said with this visitor, as far as it was loaded: the newest conversation first, earlier ones on demand. */
export function create_history(http: Http, on_change: () => void): History {
  let kept: Kept[] = [];
  let knows_all = false;
  const filling = new Set<string>();

  const find = (id: string): Kept | undefined => kept.find(({ conversation }) => conversation.id === id);
  const ensure = (conversation: Conversation): Kept => {
    const known = find(conversation.id);
    if (known) {
      const last_seq = Math.max(known.conversation.last_seq ?? 0, conversation.last_seq ?? 0);
      known.conversation = { ...known.conversation, ...conversation, last_seq };
      return known;
    }
    const added = { conversation, timeline: create_timeline<Message>() };
    kept = [...kept, added].sort((a, b) => (is_before(a.conversation.id, b.conversation.id) ? -1 : 1));
    return added;
  };

  const fetch_page = async (id: string, after_seq: number, limit: number): Promise<Message[]> => {
    const query = `conversation_id=${encodeURIComponent(id)}&after_seq=${after_seq}&limit=${limit}`;
    return (await http.get<{ items: Message[] }>(`v1/widget/messages?${query}`)).items;
  };

  const fill = async (one: Kept): Promise<void> => {
    const { id } = one.conversation;
    if (filling.has(id)) return;
    filling.add(id);
    try {
      for (;;) {
        const { timeline, conversation } = one;
        const is_new = timeline.last() === 0;
        if (!is_new && !timeline.has_gap() && timeline.last() >= conversation.last_seq) return;
        const after_seq = is_new ? Math.max(0, conversation.last_seq - PAGE_SIZE) : timeline.last();
        const page = await fetch_page(id, after_seq, is_new ? PAGE_SIZE : FILL_SIZE);
        if (page.length === 0) return;
        timeline.add_page(page);
        on_change();
        if (timeline.last() <= after_seq) return;
      }
    } finally {
      filling.delete(id);
    }
  };
  const fill_quietly = (one: Kept): void => void fill(one).catch(() => undefined);

  const shown = (): Kept[] => kept.filter(({ timeline }) => timeline.last() > 0);
  const newest = (): Kept | undefined => kept[kept.length - 1];
  const list_all = async (): Promise<void> => {
    if (knows_all) return;
    const { items } = await http.get<{ items: Conversation[] }>("v1/widget/conversations");
    items.forEach(ensure);
    knows_all = true;
  };

  return {
    know: (conversations) => conversations.forEach(ensure),
    newest: () => newest()?.conversation ?? null,
    cursors: () =>
      Object.fromEntries(shown().slice(-FOLLOWED).map(({ conversation, timeline }) => [conversation.id, timeline.last()])),
    list_all,
    add: (message) => {
      const id = message.conversation_id;
      const one = find(id) ?? ensure({ id, status: "open", handled_by: "assistant", last_seq: 0 });
      one.conversation.last_seq = Math.max(one.conversation.last_seq, message.seq);
      if (one.timeline.add(message) === "gap") fill_quietly(one);
      on_change();
    },
    catch_up: async () => {
      const latest = newest();
      if (latest && latest.conversation.last_seq > 0) await fill(latest);
      for (const one of shown()) if (one !== latest) await fill(one);
    },
    has_older: () => {
      const first = shown()[0];
      if (!first) return false;
      return first.timeline.first() > 1 || kept.indexOf(first) > 0 || !knows_all;
    },
    load_older: async () => {
      const first = shown()[0];
      if (!first) return;
      const start = first.timeline.first();
      if (start > 1) {
        const after_seq = Math.max(0, start - 1 - PAGE_SIZE);
        first.timeline.add_page(await fetch_page(first.conversation.id, after_seq, start - 1 - after_seq));
      } else {
        await list_all();
        const before = kept[kept.indexOf(first) - 1];
        if (before && before.conversation.last_seq > 0) await fill(before);
        else if (before) kept = kept.filter((one) => one !== before);
      }
      on_change();
    },
    messages: () => shown().flatMap(({ timeline }) => timeline.items()),
    last_seq: (id) => find(id)?.timeline.last() ?? 0,
    refresh: async (message) => {
      const page = await fetch_page(message.conversation_id, message.seq - 1, 1);
      find(message.conversation_id)?.timeline.add_page(page);
      page.forEach((fresh) => find(fresh.conversation_id)?.timeline.add(fresh));
      on_change();
    },
    reset: (is_new) => {
      kept = [];
      knows_all = is_new;
    },
  };
}
