import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Face } from "./Face";
import { Icon } from "./icons";
import { Later } from "./Later";
import { say_status, use_scene } from "./scene";

/** 转人工: in sight from the first screen on; it only steps aside while a person is already here. */
function HandOff(): JSX.Element | null {
  const { talk, state, say } = use_scene();
  const [is_busy, set_busy] = useState(false);
  const { conversation } = state;
  const is_live = conversation?.status === "open";
  if (is_live && conversation.handled_by === "agent") return null;
  const is_queued = is_live && conversation.handled_by === "queue";
  const ask = async (): Promise<void> => {
    set_busy(true);
    await talk.hand_off();
    set_busy(false);
  };
  return (
    <button type="button" class="pill hand-off" disabled={is_busy || is_queued} onClick={() => void ask()}>
      <Icon name="person" size={16} />
      {say(is_queued ? "hand_off_waiting" : "hand_off")}
    </button>
  );
}

export function Header(): JSX.Element {
  const scene = use_scene();
  const { state, say, place, close } = scene;
  const { settings, conversation, agent } = state;
  const is_served = conversation?.status === "open" && conversation.handled_by === "agent";
  const name = settings?.look.title || settings?.shop.name || say("title");
  const Title = place.mode === "page" ? "h1" : "h2";
  return (
    <header>
      {is_served && agent ? (
        <Face kind="agent" name={agent.work_name} url={agent.avatar_url} />
      ) : (
        <Face kind="shop" name={name} url={settings?.look.logo_url} />
      )}
      <div class="who">
        <Title>
          {name}
        </Title>
        <p class="status" data-cut={state.is_cut}>
          <i class="dot" aria-hidden="true" />
          <span role="status">{say_status(scene)}</span>
          {settings?.is_demo && <span class="tag">{say("demo")}</span>}
        </p>
      </div>
      {settings && <HandOff />}
      {settings && (
        <div class="menu">
          <Later part="Menu" />
        </div>
      )}
      {place.mode === "float" && (
        <button type="button" class="round" aria-label={say("close")} onClick={close}>
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}
