import { Refused, type Http } from "../http";
import type { FileShown } from "../wire";
import type { Say } from "../words/words";

import { say_size } from "./size";
import type { State, Upload } from "./state";

export interface UploadParts {
  http: Http;
  get: () => State;
  set: (change: Partial<State>) => void;
  say: () => Say;
  /** The file is stored and may be sent; `preview` is a local address of a picture. */
  on_stored: (file_id: string, is_picture: boolean, shown: FileShown) => void;
}

export interface Uploads {
  add: (files: Iterable<File>) => void;
  retry: (key: string) => void;
  cancel: (key: string) => void;
  end: () => void;
}

interface Stored {
  file_id: string;
  name?: string;
  media_type?: string;
  size?: number;
  url?: string;
}

const AT_ONCE = 9;

/** Files on their way up, one after another, each with its progress and its own error. */
export function create_uploads(parts: UploadParts): Uploads {
  const { get, set } = parts;
  const stops = new Map<string, AbortController>();
  let count = 0;
  let is_busy = false;

  const change = (key: string, change: Partial<Upload>): void =>
    set({ uploads: get().uploads.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)) });
  const remove = (key: string): void => set({ uploads: get().uploads.filter((upload) => upload.key !== key) });

  const find_fault = (file: File): string | null => {
    const max = get().settings?.limits.max_file_mb ?? 10;
    const { name } = file;
    if (file.size === 0) return parts.say()("empty_file", { name });
    if (file.size > max * 1_000_000) return parts.say()("too_big", { name, max, size: say_size(file.size) });
    return null;
  };

  const explain = (error: unknown, name: string): string => {
    if (!(error instanceof Refused)) throw error;
    if (error.status === 415) return error.detail || parts.say()("wrong_type", { name });
    if (error.status === 413) {
      const max = get().settings?.limits.max_file_mb ?? 10;
      return error.detail || parts.say()("too_big", { name, max, size: "" });
    }
    return error.detail || parts.say()("upload_failed", { name });
  };

  const carry = async (upload: Upload): Promise<void> => {
    const { key, file, preview } = upload;
    const stop = new AbortController();
    stops.set(key, stop);
    try {
      const stored = await parts.http.upload<Stored>("v1/widget/files", file, (share) => change(key, { share }), stop.signal);
      const media_type = stored.media_type ?? file.type;
      const name = stored.name ?? file.name;
      const shown = { id: stored.file_id, name, media_type, size: file.size, url: preview ?? stored.url ?? "" };
      remove(key);
      parts.on_stored(stored.file_id, media_type.startsWith("image/"), shown);
    } catch (error) {
      const is_final = error instanceof Refused && [400, 413, 415, 422].includes(error.status);
      if (!stop.signal.aborted) change(key, { detail: explain(error, file.name), is_final });
    } finally {
      stops.delete(key);
    }
  };

  const pump = async (): Promise<void> => {
    if (is_busy) return;
    is_busy = true;
    try {
      for (;;) {
        const next = get().uploads.find((upload) => upload.detail === null);
        if (!next) return;
        await carry(next);
      }
    } finally {
      is_busy = false;
    }
  };

  return {
    add: (files) => {
      const added = [...files].slice(0, AT_ONCE).map((file): Upload => {
        const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
        const detail = find_fault(file);
        return { key: `upload-${++count}`, file, preview, share: 0, detail, is_final: detail !== null };
      });
      set({ uploads: [...get().uploads, ...added] });
      void pump();
    },
    retry: (key) => {
      change(key, { share: 0, detail: null });
      void pump();
    },
    cancel: (key) => {
      stops.get(key)?.abort();
      remove(key);
    },
    end: () => stops.forEach((stop) => stop.abort()),
  };
}
