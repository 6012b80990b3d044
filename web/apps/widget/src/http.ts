/** The server said no, or could not be reached (`status` 0). `detail` is a sentence for the visitor, or "". */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(`${status} ${code}`);
  }
}

export interface Http {
  get: <T>(path: string) => Promise<T>;
  /** `key`: the Idempotency-Key of a write that creates. */
  post: <T>(path: string, body: unknown, key?: string) => Promise<T>;
  /** `on_progress` is told the share sent, 0 to 1. Ends early when `signal` is aborted. */
  upload: <T>(path: string, file: File, on_progress: (share: number) => void, signal: AbortSignal) => Promise<T>;
  use: (change: { token?: string; language?: string }) => void;
}

const PATIENCE_MS = 20_000;

function refusal(status: number, body: string): Refused {
  try {
    const problem = JSON.parse(body) as { code?: string; detail?: string };
    return new Refused(status, problem.code ?? "", problem.detail ?? "");
  } catch {
    return new Refused(status, "", "");
  }
}

/** Requests to the visitor side below `base`, without cookies. Every failure is a `Refused`. */
export function open_http(base: string): Http {
  let token = "";
  let language = "";

  const headers = (): Record<string, string> => {
    const set: Record<string, string> = {};
    if (token) set.Authorization = `Bearer ${token}`;
    if (language) set["Accept-Language"] = language;
    return set;
  };

  const ask = async <T>(path: string, init: RequestInit): Promise<T> => {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    let status = 0;
    let body = "";
    try {
      const response = await fetch(base + path, { ...init, credentials: "omit", signal: patience.signal });
      status = response.status;
      body = await response.text();
    } catch {
      throw new Refused(0, "unreachable", "");
    } finally {
      clearTimeout(timer);
    }
    if (status >= 400) throw refusal(status, body);
    return (body ? JSON.parse(body) : null) as T;
  };

  return {
    get: (path) => ask(path, { headers: headers() }),
    post: (path, body, key) => {
      const set: Record<string, string> = { ...headers(), "Content-Type": "application/json" };
      if (key) set["Idempotency-Key"] = key;
      return ask(path, { method: "POST", headers: set, body: JSON.stringify(body) });
    },
    upload: <T>(path: string, file: File, on_progress: (share: number) => void, signal: AbortSignal) =>
      // fetch cannot tell how much of a body was sent; XMLHttpRequest can.
      new Promise<T>((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", base + path);
        for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
        request.upload.onprogress = (event) => on_progress(event.total ? event.loaded / event.total : 0);
        request.onload = () => {
          if (request.status < 400) resolve(JSON.parse(request.responseText) as T);
          else reject(refusal(request.status, request.responseText));
        };
        request.onerror = request.onabort = () => reject(new Refused(0, "unreachable", ""));
        signal.onabort = () => request.abort();
        const form = new FormData();
        form.append("file", file, file.name || "image.png");
        request.send(form);
      }),
    use: (change) => {
      token = change.token ?? token;
      language = change.language ?? language;
    },
  };
}
