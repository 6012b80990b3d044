import type { JSX } from "preact";
import type { Message } from "../wire";
import { say_opening } from "../words/words";
import { use_scene, type Scene } from "./scene";

/** One grey sentence for a system message, or "" for a code that is none of the visitor's business. */
export function say_system(message: Message, { say, state }: Scene): string {
  const system = message.system;
  const name = system?.agent?.work_name ?? say("agent_word");
  switch (system?.code) {
    case "taken_over":
      return say("sys_taken_over", { name });
    case "handed_back":
      return say("sys_handed_back");
    case "queued":
    case "hand_off":
      return say("sys_queued");
    case "closed":
      return say("sys_closed");
    case "left_message":
      return say("sys_left_message");
    case "outside_hours": {
      const time = system.opens_at ? say_opening(system.opens_at, state.language, say) : "";
      return time ? say("sys_outside_hours_opens", { time }) : say("sys_outside_hours");
    }
    default:
      return message.text ?? "";
  }
}

/** Several events in a row become one line; saying the same twice says nothing more. */
export function SystemLine({ messages }: { messages: readonly Message[] }): JSX.Element | null {
  const scene = use_scene();
  const said = messages.map((message) => say_system(message, scene)).filter((text, at, all) => text && all.indexOf(text) === at);
  if (said.length === 0) return null;
  return <p class="system">{said.join(" · ")}</p>;
}
