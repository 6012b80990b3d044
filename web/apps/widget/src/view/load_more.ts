export type More = typeof import("./more");

let loaded: More | null = null;
let loading: Promise<More> | null = null;

export function loaded_more(): More | null {
  return loaded;
}

/** The parts beyond the first screen, fetched once; a failed fetch may be tried again. */
export function load_more(): Promise<More> {
  loading ??= import("./more").then(
    (more) => (loaded = more),
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
