import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../http";
import { Icon } from "./icons";
import { use_scene } from "./scene";

const SCORES = [
  { score: "good", icon: "smile", word: "rate_good" },
  { score: "fair", icon: "flat", word: "rate_fair" },
  { score: "bad", icon: "frown", word: "rate_bad" },
] as const;

/** One tap counts. Reasons and words may follow and may be left out. Shown when a talk has ended or on demand. */
export function Rating(): JSX.Element | null {
  const { talk, state, say } = use_scene();
  const card = useRef<HTMLElement>(null);
  const [reasons, set_reasons] = useState<string[]>([]);
  const [comment, set_comment] = useState("");
  const [is_done, set_done] = useState(false);
  const id = state.conversation?.id ?? "";
  const is_wanted = id !== "" && (state.is_rating || state.conversation?.status === "closed");
  useEffect(() => {
    set_reasons([]);
    set_comment("");
    set_done(false);
  }, [id]);
  useEffect(() => {
    if (!state.is_rating) return;
    card.current?.scrollIntoView({ block: "nearest" });
    card.current?.querySelector("button")?.focus();
  }, [state.is_rating]);
  if (!is_wanted) return null;

  const score = state.rated[id] ?? state.conversation?.rating;
  const give = async (next: string, is_last: boolean): Promise<void> => {
    talk.store.set({ rated: { ...state.rated, [id]: next } });
    const said = is_last ? { reasons, comment: comment.trim() } : { reasons: [], comment: "" };
    try {
      await talk.post("v1/widget/ratings", { conversation_id: id, score: next, ...said });
      if (is_last) set_done(true);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      talk.store.set({ rated: state.rated });
      talk.hint(error.detail || say("submit_failed"));
    }
  };
  const offered = say(score === "good" ? "reasons_good" : "reasons_bad").split("|");
  const toggle = (reason: string) => () =>
    set_reasons(reasons.includes(reason) ? reasons.filter((one) => one !== reason) : [...reasons, reason]);
  return (
    <section class="card rating" ref={card} aria-label={say("rate_title")}>
      <h3>{say(score ? "rate_thanks" : "rate_title")}</h3>
      <div class="scores" role="group" aria-label={say("rate_title")}>
        {SCORES.map(({ score: one, icon, word }) => (
          <button type="button" key={one} class={`score ${one}`} aria-pressed={score === one} onClick={() => void give(one, false)}>
            <Icon name={icon} size={28} />
            {say(word)}
          </button>
        ))}
      </div>
      {score && !is_done && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void give(score, true);
          }}
        >
          <p class="quiet">{say("rate_reasons")}</p>
          <div class="reasons">
            {offered.map((reason) => (
              <button type="button" key={reason} class="pill" aria-pressed={reasons.includes(reason)} onClick={toggle(reason)}>
                {reason}
              </button>
            ))}
          </div>
          <input aria-label={say("rate_comment")} placeholder={say("rate_comment")} maxLength={500} value={comment} onInput={(event) => set_comment(event.currentTarget.value)} />
          {(reasons.length > 0 || comment.trim()) && (
            <button type="submit" class="primary">
              {say("rate_send")}
            </button>
          )}
        </form>
      )}
      {is_done && (
        <p class="quiet" role="status">
          {say("rate_done")}
        </p>
      )}
    </section>
  );
}
