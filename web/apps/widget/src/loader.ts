import type { EventName, Options, Panel, Place } from "./options";
import style from "./style/loader.css?inline";

/** Path of the panel below the server's address, put in by the build. */
declare const PANEL_PATH: string;

type Listener = (data?: unknown) => void;
type Api = ((...call: unknown[]) => void) & { q?: ArrayLike<unknown>[]; here?: boolean };

const page = window as unknown as { yingke?: Api };
const script = (document.currentScript ?? document.querySelector('script[src*="widget.js"][data-key]')) as HTMLScriptElement;
const base = script.src.replace(/widget\.js.*$/, "");

let options = { ...script.dataset } as unknown as Options;
let host: HTMLElement | undefined;
let place: Place | undefined;
let panel: Panel | undefined;
let loading = 0;
let is_wanted = false;
let watch: MutationObserver | undefined;
let waiting: [string, unknown][] = [];
let listeners: [string, Listener][] = [];

const make = <T extends "a" | "button" | "style">(tag: T, parent: Node, id: string): HTMLElementTagNameMap[T] => {
  const made = document.createElement(tag);
  made.id = id;
  return parent.appendChild(made);
};

const emit = (name: EventName, data?: unknown): void => {
  for (const [wanted, call] of listeners) if (wanted === name) call(data);
};

const is_chinese = (): boolean => /^zh/i.test(options.locale || document.documentElement.lang || navigator.language);

/** Drawn beside the bubble when the panel cannot be loaded: the same talk on a page of its own. */
const show_way_out = (root: ShadowRoot): void => {
  if (root.querySelector("#f")) return;
  const link = make("a", root, "f");
  link.href = `${base}chat/${options.key}`;
  link.target = "_blank";
  link.textContent = is_chinese() ? "点这里打开客服页面" : "Open the chat page";
};

const load = (): void => {
  if (!place || panel || loading) return;
  const mine = place;
  const turn = (loading = Date.now());
  if (mine.launcher) mine.launcher.ariaBusy = "true";
  const failed = (): void => {
    if (loading !== turn) return;
    loading = 0;
    if (mine.launcher) mine.launcher.ariaBusy = null;
    show_way_out(mine.root);
  };
  setTimeout(failed, 15000);
  import(/* @vite-ignore */ base + PANEL_PATH).then((code: { mount: (at: Place) => Panel }) => {
    if (loading !== turn || place !== mine) return;
    loading = 0;
    if (mine.launcher) mine.launcher.ariaBusy = null;
    mine.root.querySelector("#f")?.remove();
    const mounted = (panel = code.mount(mine));
    for (const [name, data] of waiting.splice(0)) mounted.call(name, data);
  }, failed);
};

const draw_launcher = (root: ShadowRoot): HTMLElement => {
  const launcher = make("button", root, "l");
  launcher.ariaExpanded = "false";
  launcher.ariaLabel = is_chinese() ? "联系客服" : "Chat with us";
  const draw = (tag: string, parent: Node, name: string, value: string): Node => {
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", tag);
    drawn.setAttribute(name, value);
    return parent.appendChild(drawn);
  };
  const bubble = "M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.2 4.4 3.1 5.8-.1 1-.5 2.1-1.3 3 1.7-.1 3.2-.7 4.4-1.6 8 2 11.8-2.5 11.8-7.2s-4-7.7-9-7.7Z";
  draw("path", draw("svg", launcher, "viewBox", "0 0 24 24"), "d", bubble);
  launcher.onclick = () => api(launcher.ariaExpanded === "true" ? "close" : "open");
  return launcher;
};

const attach = (): void => {
  if (!host || host.isConnected) return;
  const home = options.container ? document.querySelector(options.container) : document.documentElement;
  home?.appendChild(host);
};

/** The first look into the storage makes the browser wait for its disk, so the page goes first. */
const load_earlier_talk = (): void => {
  try {
    if (localStorage.getItem(`yingke:${options.key}:talk`)) load();
  } catch {
    /* storage is blocked: nothing is known of earlier talks */
  }
};

const start = (): void => {
  if (host || !options.key) return;
  host = document.createElement("yingke-widget");
  const root = host.attachShadow({ mode: "open" });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    make("style", root, "s").textContent = style;
  }
  const [x, y] = `${options.offset ?? 20}`.split(",");
  const set = (name: string, value?: unknown): void => {
    if (value) host?.style.setProperty(name, `${value}`);
  };
  set("--x", `${x}px`);
  set("--y", `${y ?? x}px`);
  set("--z", options.zIndex);
  set("--c", options.color);
  host.dataset.side = options.position ?? "right";
  if (options.theme) host.dataset.ykTheme = options.theme;
  const is_hidden = options.container || (options.hideLauncher ?? "false") + "" !== "false";
  const mode = options.container ? "inline" : "float";
  place = { root, base, options, mode, emit, launcher: is_hidden ? undefined : draw_launcher(root) };
  watch = new MutationObserver(attach);
  watch.observe(document, { childList: true, subtree: !!options.container });
  watch.observe(document.documentElement, { childList: true });
  attach();
  // A talk that goes on was wanted before: listen for its answers. Otherwise nothing is loaded until somebody asks.
  if (options.container || is_wanted) load();
  else (window.requestIdleCallback ?? setTimeout)(load_earlier_talk);
};

const api: Api = (...call) => {
  const [name, data, extra] = call as [string, unknown, Listener];
  if (name === "init") {
    options = { ...options, ...(data as Options) };
    start();
  } else if (name === "on") {
    listeners.push([data as string, extra]);
  } else if (name === "destroy") {
    panel?.end();
    watch?.disconnect();
    host?.remove();
    host = place = panel = undefined;
    loading = 0;
    is_wanted = false;
    waiting = [];
    listeners = [];
  } else if (panel) {
    panel.call(name, data);
  } else if (name !== "close") {
    waiting.push([name, data]);
    if (name === "open" || name === "send") {
      is_wanted = true;
      load();
    }
  }
};

if (!page.yingke?.here) {
  const early = page.yingke?.q ?? [];
  api.here = true;
  page.yingke = api;
  for (const call of Array.from(early)) api(...Array.from(call));
  start();
}
