import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { use_scene, web_address } from "./scene";

/** All pictures of the talk, one at a time, as large as the window. ← and → step, Esc closes. */
export function Viewer(): JSX.Element | null {
  const { talk, state, say, place } = use_scene();
  const box = useRef<HTMLDivElement>(null);
  const [turns, set_turns] = useState(0);
  const pictures = state.messages.filter((message) => message.type === "image" && message.file && !message.recalled_at);
  const at = pictures.findIndex((message) => message.id === state.viewing);
  const message = pictures[at];
  const opener = useRef<Element | null>(null);

  const close = (): void => talk.store.set({ viewing: null });
  const step = (by: number) => (): void => {
    const next = pictures[at + by];
    if (!next) return;
    set_turns(0);
    talk.store.set({ viewing: next.id });
  };
  useEffect(() => {
    opener.current = place.root.activeElement;
    box.current?.focus();
    return () => {
      if (opener.current instanceof HTMLElement) opener.current.focus();
    };
  }, []);
  if (!message?.file) return null;

  const address = web_address(place.base, message.file.url);
  const keys = (event: KeyboardEvent): void => {
    const act = { Escape: close, ArrowLeft: step(-1), ArrowRight: step(1) }[event.key];
    if (event.key === "Tab") hold_focus(event, box.current);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div class="viewer" ref={box} role="dialog" aria-modal="true" aria-label={say("viewer")} tabIndex={-1} onKeyDown={keys}>
      <div class="viewer-bar">
        <span role="status">
          {at + 1} / {pictures.length}
        </span>
        <button type="button" class="round" aria-label={say("rotate")} onClick={() => set_turns(turns + 1)}>
          <Icon name="retry" />
        </button>
        {address && (
          <a class="round" href={address} download={message.file.name} target="_blank" rel="noopener" aria-label={say("download")}>
            <Icon name="download" />
          </a>
        )}
        <button type="button" class="round" aria-label={say("close_viewer")} onClick={close}>
          <Icon name="cross" />
        </button>
      </div>
      <div class="viewer-stage" onClick={close}>
        {address && <img src={address} alt={message.file.name} data-turns={turns % 4} onClick={(event) => event.stopPropagation()} />}
      </div>
      {at > 0 && (
        <button type="button" class="round step before" aria-label={say("previous")} onClick={step(-1)}>
          <Icon name="back" size={28} />
        </button>
      )}
      {at < pictures.length - 1 && (
        <button type="button" class="round step after" aria-label={say("next")} onClick={step(1)}>
          <Icon name="chevron" size={28} />
        </button>
      )}
    </div>
  );
}

/** A modal keeps Tab inside itself. */
function hold_focus(event: KeyboardEvent, box: HTMLElement | null): void {
  const stops = [...(box?.querySelectorAll<HTMLElement>("button, a") ?? [])];
  const active = (box?.getRootNode() as ShadowRoot).activeElement;
  const end = event.shiftKey ? stops[0] : stops[stops.length - 1];
  if (active !== end && !(event.shiftKey && active === box)) return;
  event.preventDefault();
  stops[event.shiftKey ? stops.length - 1 : 0]?.focus();
}
