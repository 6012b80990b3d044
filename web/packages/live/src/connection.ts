import { back_off } from "./back_off";
import { parse_frame, read_number, type Frame } from "./frame";

/** `waiting`: cut, and will dial again by itself. `refused`: the server does not know us (close code 4001). */
export type ConnectionState = "connecting" | "online" | "waiting" | "refused" | "ended";

export interface ConnectionOptions {
  /** Where to dial, asked anew for every try. */
  address: () => string;
  /** The first frame, asked anew for every try, so that it carries the newest cursors. */
  hello: () => Frame;
  /** Every frame but `ping` and `reconnect`, `ready` included. */
  on_frame: (frame: Frame) => void;
  on_state?: (state: ConnectionState) => void;
  open_socket?: (address: string) => WebSocket;
  /** A line silent for longer than this is taken for dead; the server pings more often. */
  silence_ms?: number;
}

export interface Connection {
  state: () => ConnectionState;
  /** False when the frame could not be handed to an open, greeted socket. */
  send: (frame: Frame) => boolean;
  /** Dial at once unless the line is well; also ends the `refused` state. */
  wake: () => void;
  /** Drop the line and dial anew. */
  redial: () => void;
  end: () => void;
}

const GREETING_MS = 12_000;
const UNKNOWN_CLIENT = 4001;

/** A socket that comes back by itself forever; what was missed meanwhile is fetched by the cursors in `hello`. */
export function open_connection(options: ConnectionOptions): Connection {
  const silence_ms = options.silence_ms ?? 70_000;
  const open_socket = options.open_socket ?? ((address: string) => new WebSocket(address));
  let socket: WebSocket | null = null;
  let state: ConnectionState = "waiting";
  let tries = 0;
  let heard_at = 0;
  let not_before = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let greeting: ReturnType<typeof setTimeout> | undefined;

  const become = (next: ConnectionState): void => {
    if (next === state) return;
    state = next;
    options.on_state?.(next);
  };

  const drop = (): void => {
    clearTimeout(greeting);
    const old = socket;
    socket = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.onerror = () => undefined;
    old.close();
  };

  const dial_in = (wait_ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(dial, wait_ms);
  };

  const lost = (code: number): void => {
    drop();
    if (state === "ended") return;
    if (code === UNKNOWN_CLIENT) return become("refused");
    become("waiting");
    dial_in(Math.max(not_before - Date.now(), back_off(tries++)));
  };

  const hear = (data: unknown): void => {
    heard_at = Date.now();
    const frame = parse_frame(data);
    if (!frame) return;
    if (frame.type === "ping") {
      socket?.send('{"type":"pong"}');
    } else if (frame.type === "reconnect") {
      const after_ms = read_number(frame.after_ms);
      not_before = Date.now() + after_ms;
      clearTimeout(timer);
      timer = setTimeout(redial, after_ms);
    } else {
      if (frame.type === "ready") {
        clearTimeout(greeting);
        tries = 0;
        become("online");
      }
      options.on_frame(frame);
    }
  };

  function dial(): void {
    clearTimeout(timer);
    if (socket || state === "ended") return;
    become("connecting");
    let next: WebSocket;
    try {
      next = open_socket(options.address());
    } catch {
      return lost(0);
    }
    socket = next;
    greeting = setTimeout(() => lost(0), GREETING_MS);
    next.onopen = () => {
      heard_at = Date.now();
      next.send(JSON.stringify(options.hello()));
    };
    next.onmessage = (event) => hear(event.data);
    next.onclose = (event) => lost(event.code);
  }

  function redial(): void {
    if (state === "ended") return;
    drop();
    become("waiting");
    dial();
  }

  const wake = (): void => {
    if (state === "ended" || Date.now() < not_before) return;
    const is_stale = socket !== null && Date.now() - heard_at > silence_ms / 2;
    if (is_stale) drop();
    if (!socket) {
      tries = 0;
      dial();
    }
  };
  const wake_when_seen = (): void => {
    if (document.visibilityState === "visible") wake();
  };
  const cut = (): void => {
    if (socket) lost(0);
  };
  const watch = setInterval(() => {
    if (state === "online" && Date.now() - heard_at > silence_ms) lost(0);
  }, 5_000);

  const has_page = typeof window !== "undefined";
  if (has_page) {
    window.addEventListener("online", wake);
    window.addEventListener("offline", cut);
    window.addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", wake_when_seen);
  }
  dial();

  return {
    state: () => state,
    send: (frame) => {
      if (state !== "online" || socket?.readyState !== 1) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    wake,
    redial,
    end: () => {
      become("ended");
      clearTimeout(timer);
      clearInterval(watch);
      drop();
      if (!has_page) return;
      window.removeEventListener("online", wake);
      window.removeEventListener("offline", cut);
      window.removeEventListener("pageshow", wake);
      document.removeEventListener("visibilitychange", wake_when_seen);
    },
  };
}
