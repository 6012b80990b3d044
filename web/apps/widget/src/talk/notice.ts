import { Refused, type Http } from "../http";
import type { State } from "./state";

export interface NoticeRecord {
  is_recorded: () => boolean;
  /** Tell the server that the notice was shown, with its version. Raises `Refused` when the server is away. */
  record: () => Promise<void>;
}

/**
 * The notice about privacy and the AI is on screen before the first word; the first word is held back until the server
 * has noted which version was shown. `on_recorded` lets it go.
 */
export function open_notice(
  http: Http,
  get: () => State,
  set: (change: Partial<State>) => void,
  on_recorded: () => void,
): NoticeRecord {
  let pending: Promise<void> | null = null;
  const is_recorded = (): boolean => get().settings?.privacy.accepted ?? false;

  const tell = async (): Promise<void> => {
    const { settings, language } = get();
    if (!settings) throw new Refused(0, "not_started", "");
    await http.post("v1/widget/consents", { purpose: "chat_notice", version: settings.privacy.version, language });
    const now = get().settings ?? settings;
    set({ settings: { ...now, privacy: { ...now.privacy, accepted: true } } });
    on_recorded();
  };

  return {
    is_recorded,
    record: async () => {
      if (is_recorded()) return;
      pending ??= tell().finally(() => {
        pending = null;
      });
      await pending;
    },
  };
}
