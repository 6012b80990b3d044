import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "./icons";
import { Later } from "./Later";
import { Message, OutgoingMessage } from "./Message";
import { arrange, type Row } from "./rows";
import { use_scene } from "./scene";
import { SystemLine } from "./SystemLine";
import { Welcome } from "./Welcome";

const NEAR_PX = 96;
const OLDER_PX = 160;

function DayLine({ at }: { at: string }): JSX.Element {
  const { state, say } = use_scene();
  const date = new Date(at);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const clock = date.toLocaleTimeString(state.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = days === 0 ? say("today") : days === 1 ? say("yesterday") : date.toLocaleDateString(state.language, { month: "short", day: "numeric" });
  return (
    <p class="system">
      <time dateTime={at}>
        {day} {clock}
      </time>
    </p>
  );
}

function Line({ row }: { row: Row }): JSX.Element | null {
  const { say } = use_scene();
  if (row.kind === "said") return <Message message={row.message} goes_on={row.goes_on} />;
  if (row.kind === "system") return <SystemLine messages={row.messages} />;
  if (row.kind === "day") return <DayLine at={row.at} />;
  return <p class="system">{row.kind === "earlier" ? say("earlier_talk") : row.text}</p>;
}

/** It stands still while the answer grows beside it. */
function Stop({ reply_id }: { reply_id: string }): JSX.Element {
  const { talk, say } = use_scene();
  const [is_stopping, set_stopping] = useState(false);
  const stop = (): void => {
    set_stopping(true);
    talk.stop(reply_id);
  };
  return (
    <button type="button" class="pill" disabled={is_stopping} onClick={stop}>
      <Icon name="stop" size={14} />
      {say("stop")}
    </button>
  );
}

/** All that was said and is being said. Follows the newest line unless the visitor reads further up. */
export function Log(): JSX.Element {
  const { talk, state, say, place } = use_scene();
  const box = useRef<HTMLDivElement>(null);
  const is_at_end = useRef(true);
  const held = useRef<{ row: Element; top: number } | null>(null);
  const [is_behind, set_behind] = useState(false);
  const rows = useMemo(() => arrange(state.messages, state.remarks), [state.messages, state.remarks]);
  const own_count = state.outgoing.length + state.uploads.length;
  const end_key = rows[rows.length - 1]?.key;

  const go_to_end = (): void => {
    const log = box.current;
    if (log) log.scrollTop = log.scrollHeight;
    is_at_end.current = true;
    set_behind(false);
  };
  /** The row at the upper edge, and where it stands: older rows that come in above must not move it. */
  const hold = (): void => {
    const log = box.current;
    if (!log) return;
    const edge = log.getBoundingClientRect().top;
    const row = [...log.querySelectorAll(".row")].find((one) => one.getBoundingClientRect().bottom > edge);
    held.current = row ? { row, top: row.getBoundingClientRect().top } : null;
  };
  useLayoutEffect(() => {
    const log = box.current;
    if (!log) return;
    if (is_at_end.current) log.scrollTop = log.scrollHeight;
    else if (held.current?.row.isConnected) log.scrollTop += held.current.row.getBoundingClientRect().top - held.current.top;
    if (!is_at_end.current) hold();
  });
  useEffect(() => {
    if (!is_at_end.current) set_behind(true);
  }, [end_key]);
  useEffect(() => {
    if (own_count > 0) go_to_end();
  }, [own_count]);
  useEffect(() => {
    const log = box.current;
    if (!log || typeof ResizeObserver === "undefined") return undefined;
    const watch = new ResizeObserver(() => is_at_end.current && go_to_end());
    watch.observe(log);
    return () => watch.disconnect();
  }, []);

  const look = (): void => {
    const log = box.current;
    if (!log) return;
    is_at_end.current = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    if (is_at_end.current) set_behind(false);
    else hold();
    if (log.scrollTop < OLDER_PX) void talk.load_older();
  };
  // The mark of the law goes along when a piece of an answer is copied.
  const copy = (event: ClipboardEvent): void => {
    const root = place.root as ShadowRoot & { getSelection?: () => Selection | null };
    const picked = String(root.getSelection?.() ?? getSelection() ?? "");
    const is_ai = event.target instanceof Element && event.target.closest(".assistant");
    if (!picked || !is_ai || picked.includes(say("ai_mark"))) return;
    event.clipboardData?.setData("text/plain", `${picked} [${say("ai_mark")}]`);
    event.preventDefault();
  };
  return (
    <div class="log-frame" onCopy={copy}>
      <div class="log" data-writing={state.replies.length > 0} ref={box} tabIndex={0} onScroll={look} role="region" aria-label={say("log")}>
        {state.is_loading_older && <p class="system">{say("older")}</p>}
        {!state.has_older && <Welcome />}
        <div role="log" aria-live={state.is_loading_older ? "off" : "polite"} aria-label={say("log")}>
          {rows.map((row) => (
            <div class="row" key={row.key}>
              <Line row={row} />
            </div>
          ))}
          {state.outgoing.map((message) => (
            <div class="row" key={message.client_message_id}>
              <OutgoingMessage message={message} />
            </div>
          ))}
        </div>
        {state.uploads.map((upload) => (
          <Later part="UploadRow" key={upload.key} upload={upload} />
        ))}
        {state.replies.map((reply) => (
          <Later part="Draft" key={reply.reply_id} reply={reply} />
        ))}
        {state.replies.length === 0 && (state.is_thinking || state.is_typing) && <Later part="Thinking" />}
        {(state.is_rating || state.conversation?.status === "closed") && <Later part="Rating" />}
      </div>
      <div class="over">
        {is_behind && (
          <button type="button" class="pill" onClick={go_to_end}>
            {say("new_messages")}
            <Icon name="close" size={16} />
          </button>
        )}
        {state.replies.map(({ reply_id }) => (
          <Stop key={reply_id} reply_id={reply_id} />
        ))}
      </div>
    </div>
  );
}
