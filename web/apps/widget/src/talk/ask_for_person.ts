import { Refused, type Http } from "../http";
import type { Hours, Queue } from "../wire";
import type { Say } from "../words/words";
import type { NoticeRecord } from "./notice";
import type { State } from "./state";

export interface AskingParts {
  http: Http;
  get: () => State;
  set: (change: Partial<State>) => void;
  notice: NoticeRecord;
  hint: (text: string) => void;
  think: (is_thinking: boolean) => void;
  say: () => Say;
  /** A conversation that this call opened is not on the line yet: greeting again names it. */
  redial: () => void;
}

interface Answer {
  handled_by: string;
  queue: Queue | null;
  hours: Hours | null;
}

/** 转人工. Outside the hours of the shop the visitor is shown the form for leaving word instead. */
export async function ask_for_person({ http, get, set, notice, hint, think, say, redial }: AskingParts): Promise<void> {
  try {
    await notice.record();
    const { conversation, settings } = get();
    const conversation_id = conversation?.status === "open" ? conversation.id : undefined;
    const { handled_by, queue, hours } = await http.post<Answer>("v1/widget/hand-off", { conversation_id });
    think(false);
    if (!conversation_id) redial();
    set({ queue, settings: settings && hours ? { ...settings, hours } : settings });
    if (handled_by !== "agent" && hours && !hours.is_open) set({ view: "leave_message" });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    hint(error.detail || say()("hand_off_failed"));
  }
}
