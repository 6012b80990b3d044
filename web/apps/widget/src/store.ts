import { useEffect, useReducer } from "preact/hooks";

export interface Store<S extends object> {
  get: () => S;
  set: (change: Partial<S>) => void;
  subscribe: (call: () => void) => () => void;
}

/** One object of state; whoever subscribed is called after each change, at most once a microtask. */
export function create_store<S extends object>(initial: S): Store<S> {
  let state = initial;
  let is_due = false;
  const calls = new Set<() => void>();
  return {
    get: () => state,
    set: (change) => {
      state = { ...state, ...change };
      if (is_due) return;
      is_due = true;
      queueMicrotask(() => {
        is_due = false;
        for (const call of calls) call();
      });
    },
    subscribe: (call) => {
      calls.add(call);
      return () => calls.delete(call);
    },
  };
}

/** The state, drawn again after each change. */
export function use_store<S extends object>(store: Store<S>): S {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => store.subscribe(() => draw(undefined as never)), [store]);
  return store.get();
}
