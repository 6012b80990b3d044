/** The two languages every screen speaks. */
export type Language = "zh-CN" | "en";

/** The first language of `wanted` that we speak; Chinese when none is. */
export function pick_language(wanted: readonly (string | null | undefined)[]): Language {
  for (const tag of wanted) {
    const low = (tag ?? "").toLowerCase();
    if (low.startsWith("zh")) return "zh-CN";
    if (low.startsWith("en")) return "en";
  }
  return "zh-CN";
}

/** Seconds as a running clock: 42 → "0:42", 3671 → "1:01:11". */
export function format_clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const pad = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** Bytes for people: 1536 → "1.5 KB". */
export function format_size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  return `${(bytes / 1048576).toFixed(1)} MB`;
}
