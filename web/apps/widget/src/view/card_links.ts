/** A whole http(s) address, or null: cards carry what a shop's data says, which may be anything. */
export function safe_link(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const whole = new URL(url);
    return whole.protocol === "https:" || whole.protocol === "http:" ? whole.href : null;
  } catch {
    return null;
  }
}

/** A picture only from the very site that the visitor is on: no other host learns that somebody reads a chat. */
export function own_picture(url: string | null | undefined, here: { host: string; protocol: string }): string | null {
  const safe = safe_link(url);
  if (!safe) return null;
  const { host, protocol } = new URL(safe);
  return host === here.host && (protocol === "https:" || protocol === here.protocol) ? safe : null;
}
