import tokens from "@yingke/ui/tokens.css?inline";
import { render } from "preact";
import { apply_look } from "./look";
import type { Identity, Panel, Place } from "./options";
import { add_style } from "./style/add_style";
import form_style from "./style/form.css?inline";
import log_style from "./style/log.css?inline";
import panel_style from "./style/panel.css?inline";
import type { Product } from "./talk/page_context";
import { create_talk } from "./talk/talk";
import { Panel as PanelView } from "./view/Panel";
import { load_words, type Words } from "./words/words";
import { zh } from "./words/zh";

const STYLE = tokens + panel_style + log_style + form_style;

function first_language(place: Place): string {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(`yingke:${place.options.key}:language`);
  } catch {
    /* storage is blocked: the page's language decides */
  }
  const wanted = kept ?? place.options.locale ?? (place.mode === "page" ? "" : document.documentElement.lang);
  return /^zh/i.test(wanted || navigator.language) ? "zh-CN" : "en";
}

/** Draws a panel into `place` and starts its talk. The loader and our own pages call this. */
export function mount(place: Place): Panel {
  const { root, launcher, emit, options } = place;
  const host = root.host as HTMLElement;
  add_style(root, STYLE);
  const language = first_language(place);
  const box = root.appendChild(document.createElement("div"));
  const talk = create_talk(place, zh as Words, language);
  const { store } = talk;
  let is_started = false;
  let has_drawn = false;

  const start = async (): Promise<void> => {
    if (is_started) return;
    is_started = true;
    const words = load_words(language);
    const started = talk.start();
    store.set({ words: await words });
    await started;
  };
  const open = (): void => {
    if (store.get().is_open) return;
    store.set({ is_open: true, unread: 0 });
    emit("open");
  };
  const close = (): void => {
    if (place.mode !== "float" || !store.get().is_open) return;
    store.set({ is_open: false });
    emit("close");
    launcher?.focus({ preventScroll: true });
  };

  const show = (): void => {
    const { is_open, unread, settings } = store.get();
    if (settings && !has_drawn) {
      has_drawn = true;
      apply_look(host, options, settings.look);
    }
    if (!launcher) return;
    launcher.ariaExpanded = String(is_open);
    launcher.toggleAttribute("data-open", is_open);
    if (unread > 0) launcher.dataset.unread = unread > 99 ? "99+" : String(unread);
    else delete launcher.dataset.unread;
  };
  store.subscribe(show);
  if (options.color) apply_look(host, options, {});
  if (place.mode !== "float") store.set({ is_open: true });
  void start();
  render(<PanelView talk={talk} place={place} close={close} />, box);

  const commands: Record<string, (data: unknown) => void> = {
    open,
    close,
    send: (data) => {
      open();
      talk.send(String(data ?? ""));
    },
    identify: (data) => talk.identify(data as Identity | null),
    set_product: (data) => talk.set_product(data as Product | null),
    track: (data) => talk.track(String(data ?? "")),
  };
  return {
    call: (name, data) => commands[name]?.(data),
    end: () => {
      talk.end();
      render(null, box);
    },
  };
}
