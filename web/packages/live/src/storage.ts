/** Text kept by name. It survives a reload where the browser allows that, and lives in memory where it does not. */
export interface Storage {
  read: (name: string) => string | null;
  write: (name: string, text: string) => void;
  remove: (name: string) => void;
  /** All names that begin with `prefix`. */
  names: (prefix: string) => string[];
}

function find_local_storage(): globalThis.Storage | null {
  try {
    const found = globalThis.localStorage;
    const probe = "yingke-probe";
    found.setItem(probe, "1");
    found.removeItem(probe);
    return found;
  } catch {
    return null;
  }
}

/** Never throws: blocked, full or missing storage becomes memory. `is_lasting` false asks for memory only. */
export function open_storage(is_lasting = true): Storage {
  const kept = is_lasting ? find_local_storage() : null;
  const memory = new Map<string, string>();
  return {
    read: (name) => {
      if (memory.has(name)) return memory.get(name) ?? null;
      try {
        return kept?.getItem(name) ?? null;
      } catch {
        return null;
      }
    },
    write: (name, text) => {
      try {
        if (!kept) throw new Error("no storage");
        kept.setItem(name, text);
        memory.delete(name);
      } catch {
        memory.set(name, text);
      }
    },
    remove: (name) => {
      memory.delete(name);
      try {
        kept?.removeItem(name);
      } catch {
        /* a storage that refuses removal has nothing of ours to give back */
      }
    },
    names: (prefix) => {
      const found = new Set(memory.keys());
      try {
        for (let i = 0; kept && i < kept.length; i++) found.add(kept.key(i) ?? "");
      } catch {
        /* blocked while in use: what memory holds is all there is */
      }
      return [...found].filter((name) => name.startsWith(prefix)).sort();
    },
  };
}
