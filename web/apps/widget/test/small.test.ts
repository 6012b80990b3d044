import { describe, expect, test } from "vitest";
import { text_on } from "../src/look";
import { say_size } from "../src/talk/size";
import { arrange } from "../src/view/rows";
import { find_faults } from "../src/view/LeaveMessage";
import type { Message } from "../src/wire";
import { en } from "../src/words/en";
import { say_opening, speak } from "../src/words/words";
import { zh } from "../src/words/zh";
import { zh_more } from "../src/words/zh_more";

const say = speak({ ...zh, ...zh_more });
const message = (seq: number, from: Message["from"], minutes = seq, conversation_id = "1"): Message => ({
  id: `${conversation_id}-${seq}`,
  conversation_id,
  seq,
  from,
  type: from === "system" ? "system" : "text",
  text: `t${seq}`,
  created_at: new Date(2026, 5, 1, 10, minutes).toISOString(),
});

test("both languages have the same sentences with the same blanks", () => {
  const chinese: Record<string, string> = { ...zh, ...zh_more };
  const english: Record<string, string> = en;
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
  const blanks = (text = "") => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const key of Object.keys(chinese)) expect([key, blanks(english[key])]).toEqual([key, blanks(chinese[key])]);
});

describe("opening hours are said as people say them", () => {
  const now = new Date(2026, 5, 1, 20, 0);
  test.each([
    [new Date(2026, 5, 1, 21, 30), "21:30"],
    [new Date(2026, 5, 2, 9, 0), "明天 9:00"],
    [new Date(2026, 5, 4, 9, 0), "6/4 9:00"],
  ])("%s", (at, expected) => expect(say_opening(at.toISOString(), "zh-CN", say, now)).toBe(expected));
  test("nonsense says nothing", () => expect(say_opening("soon", "zh-CN", say, now)).toBe(""));
});

test("text on a shop's colour is readable or the colour is not taken", () => {
  expect(text_on("#0f5fd6")).toBe("#fff");
  expect(text_on("#ffd400")).toBe("#0b1526");
  expect(text_on("#fff")).toBe("#0b1526");
  expect(text_on("red;background:url(x)")).toBeNull();
});

test("events in a row become one line, and a name is not said twice", () => {
  const rows = arrange(
    [message(1, "contact"), message(2, "system"), message(3, "system"), message(4, "agent"), message(5, "agent"), message(6, "agent", 30)],
    [{ key: "r", conversation_id: "1", after_seq: 3, text: "withdrawn" }],
  );
  expect(rows.map(({ kind }) => kind)).toEqual(["day", "said", "system", "remark", "said", "said", "said"]);
  expect(rows.map((row) => row.kind === "said" && row.goes_on)).toEqual([false, false, false, false, false, true, false]);
  expect(rows[2]).toMatchObject({ messages: [{ seq: 2 }, { seq: 3 }] });
});

test("an earlier talk is set apart from the present one", () => {
  const rows = arrange([message(1, "contact", 1, "1"), message(1, "contact", 2, "2")], []);
  expect(rows.map(({ kind }) => kind)).toEqual(["earlier", "day", "said", "day", "said"]);
});

test("a left message needs words, a way back and consent", () => {
  const empty = { name: "", phone: "", email: "", text: "" };
  expect(Object.keys(find_faults(empty, false, say)).sort()).toEqual(["consent", "phone", "text"]);
  expect(find_faults({ ...empty, text: "?", email: "a@b" }, true, say)).toHaveProperty("email");
  expect(find_faults({ ...empty, text: "?", phone: "+86 138-0013-8000" }, true, say)).toEqual({});
});

test("sizes are said in the unit that fits", () => {
  expect([0, 1023, 1536, 20_480, 5_400_000].map(say_size)).toEqual(["0 B", "1023 B", "1.5 KB", "20 KB", "5.1 MB"]);
});
