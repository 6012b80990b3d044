import type { Panel, Place } from "./options";
import page_style from "./style/page.css?inline";

/** Address of the panel relative to this script, put in by the build. */
declare const PANEL_FILE: string;

/** `/chat/{site_key}` and `/frame/{site_key}`: the panel alone on a page of ours. The address names the shop. */
const found = /^(.*\/)(?:chat|frame)\/([^/]+)/.exec(location.pathname);
const sheet = new CSSStyleSheet();
sheet.replaceSync(page_style);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

if (found) {
  const query = new URLSearchParams(location.search);
  const host = document.body.appendChild(document.createElement("div"));
  host.className = "yingke-page";
  const theme = query.get("theme");
  if (theme === "light" || theme === "dark") {
    host.dataset.ykTheme = theme;
    document.documentElement.dataset.ykTheme = theme;
  }
  const place: Place = {
    root: host.attachShadow({ mode: "open" }),
    base: location.origin + found[1],
    mode: "page",
    options: {
      key: decodeURIComponent(found[2] ?? ""),
      locale: query.get("locale") ?? undefined,
      color: query.get("color") ?? undefined,
    },
    emit: (name, data) => {
      if (name === "ready") document.title = (data as { title: string }).title;
      // The page around may know that something came, never what was said.
      const told = name === "unread" ? data : undefined;
      if (window.parent !== window) window.parent.postMessage({ source: "yingke", name, data: told }, "*");
    },
  };
  void import(/* @vite-ignore */ `./${PANEL_FILE}`).then((code: { mount: (at: Place) => Panel }) => {
    const panel = code.mount(place);
    // The demo page around may put a line into the visitor's mouth; nobody of another origin may.
    addEventListener("message", (event: MessageEvent<{ yingke?: string; text?: string } | null>) => {
      if (event.origin === location.origin && event.data?.yingke === "send") panel.call("send", event.data.text);
    });
  });
}
