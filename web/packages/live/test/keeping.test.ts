import { describe, expect, test, vi } from "vitest";
import { back_off, create_outbox, create_replies, create_timeline, open_storage, parse_frame, type Outgoing } from "../src/index";

const said = (...seqs: number[]) => seqs.map((seq) => ({ seq, text: `t${seq}` }));

describe("timeline", () => {
  test("holds back what comes after a hole and lets it go when the hole is filled", () => {
    const line = create_timeline<{ seq: number }>();
    line.add_page(said(3, 4));
    expect(line.add({ seq: 6 })).toBe("gap");
    expect(line.last()).toBe(4);
    expect(line.add({ seq: 5 })).toBe("added");
    expect(line.items().map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect(line.has_gap()).toBe(false);
  });

  test("shows a message once however often it comes, with its newest content", () => {
    const line = create_timeline<{ seq: number; text: string }>();
    line.add_page(said(1, 2));
    expect(line.add({ seq: 2, text: "new" })).toBe("repeat");
    expect(line.items()).toEqual([{ seq: 1, text: "t1" }, { seq: 2, text: "new" }]);
  });

  test("takes older pages only where they join", () => {
    const line = create_timeline<{ seq: number }>();
    line.add_page(said(10, 11));
    line.add_page(said(5, 6));
    expect(line.first()).toBe(10);
    line.add_page(said(8, 9));
    expect(line.items().map(({ seq }) => seq)).toEqual([8, 9, 10, 11]);
  });

  test("any arrival order ends in the same unbroken run", () => {
    for (const order of [[1, 2, 3, 4], [4, 3, 2, 1], [2, 4, 1, 3], [3, 1, 1, 4, 2, 2]]) {
      const line = create_timeline<{ seq: number }>();
      for (const seq of order) line.add({ seq });
      expect(line.items().map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    }
  });
});

describe("replies", () => {
  test("add up deltas once each and forget them when the answer is stored", () => {
    const replies = create_replies();
    replies.add("r", "c", 1, "您");
    replies.add("r", "c", 2, "好");
    replies.add("r", "c", 2, "好");
    expect(replies.list()[0]).toMatchObject({ text: "您好", is_whole: true });
    expect(replies.finish("r")).toBe(true);
    replies.add("r", "c", 3, "!");
    expect(replies.list()).toEqual([]);
  });

  test("a missed delta hides the text rather than show a torn one", () => {
    const replies = create_replies();
    replies.add("r", "c", 1, "一");
    replies.add("r", "c", 3, "三");
    expect(replies.list()[0]).toMatchObject({ text: "", is_whole: false });
    replies.add("late", "c", 7, "晚来");
    expect(replies.list()[1]).toMatchObject({ is_whole: false });
  });
});

describe("outbox", () => {
  const open = (storage = open_storage(false)) => {
    const sent: Outgoing[] = [];
    const on_stuck = vi.fn();
    const outbox = create_outbox({ storage, prefix: "out:", send: (one) => sent.push(one) > 0, on_change: () => undefined, on_stuck });
    const ids = () => sent.map((one) => one.client_message_id);
    return { outbox, sent, ids, on_stuck };
  };

  test("sends one at a time, the next after the ack of the one before", () => {
    const { outbox, sent, ids } = open();
    outbox.line_up();
    outbox.add({ message_type: "text", text: "a" });
    outbox.add({ message_type: "text", text: "b" });
    expect(sent.map((one) => one.text)).toEqual(["a"]);
    outbox.acked(ids()[0] ?? "");
    expect(sent.map((one) => one.text)).toEqual(["a", "b"]);
    outbox.acked(ids()[1] ?? "");
    expect(outbox.list()).toEqual([]);
  });

  test("what had no ack goes again under the same id after a cut, also after a reload", () => {
    const storage = open_storage(false);
    const first = open(storage);
    first.outbox.line_up();
    first.outbox.add({ message_type: "text", text: "a" });
    first.outbox.line_down();
    first.outbox.line_up();
    const second = open(storage);
    second.outbox.line_up();
    expect(new Set([...first.ids(), ...second.ids()]).size).toBe(1);
    expect(first.sent.length + second.sent.length).toBe(3);
  });

  test("a refusal waits for a person, a busy server is tried again by itself", () => {
    vi.useFakeTimers();
    const { outbox, sent, ids } = open();
    outbox.line_up();
    outbox.add({ message_type: "text", text: "a" });
    outbox.refused({ client_message_id: ids()[0] ?? "", status: 503, retry_after: 2 });
    vi.advanceTimersByTime(1900);
    expect(sent.length).toBe(1);
    vi.advanceTimersByTime(200);
    expect(sent.length).toBe(2);
    outbox.refused({ client_message_id: ids()[0] ?? "", status: 422, detail: "too long" });
    expect(outbox.list()[0]).toMatchObject({ state: "failed", detail: "too long" });
    vi.advanceTimersByTime(60_000);
    expect(sent.length).toBe(2);
    outbox.retry(ids()[0] ?? "");
    expect(sent.length).toBe(3);
    vi.useRealTimers();
  });

  test("an ack that never comes is reported as a dead line", () => {
    vi.useFakeTimers();
    const { outbox, on_stuck } = open();
    outbox.line_up();
    outbox.add({ message_type: "text", text: "a" });
    vi.advanceTimersByTime(15_000);
    expect(on_stuck).toHaveBeenCalledOnce();
    vi.useRealTimers();
  });
});

test("retries wait longer and longer, never in step, and never beyond half a minute", () => {
  for (let tries = 0; tries < 40; tries++) {
    const least = back_off(tries, () => 0);
    const most = back_off(tries, () => 1);
    expect(most).toBe(Math.min(30_000, 500 * 2 ** tries));
    expect(least).toBe(most / 2);
  }
});

test("garbage on the line is no frame", () => {
  for (const data of ["", "{", "[]", "null", "3", '{"type":3}', new ArrayBuffer(2)]) expect(parse_frame(data)).toBeNull();
});
