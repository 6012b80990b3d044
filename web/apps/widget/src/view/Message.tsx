import type { ComponentChildren, JSX } from "preact";
import type { Outgoing } from "@yingke/live";
import type { Message as Said } from "../wire";
import { Face } from "./Face";
import { Icon } from "./icons";
import { Later } from "./Later";
import { RichText } from "./RichText";
import { use_scene, web_address } from "./scene";

/** The mark of the law: a machine wrote this. It is text, so that it goes along when the message is copied. */
export function AiMark(): JSX.Element {
  const { say } = use_scene();
  return (
    <span class="ai-mark" title={say("ai_mark_hint")}>
      {say("ai_mark")}
    </span>
  );
}

interface BubbleProps {
  from: string;
  name: string;
  time?: string;
  mark?: boolean;
  face?: ComponentChildren;
  /** The one before is by the same hand: the name is not repeated. */
  goes_on?: boolean;
  children: ComponentChildren;
  below?: ComponentChildren;
}

export function Bubble({ from, name, time, mark, face, goes_on, children, below }: BubbleProps): JSX.Element {
  const has_head = (!goes_on && from !== "contact") || mark;
  return (
    <div class={`message ${from}${goes_on ? " goes-on" : ""}`}>
      {face}
      <div class="column">
        {from === "contact" && <span class="unseen">{name}</span>}
        {has_head && (
          <div class="name">
            <span>{name}</span>
            {mark && <AiMark />}
            {time && <time>{time}</time>}
          </div>
        )}
        {children}
        {below}
      </div>
    </div>
  );
}

function Content({ message }: { message: Said }): JSX.Element {
  const { talk, say, place } = use_scene();
  const { file, text } = message;
  if (message.recalled_at) return <p class="bubble recalled">{say("recalled")}</p>;
  const is_picture = message.type === "image";
  return (
    <>
      {file && (
        <Later
          part="FileShape"
          file={file}
          is_picture={is_picture}
          address={web_address(place.base, file.url)}
          on_stale={() => talk.refresh_file(message)}
          on_view={() => talk.store.set({ viewing: message.id })}
        />
      )}
      {text && (
        <div class="bubble">
          <RichText text={text} is_marked={message.from === "assistant"} />
        </div>
      )}
      {message.cards && <Later part="CardPlace" cards={message.cards} />}
    </>
  );
}

/** One stored message of the visitor, the assistant or an agent. */
export function Message({ message, goes_on }: { message: Said; goes_on: boolean }): JSX.Element {
  const { state, say } = use_scene();
  const { from, agent } = message;
  const is_ai = from === "assistant";
  const assistant = state.settings?.assistant;
  const name = from === "contact" ? say("you") : is_ai ? (assistant?.name ?? say("title")) : (agent?.work_name ?? say("agent_word"));
  const time = new Date(message.created_at).toLocaleTimeString(state.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const face =
    from === "contact" ? null : <Face kind={is_ai ? "assistant" : "agent"} name={name} url={is_ai ? assistant?.avatar_url : agent?.avatar_url} />;
  const has_sources = is_ai && !message.recalled_at && (message.citations?.length ?? 0) > 0;
  const below = is_ai && !message.recalled_at && (
    <>
      {has_sources && <Later part="Sources" citations={message.citations ?? []} />}
      <Later part="AnswerTools" message={message} />
    </>
  );
  return (
    <Bubble from={from} name={name} time={time} mark={is_ai} face={face} goes_on={goes_on} below={below}>
      <Content message={message} />
    </Bubble>
  );
}

/** A message of the visitor's that the server has not confirmed yet. */
export function OutgoingMessage({ message }: { message: Outgoing }): JSX.Element {
  const { talk, state, say } = use_scene();
  const { client_message_id: id, file_id, text } = message;
  const file = file_id ? talk.file_of(file_id) : undefined;
  const state_word = message.state === "failed" ? "failed" : state.line === "online" ? "sending" : "waiting_for_line";
  const below = (
    <div class={`delivery ${message.state}`} role={message.state === "failed" ? "alert" : undefined}>
      <span>
        {message.state === "failed" && <Icon name="warn" size={14} />} {(message.state === "failed" && message.detail) || say(state_word)}
      </span>
      {message.state === "failed" && (
        <>
          <button type="button" class="link" onClick={() => talk.retry(id)}>
            {say("resend")}
          </button>
          <button type="button" class="link" onClick={() => talk.discard(id)}>
            {say("discard")}
          </button>
        </>
      )}
    </div>
  );
  return (
    <Bubble from="contact" name={say("you")} below={below}>
      {file_id && (
        <Later
          part="FileShape"
          file={file ?? { id: file_id, name: say(message.message_type === "image" ? "picture" : "file"), media_type: "", size: 0, url: "" }}
          is_picture={message.message_type === "image"}
          address={file?.url ?? null}
        />
      )}
      {text && (
        <div class="bubble">
          <RichText text={text} />
        </div>
      )}
    </Bubble>
  );
}
