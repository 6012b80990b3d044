import { create_outbox, open_storage, type Frame, type Outbox, type Storage } from "@yingke/live";
import type { NoticeRecord } from "./notice";

export interface OutboxParts {
  site_key: string;
  storage: Storage;
  notice: NoticeRecord;
  send: (frame: Frame) => boolean;
  redial: () => void;
  on_change: () => void;
  line_up: () => void;
}

const CONSENT_RETRY_MS = 3_000;

/**
 * What one contact is sending. It is kept under his own name, so that what one person wrote is never sent as another;
 * before there is a contact (`owner` is "") in memory only. The first message waits until the notice is recorded.
 */
export function outbox_of(owner: string, parts: OutboxParts): Outbox {
  return create_outbox({
    storage: owner ? parts.storage : open_storage(false),
    prefix: `yingke:${parts.site_key}:out:${owner}:`,
    send: ({ client_message_id, message_type, text, file_id, page }) => {
      if (!parts.notice.is_recorded()) {
        parts.notice.record().catch(() => setTimeout(parts.line_up, CONSENT_RETRY_MS));
        return false;
      }
      return parts.send({ type: "send", client_message_id, message_type, text, file_id, page });
    },
    on_change: parts.on_change,
    on_stuck: parts.redial,
  });
}
