/** An answer that is still being written. `is_whole` is false once a delta was missed: its text is then not shown. */
export interface Reply {
  reply_id: string;
  conversation_id: string;
  text: string;
  is_whole: boolean;
}

export interface Replies {
  list: () => readonly Reply[];
  /** Take one `reply_delta`; deltas count `n` upwards by one from 0 or 1. */
  add: (reply_id: string, conversation_id: string, n: number, text: string) => void;
  /** The answer is stored or dropped. True when it was known. Late deltas of it are ignored. */
  finish: (reply_id: string) => boolean;
  /** The line was cut: deltas are never replayed, so what was being written cannot be continued. */
  clear: () => void;
}

const FINISHED_KEPT = 50;

/** Streaming answers by `reply_id`. */
export function create_replies(): Replies {
  const open = new Map<string, Reply & { n: number }>();
  const finished: string[] = [];
  return {
    list: () => [...open.values()],
    add: (reply_id, conversation_id, n, text) => {
      if (finished.includes(reply_id)) return;
      const known = open.get(reply_id);
      if (!known) {
        const is_whole = n <= 1;
        open.set(reply_id, { reply_id, conversation_id, n, is_whole, text: is_whole ? text : "" });
      } else if (n > known.n) {
        const is_whole = known.is_whole && n === known.n + 1;
        open.set(reply_id, { ...known, n, is_whole, text: is_whole ? known.text + text : "" });
      }
    },
    finish: (reply_id) => {
      finished.push(reply_id);
      if (finished.length > FINISHED_KEPT) finished.shift();
      return open.delete(reply_id);
    },
    clear: () => open.clear(),
  };
}
