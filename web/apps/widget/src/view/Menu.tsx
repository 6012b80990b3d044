import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { use_scene } from "./scene";

/** Language, leaving a message, rating: what is wanted rarely. */
export function Menu(): JSX.Element {
  const { talk, state, say, place } = use_scene();
  const [is_open, set_open] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!is_open) return undefined;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const shut = (event: Event): void => {
      if (!box.current || !event.composedPath().includes(box.current)) set_open(false);
    };
    place.root.addEventListener("pointerdown", shut);
    return () => place.root.removeEventListener("pointerdown", shut);
  }, [is_open]);

  const pick = (act: () => void) => () => {
    set_open(false);
    box.current?.querySelector("button")?.focus();
    act();
  };
  const move = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = items.indexOf(event.target as HTMLElement);
    if (event.key === "Escape" && is_open) {
      event.stopPropagation();
      pick(() => undefined)();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]?.focus();
    }
  };
  const other = state.language.startsWith("zh") ? "en" : "zh-CN";
  const speaks_other = state.settings?.languages?.includes(other) ?? false;
  return (
    <div ref={box} onKeyDown={move}>
      <button type="button" class="round" aria-label={say("menu")} aria-haspopup="menu" aria-expanded={is_open} onClick={() => set_open(!is_open)}>
        <Icon name="more" />
      </button>
      {is_open && (
        <div class="menu-list" role="menu" aria-label={say("menu")}>
          {speaks_other && (
            <button type="button" role="menuitem" lang={other} onClick={pick(() => void talk.set_language(other))}>
              {say("language")}
            </button>
          )}
          <button type="button" role="menuitem" onClick={pick(() => talk.store.set({ view: "leave_message" }))}>
            {say("leave_message")}
          </button>
          {state.conversation && (
            <button type="button" role="menuitem" onClick={pick(() => talk.store.set({ is_rating: true, view: "talk" }))}>
              {say("rate_now")}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
