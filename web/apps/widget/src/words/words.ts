import { zh, type WordKey, type Words } from "./zh";

export type { WordKey, Words };

/** A sentence with its `{blanks}` filled. */
export type Say = (key: WordKey, blanks?: Record<string, string | number>) => string;

/** The words of `language`; all but Chinese are fetched when first wanted, and Chinese stands in when that fails. */
export async function load_words(language: string): Promise<Words> {
  if (!language.startsWith("en")) return zh;
  try {
    return (await import("./en")).en;
  } catch {
    return zh;
  }
}

export function speak(words: Words): Say {
  return (key, blanks = {}) => (words[key] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ""));
}

/** "9:00" today, 「明天 9:00」 tomorrow, else day and month in front. */
export function say_opening(at: string, language: string, say: Say, now: Date = new Date()): string {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return "";
  const clock = time.toLocaleTimeString(language, { hour: "numeric", minute: "2-digit", hourCycle: "h23" }).replace(/^0(\d:)/, "$1");
  const day = (date: Date): number => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((day(time) - day(now)) / 86_400_000);
  if (days <= 0) return clock;
  if (days === 1) return say("tomorrow", { time: clock });
  return `${time.toLocaleDateString(language, { month: "numeric", day: "numeric" })} ${clock}`;
}
