import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Place } from "../options";
import type { State } from "../talk/state";
import type { Talk } from "../talk/contract";
import { say_opening, type Say } from "../words/words";

/** What every part of the panel may look at and call. */
export interface Scene {
  talk: Talk;
  place: Place;
  state: State;
  say: Say;
  close: () => void;
}

export const SceneContext = createContext<Scene | null>(null);

export function use_scene(): Scene {
  const scene = useContext(SceneContext);
  if (!scene) throw new Error("drawn outside the panel");
  return scene;
}

/** An address of the server made whole, or null for anything but http(s). */
export function web_address(base: string, url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const whole = new URL(url, base);
    return whole.protocol === "http:" || whole.protocol === "https:" ? whole.href : null;
  } catch {
    return null;
  }
}

/** The line under the name: always from what is true now, never a promise. */
export function say_status({ state, say }: Scene): string {
  const { settings, conversation, agent } = state;
  if (!settings) return say("loading");
  if (state.is_cut) return say("reconnecting");
  const is_live = conversation?.status === "open";
  if (is_live && conversation.handled_by === "agent") return say("serving", { name: agent?.work_name ?? say("agent_word") });
  if (is_live && conversation.handled_by === "queue") return say_queue(state, say);
  const { hours } = settings;
  const parts = settings.assistant ? [say("ai_online")] : [];
  if (settings.agents_online && hours.is_open) parts.push(say("agents_online"));
  else if (!hours.is_open && hours.opens_at) {
    parts.push(say("opens", { time: say_opening(hours.opens_at, state.language, say) }));
  }
  return parts.join(" · ");
}

/** 「前面 2 位，约 1 分钟」. A place of 1 means that nobody stands before the visitor. Closed: when the team opens. */
export function say_queue(state: State, say: Say): string {
  const { queue, settings } = state;
  const hours = settings?.hours;
  if (hours && !hours.is_open && hours.opens_at) return say("opens", { time: say_opening(hours.opens_at, state.language, say) });
  if (!queue || queue.position < 1) return say("queue_soon");
  const place = queue.position === 1 ? say("queue_next") : say("queue_ahead", { n: queue.position - 1 });
  if (queue.eta_seconds === null) return place;
  const comma = state.language.startsWith("zh") ? "，" : ", ";
  return place + comma + say("about_minutes", { n: Math.max(1, Math.round(queue.eta_seconds / 60)) });
}
