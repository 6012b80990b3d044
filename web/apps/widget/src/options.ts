/** What a shop may set on the script tag (`data-…`) or in `yingke('init', {…})`. */
export interface Options {
  /** The shop's site key. */
  key: string;
  /** "zh-CN" or "en"; else the page's language, then the browser's. */
  locale?: string;
  /** Fill of the bubble, the visitor's messages and the main buttons. */
  color?: string;
  position?: "left" | "right";
  /** Distance from the edges in pixels: "20" or "20,80" (sideways, upwards). */
  offset?: string;
  zIndex?: string | number;
  theme?: "light" | "dark" | "auto";
  hideLauncher?: boolean | string;
  /** A selector: the panel is drawn inside that element, without a bubble. */
  container?: string;
}

/** Signed identity: a JWT made with the site secret, or the hex HMAC-SHA256 of `external_id` under it. */
export interface Identity {
  identity_token?: string;
  external_id?: string;
  signature?: string;
}

/** Names that a page may listen to with `yingke('on', name, call)`. */
export type EventName = "ready" | "open" | "close" | "message" | "unread";

/** Where a panel is drawn and what it may tell its surroundings. */
export interface Place {
  root: ShadowRoot;
  /** Address of the server, ending in "/". */
  base: string;
  options: Options;
  /** `float` beside a bubble, `inline` in a container, `page` alone on a page of ours. */
  mode: "float" | "inline" | "page";
  launcher?: HTMLElement;
  emit: (name: EventName, data?: unknown) => void;
}

export interface Panel {
  /** A command of the public API, in order. */
  call: (name: string, data?: unknown) => void;
  end: () => void;
}
