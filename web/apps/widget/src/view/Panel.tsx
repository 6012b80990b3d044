import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Place } from "../options";
import { use_store } from "../store";
import type { Talk } from "../talk/contract";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { Icon } from "./icons";
import { Later } from "./Later";
import { Log } from "./Log";
import { SceneContext, say_queue, use_scene } from "./scene";
import { use_keyboard_room } from "./use_keyboard_room";

/** Nothing can be shown: why, and two ways on. */
function Trouble(): JSX.Element {
  const { talk, state, say, place } = use_scene();
  return (
    <div class="trouble" role="alert">
      <span class="big-icon">
        <Icon name="warn" size={32} />
      </span>
      <h3>{say("load_failed")}</h3>
      <p>{state.problem || say("load_failed_hint")}</p>
      {!state.is_final && (
        <button type="button" class="primary" onClick={() => void talk.start()}>
          {say("retry")}
        </button>
      )}
      {place.mode !== "page" && (
        <a href={`${place.base}chat/${place.options.key}`} target="_blank" rel="noopener">
          {say("open_page")}
        </a>
      )}
    </div>
  );
}

/** What is going on above the log: the line is cut, or the visitor stands in the queue. */
function Banner(): JSX.Element | null {
  const { talk, state, say } = use_scene();
  if (state.is_cut) {
    return (
      <p class="banner cut" role="status">
        <Icon name="warn" size={16} />
        {say("offline")}
      </p>
    );
  }
  const { conversation } = state;
  if (conversation?.status !== "open" || conversation.handled_by !== "queue") return null;
  return (
    <p class="banner" role="status">
      <Icon name="person" size={16} />
      <span>
        <b>{say_queue(state, say)}</b>
        <br />
        {say("queue_hint")}
      </span>
      <button type="button" class="link" onClick={() => talk.store.set({ view: "leave_message" })}>
        {say("leave_message")}
      </button>
    </p>
  );
}

function Body(): JSX.Element {
  const { talk, state, say } = use_scene();
  if (state.phase === "failed") return <Trouble />;
  if (!state.settings) {
    return (
      <div class="trouble" role="status">
        <span class="spinner" aria-hidden="true" />
        <p>{say("loading")}</p>
      </div>
    );
  }
  if (state.view === "leave_message") {
    return <Later part="LeaveMessage" on_failed={() => talk.store.set({ view: "talk", hint: say("load_failed") })} />;
  }
  return (
    <>
      <Banner />
      <Log />
    </>
  );
}

/** The whole panel. The composer is there from the first moment: one may write before the line stands. */
export function Panel({ talk, place, close }: { talk: Talk; place: Place; close: () => void }): JSX.Element {
  const state = use_store(talk.store);
  const panel = useRef<HTMLElement>(null);
  const [is_dropping, set_dropping] = useState(false);
  use_keyboard_room(panel, state.is_open && place.mode !== "inline");

  const say = talk.say();
  const scene = { talk, place, state, say, close };
  const drag = (is_over: boolean) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    set_dropping(is_over);
  };
  const drop = (event: DragEvent): void => {
    drag(false)(event);
    if (event.dataTransfer?.files.length) talk.upload([...event.dataTransfer.files]);
  };
  const Frame = place.mode === "page" ? "main" : "section";
  return (
    <SceneContext.Provider value={scene}>
      <Frame
        ref={panel as never}
        class={`panel ${place.mode}`}
        role={(place.mode === "float" ? "dialog" : undefined) as never}
        aria-label={state.settings?.look.title || say("title")}
        lang={state.language}
        hidden={!state.is_open}
        tabIndex={-1}
        onKeyDown={(event: KeyboardEvent) => event.key === "Escape" && !event.isComposing && close()}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={drop}
      >
        <Header />
        <Body />
        {state.phase !== "failed" && state.view === "talk" && <Composer />}
        {is_dropping && <div class="drop">{say("drop_here")}</div>}
      </Frame>
      {state.viewing !== null && <Later part="Viewer" on_failed={() => talk.store.set({ viewing: null })} />}
    </SceneContext.Provider>
  );
}
