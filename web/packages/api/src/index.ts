import createClient, { type Client, type ClientOptions } from "openapi-fetch";

/**
 * An HTTP client typed by the paths that openapi-typescript writes from the running server's `/openapi.json`.
 * Cookies go along; the caller adds `X-CSRF-Token` to writes.
 */
export function open_client<Paths extends object>(options: ClientOptions = {}): Client<Paths> {
  return createClient<Paths>({ credentials: "same-origin", ...options });
}
