import type { JSX } from "preact";
import type { Reply } from "@yingke/live";
import { Face } from "./Face";
import { Bubble } from "./Message";
import { RichText } from "./RichText";
import { use_scene } from "./scene";

function Dots(): JSX.Element {
  return (
    <span class="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}

/** An answer while it is written. It stands outside the live region, so that only the finished one is read aloud. */
export function Draft({ reply }: { reply: Reply }): JSX.Element {
  const { state, say } = use_scene();
  const assistant = state.settings?.assistant;
  const name = assistant?.name ?? say("title");
  return (
    <div class="row draft" aria-live="off" aria-busy="true">
      <Bubble from="assistant" name={name} mark face={<Face kind="assistant" name={name} url={assistant?.avatar_url} />}>
        <div class="bubble">{reply.is_whole ? <RichText text={reply.text} is_marked /> : <Dots />}</div>
      </Bubble>
    </div>
  );
}

/** Someone is about to say something. */
export function Thinking(): JSX.Element {
  const { state, say } = use_scene();
  const is_agent = state.conversation?.handled_by === "agent";
  const assistant = state.settings?.assistant;
  const name = is_agent ? (state.agent?.work_name ?? say("agent_word")) : (assistant?.name ?? say("title"));
  const url = is_agent ? state.agent?.avatar_url : assistant?.avatar_url;
  return (
    <div class="row draft" aria-live="off">
      <Bubble from={is_agent ? "agent" : "assistant"} name={name} goes_on face={<Face kind={is_agent ? "agent" : "assistant"} name={name} url={url} />}>
        <div class="bubble">
          <Dots />
          <span class="unseen">{say(is_agent ? "typing" : "answering")}</span>
        </div>
      </Bubble>
    </div>
  );
}
