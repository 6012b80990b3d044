import type { JSX, TargetedEvent } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { use_scene } from "./scene";

const TALLEST_PX = 132;
const NEARLY_FULL = 0.9;

/** An Enter that ends a composition of an input method is not an Enter; Safari reports it late as key 229. */
export function is_send_key(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}

/** Where the visitor writes, and gives pictures and files by button or paste. */
export function Composer(): JSX.Element {
  const { talk, state, say } = use_scene();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, set_text] = useState("");
  const most = state.settings?.limits.max_chars ?? 4000;
  const count = [...text].length;
  const is_over = count > most;
  const can_send = text.trim() !== "" && !is_over;

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(TALLEST_PX, box.scrollHeight)}px`;
  }, [text]);
  useEffect(() => {
    // On a phone focus would raise the keyboard over the first screen.
    if (state.is_open && !matchMedia("(pointer: coarse)").matches) area.current?.focus({ preventScroll: true });
  }, [state.is_open]);

  const send = (): void => {
    if (!can_send) return;
    talk.send(text);
    set_text("");
    area.current?.focus({ preventScroll: true });
  };
  const paste = (event: ClipboardEvent): void => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    talk.upload(files);
  };
  const picked = (event: TargetedEvent<HTMLInputElement>): void => {
    talk.upload([...(event.currentTarget.files ?? [])]);
    event.currentTarget.value = "";
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {state.hint && (
        <p class="hint" role="alert">
          {state.hint}
        </p>
      )}
      {count > most * NEARLY_FULL && (
        <p class={`count${is_over ? " fault" : ""}`} role="status">
          {is_over ? say("too_long", { n: most, over: count - most }) : `${count} / ${most}`}
        </p>
      )}
      <div class="composer-line">
        <button type="button" class="round" aria-label={say("attach")} title={say("attach")} onClick={() => picker.current?.click()}>
          <Icon name="attach" />
        </button>
        <input ref={picker} type="file" multiple hidden onChange={picked} />
        <textarea
          ref={area}
          rows={1}
          value={text}
          aria-label={say("placeholder")}
          placeholder={say(state.conversation?.handled_by === "agent" ? "placeholder_agent" : "placeholder")}
          enterkeyhint="send"
          onInput={(event) => {
            set_text(event.currentTarget.value);
            talk.typing();
          }}
          onKeyDown={(event) => {
            if (!is_send_key(event)) return;
            event.preventDefault();
            send();
          }}
          onPaste={paste}
        />
        <button type="submit" class="round send" aria-label={say("send")} aria-disabled={!can_send}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
