import { create_replies, open_connection, open_storage, type Connection, type ConnectionState, type Outbox } from "@yingke/live";
import { open_http, Refused } from "../http";
import type { Identity, Place } from "../options";
import { create_store } from "../store";
import type { FileShown, Message } from "../wire";
import { load_more } from "../view/load_more";
import { load_words, speak, type Say, type Words } from "../words/words";
import { ask_for_person } from "./ask_for_person";
import type { Talk } from "./contract";
import { create_history } from "./history";
import { create_incoming } from "./incoming";
import { open_notice } from "./notice";
import { outbox_of } from "./outbox_of";
import { read_page, watch_page, type PageContext, type Product } from "./page_context";
import { open_session } from "./session";
import { first_state, type State } from "./state";
import type { UploadParts, Uploads } from "./uploads";

const TYPING_EVERY_MS = 2_000;
const CUT_AFTER_MS = 2_500;
const STOP_PATIENCE_MS = 3_000;

/** Everything between the screen and the server for one visitor. Nothing is asked of the server before `start`. */
export function create_talk(place: Place, words: Words, first_language: string): Talk {
  const { base, options } = place;
  const site_key = options.key;
  const store = create_store<State>(first_state(words, first_language));
  const { get, set } = store;
  const say = (): Say => speak(get().words);
  const storage = open_storage();
  const http = open_http(base);
  const files = new Map<string, FileShown>();
  let connection: Connection | null = null;
  let visitor_token = "";
  let contact_id = "";
  let identity: Identity | null = null;
  let product: Product | null = null;
  let last_typing = 0;
  let cut: ReturnType<typeof setTimeout> | undefined;
  let hinting: ReturnType<typeof setTimeout> | undefined;
  let start_count = 0;

  const history = create_history(http, () => set({ messages: history.messages(), has_older: history.has_older() }));
  const replies = create_replies();
  const notice = open_notice(http, get, set, () => outbox.line_up());
  const open_outbox = (owner: string): Outbox =>
    outbox_of(owner, {
      site_key,
      storage,
      notice,
      send: (frame) => connection?.send(frame) ?? false,
      redial: () => connection?.redial(),
      on_change: () => set({ outgoing: outbox?.list() ?? [] }),
      line_up: () => outbox.line_up(),
    });
  let outbox: Outbox = open_outbox("");

  const remember_talk = (): void => storage.write(`yingke:${site_key}:talk`, "1");
  const on_message = (message: Message): void => {
    remember_talk();
    if (!get().is_open && message.from !== "system") {
      const unread = get().unread + 1;
      set({ unread });
      place.emit("unread", unread);
    }
    place.emit("message", { id: message.id, from: message.from, type: message.type, text: message.text });
  };
  const incoming = create_incoming({
    get,
    set,
    say,
    history,
    outbox: () => outbox,
    replies,
    on_message,
    on_resync: () => {
      history.reset(false);
      void reload().then(() => connection?.redial());
    },
  });

  const on_line = (line: ConnectionState): void => {
    set({ line });
    if (line === "online" || line === "ended") {
      clearTimeout(cut);
      cut = undefined;
      set({ is_cut: false });
    } else cut ??= setTimeout(() => set({ is_cut: true }), CUT_AFTER_MS);
    if (line !== "online") outbox.line_down();
    if (line === "refused") void start();
  };

  /** The newest page of what was said; whatever cannot be had now comes by the socket. */
  const reload = async (): Promise<void> => {
    await history.list_all().then(history.catch_up).catch(() => undefined);
  };

  const connect = (): void => {
    connection?.end();
    connection = open_connection({
      address: () => `${base.replace(/^http/, "ws")}v1/widget/stream`,
      hello: () => ({ type: "hello", visitor_token, language: get().language, cursors: history.cursors() }),
      on_frame: incoming.take,
      on_state: on_line,
    });
  };

  const page = (): PageContext => read_page(product);
  const session_parts = { http, storage, site_key, page, language: () => get().language, identity: () => identity };

  async function start(): Promise<void> {
    const turn = ++start_count;
    set({ phase: get().settings ? "ready" : "loading", problem: "", is_final: false });
    http.use({ language: get().language });
    try {
      const session = await open_session(session_parts);
      if (turn !== start_count) return;
      visitor_token = session.visitor_token;
      outbox.line_down();
      const early = contact_id ? [] : outbox.list();
      contact_id = session.contact_id;
      outbox = open_outbox(contact_id);
      for (const { message_type, text, page } of early) outbox.add({ message_type, text, page });
      history.reset(session.is_new && session.conversation_id === null);
      set({ phase: "ready", settings: session.settings, outgoing: outbox.list(), messages: [], conversation: null });
      if (session.conversation_id) remember_talk();
      if (session.conversation_id || !session.is_new) {
        await reload();
        if (turn !== start_count) return;
      }
      connect();
      place.emit("ready", { title: session.settings.look.title || session.settings.shop.name });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (turn !== start_count) return;
      const is_final = error.status >= 400 && error.status < 500 && error.status !== 429;
      set({ phase: "failed", problem: error.detail, is_final });
    }
  }

  const upload_parts: UploadParts = {
    http,
    get,
    set,
    say,
    on_stored: (file_id, is_picture, shown) => {
      files.set(file_id, shown);
      remember_talk();
      outbox.add({ message_type: is_picture ? "image" : "file", file_id, page: { ...page() } });
    },
  };
  let uploads: Uploads | null = null;
  const with_uploads = (act: (uploads: Uploads) => void): void => {
    load_more().then(
      (more) => act((uploads ??= more.create_uploads(upload_parts))),
      () => hint(say()("load_failed")),
    );
  };

  const hint = (text: string): void => {
    clearTimeout(hinting);
    set({ hint: text });
    hinting = setTimeout(() => set({ hint: "" }), 6_000);
  };

  const visit = (title?: string): void => {
    if (!notice.is_recorded()) return;
    const at = page();
    connection?.send({ type: "visit", url: at.url, title: title ?? at.title });
  };
  const stop_watching = place.mode === "page" ? () => undefined : watch_page(() => visit());
  const wake = (): void => {
    if (get().phase === "failed" && !get().is_final) void start();
  };
  window.addEventListener("online", wake);

  return {
    store,
    say,
    start,
    send: (text) => {
      const said = text.trim();
      if (!said) return;
      remember_talk();
      outbox.add({ message_type: "text", text: said, page: { ...page() } });
    },
    typing: () => {
      const id = get().conversation?.id;
      if (!id || Date.now() - last_typing < TYPING_EVERY_MS) return;
      if (connection?.send({ type: "typing", conversation_id: id })) last_typing = Date.now();
    },
    stop: (reply_id) => {
      connection?.send({ type: "stop", reply_id });
      setTimeout(() => {
        if (replies.list().some((reply) => reply.reply_id === reply_id)) {
          replies.finish(reply_id);
          set({ replies: replies.list() });
        }
      }, STOP_PATIENCE_MS);
    },
    hand_off: () => ask_for_person({ http, get, set, notice, hint, think: incoming.think, say, redial: () => connection?.redial() }),
    post: async (path, body) => {
      await notice.record();
      return http.post(path, body);
    },
    load_older: async () => {
      if (get().is_loading_older || !get().has_older) return;
      set({ is_loading_older: true });
      try {
        await history.load_older();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      set({ is_loading_older: false, has_older: history.has_older() });
    },
    refresh_file: (message) => void history.refresh(message).catch(() => undefined),
    file_of: (file_id) => files.get(file_id),
    retry: (id) => outbox.retry(id),
    discard: (id) => outbox.remove(id),
    upload: (files) => with_uploads((all) => all.add(files)),
    retry_upload: (key) => with_uploads((all) => all.retry(key)),
    cancel_upload: (key) => with_uploads((all) => all.cancel(key)),
    hint,
    set_language: async (language) => {
      storage.write(`yingke:${site_key}:language`, language);
      set({ language, words: await load_words(language) });
      http.use({ language });
      const session = await open_session(session_parts).catch(() => null);
      if (session) set({ settings: session.settings });
    },
    identify: (next) => {
      if (!(identity = next)) storage.remove(`yingke:${site_key}:token`);
      if (start_count > 0) void start();
    },
    set_product: (next) => {
      product = next;
    },
    track: (name) => visit(name.slice(0, 300)),
    end: () => {
      start_count++;
      connection?.end();
      outbox.line_down();
      uploads?.end();
      stop_watching();
      clearTimeout(cut);
      clearTimeout(hinting);
      window.removeEventListener("online", wake);
    },
  };
}
