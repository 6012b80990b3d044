/** What happened to a message that was offered: `gap` means that earlier ones are missing and must be fetched. */
export type Placed = "added" | "repeat" | "gap";

export interface Timeline<M extends { seq: number }> {
  /** An unbroken run, ascending by `seq`. */
  items: () => readonly M[];
  /** The first and last `seq` of the run; both 0 while it is empty. */
  first: () => number;
  last: () => number;
  /** Offer one message. A known `seq` replaces the content without moving anything. */
  add: (message: M) => Placed;
  /** Put a page in: the newest page into an empty run, or one that ends right before it. */
  add_page: (page: readonly M[]) => void;
  /** True while messages wait for earlier ones. */
  has_gap: () => boolean;
  clear: () => void;
}

/**
 * The messages of one conversation in order, each once. `seq` is dense from 1, so a hole is always a message not seen yet:
 * later ones are held back until it is filled, and `last()` is a cursor that never skips.
 */
export function create_timeline<M extends { seq: number }>(): Timeline<M> {
  let run: M[] = [];
  const held = new Map<number, M>();
  const first = (): number => run[0]?.seq ?? 0;
  const last = (): number => run[run.length - 1]?.seq ?? 0;

  const release = (): void => {
    for (let next = held.get(last() + 1); next; next = held.get(last() + 1)) {
      held.delete(next.seq);
      run = [...run, next];
    }
    for (const seq of [...held.keys()]) if (seq <= last()) held.delete(seq);
  };

  const add = (message: M): Placed => {
    const { seq } = message;
    if (run.length > 0 && seq >= first() && seq <= last()) {
      run = run.map((known) => (known.seq === seq ? message : known));
      return "repeat";
    }
    if (run.length > 0 && seq < first()) {
      if (seq === first() - 1) run = [message, ...run];
      return "repeat";
    }
    if (seq === last() + 1) {
      run = [...run, message];
      release();
      return "added";
    }
    held.set(seq, message);
    return "gap";
  };

  return {
    items: () => run,
    first,
    last,
    add,
    add_page: (page) => {
      const sorted = [...page].sort((a, b) => a.seq - b.seq);
      if (run.length === 0) {
        run = sorted;
        release();
        return;
      }
      const older = sorted.filter((message) => message.seq < first());
      if (older.length > 0 && older[older.length - 1]?.seq === first() - 1) run = [...older, ...run];
      for (const message of sorted) if (message.seq > last()) add(message);
    },
    has_gap: () => held.size > 0,
    clear: () => {
      run = [];
      held.clear();
    },
  };
}
