import type { Identity } from "../options";
import type { Store } from "../store";
import type { FileShown, Message } from "../wire";
import type { Say } from "../words/words";
import type { Product } from "./page_context";
import type { State } from "./state";

/** What the screen may ask of the talk. What becomes of it shows in `store`. */
export interface Talk {
  store: Store<State>;
  say: () => Say;
  start: () => Promise<void>;
  send: (text: string) => void;
  typing: () => void;
  stop: (reply_id: string) => void;
  hand_off: () => Promise<void>;
  post: <T>(path: string, body: unknown) => Promise<T>;
  load_older: () => Promise<void>;
  refresh_file: (message: Message) => void;
  file_of: (file_id: string) => FileShown | undefined;
  retry: (client_message_id: string) => void;
  discard: (client_message_id: string) => void;
  upload: (files: File[]) => void;
  retry_upload: (key: string) => void;
  cancel_upload: (key: string) => void;
  hint: (text: string) => void;
  set_language: (language: string) => Promise<void>;
  identify: (identity: Identity | null) => void;
  set_product: (product: Product | null) => void;
  track: (name: string) => void;
  end: () => void;
}
