import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Refused } from "../http";
import type { Citation, Message } from "../wire";
import { Icon } from "./icons";
import { use_scene } from "./scene";

/** Where an answer comes from: titles at a glance, the words themselves on demand. */
export function Sources({ citations }: { citations: readonly Citation[] }): JSX.Element {
  const { say } = use_scene();
  return (
    <div class="sources">
      <span class="sources-word">{say("sources")}</span>
      {citations.map((citation) => (
        <details key={citation.n}>
          <summary>
            <span class="source-n">{citation.n}</span>
            <span class="source-title">{citation.title}</span>
            <Icon name="chevron" size={14} />
          </summary>
          <blockquote>
            {citation.heading && <cite>{citation.heading}</cite>}
            {citation.quote}
          </blockquote>
        </details>
      ))}
    </div>
  );
}

type Verdict = "up" | "down" | "report";

/** 👍 👎 举报 under one answer. */
export function AnswerTools({ message }: { message: Message }): JSX.Element {
  const { talk, say } = use_scene();
  const [verdict, set_verdict] = useState<string | null>(message.feedback ?? null);
  const [is_reporting, set_reporting] = useState(false);
  const [comment, set_comment] = useState("");
  const [thanks, set_thanks] = useState("");

  const give = async (next: Verdict, words = ""): Promise<void> => {
    const before = verdict;
    set_verdict(next);
    try {
      await talk.post("v1/widget/feedback", { message_id: message.id, verdict: next, comment: words });
      set_reporting(false);
      set_thanks(say(next === "up" ? "feedback_thanks" : next === "down" ? "not_helpful_thanks" : "report_thanks"));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      set_verdict(before);
      talk.hint(error.detail || say("submit_failed"));
    }
  };
  return (
    <div class="tools">
      <button type="button" class="tool" aria-label={say("helpful")} title={say("helpful")} aria-pressed={verdict === "up"} onClick={() => void give("up")}>
        <Icon name="up" size={16} />
      </button>
      <button type="button" class="tool" aria-label={say("not_helpful")} title={say("not_helpful")} aria-pressed={verdict === "down"} onClick={() => void give("down")}>
        <Icon name="down" size={16} />
      </button>
      <button type="button" class="tool words" aria-expanded={is_reporting} aria-pressed={verdict === "report"} onClick={() => set_reporting(!is_reporting)}>
        {say("report")}
      </button>
      {thanks && !is_reporting && (
        <span class="thanks" role="status">
          {thanks}
        </span>
      )}
      {is_reporting && (
        <form
          class="report"
          onSubmit={(event) => {
            event.preventDefault();
            void give("report", comment.trim());
          }}
        >
          <input aria-label={say("report_hint")} placeholder={say("report_hint")} maxLength={500} value={comment} onInput={(event) => set_comment(event.currentTarget.value)} />
          <button type="submit" class="primary small">
            {say("report_send")}
          </button>
        </form>
      )}
    </div>
  );
}
