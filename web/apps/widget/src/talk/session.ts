import type { Storage } from "@yingke/live";
import type { Http } from "../http";
import { Refused } from "../http";
import type { Identity } from "../options";
import type { Session } from "../wire";
import type { PageContext } from "./page_context";

export interface SessionParts {
  http: Http;
  storage: Storage;
  site_key: string;
  language: () => string;
  identity: () => Identity | null;
  page: () => PageContext;
}

const ask = (parts: SessionParts, visitor_token: string | null): Promise<Session> => {
  const { identity_token, ...identity } = parts.identity() ?? {};
  return parts.http.post<Session>("v1/widget/sessions", {
    site_key: parts.site_key,
    language: parts.language(),
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    page: parts.page(),
    ...(visitor_token ? { visitor_token } : {}),
    ...(identity_token ? { identity_token } : {}),
    ...(identity.external_id && identity.signature ? { identity } : {}),
  });
};

/**
 * The visitor's session, with the token kept from last time where the browser allows it. A token that the server no
 * longer knows is forgotten and the visitor begins anew. Raises `Refused`.
 */
export async function open_session(parts: SessionParts): Promise<Session & { is_new: boolean }> {
  const name = `yingke:${parts.site_key}:token`;
  const kept = parts.storage.read(name);
  let session: Session;
  try {
    session = await ask(parts, kept);
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401 || !kept) throw error;
    parts.storage.remove(name);
    session = await ask(parts, null);
  }
  parts.storage.write(name, session.visitor_token);
  parts.http.use({ token: session.visitor_token });
  return { ...session, is_new: session.visitor_token !== kept };
}
