/** One shop in memory: conversations, who handles them, and what is streamed. Behaves as the visitor side promises. */
export const SITE_KEY = "site_test";

export function create_desk() {
  const desk = {
    consents: [],
    ratings: [],
    feedback: [],
    left_messages: [],
    visits: [],
    sessions: [],
    conversations: new Map(),
    tokens: new Map(),
    files: new Map(),
    sockets: new Set(),
    refuse_next: null,
    /** Before this piece a streamed answer waits until it is null again, however slow the machine is. */
    pause_before: null,
    settings: {},
    next_id: 7_000_000_001,
  };
  desk.new_id = () => String(desk.next_id++);

  desk.open_conversation = (contact_id) => {
    const open = [...desk.conversations.values()].find((one) => one.contact_id === contact_id && one.status === "open");
    if (open) return open;
    const made = { id: desk.new_id(), contact_id, status: "open", handled_by: "assistant", agent: null, messages: [] };
    desk.conversations.set(made.id, made);
    return made;
  };

  desk.tell = (conversation, frame) => {
    for (const socket of desk.sockets) if (socket.contact_id === conversation.contact_id) socket.tell(frame);
  };

  /** Store a message; `quiet` sockets are not told, as if the hint was lost. */
  desk.say = (conversation, message, sender) => {
    const seq = conversation.messages.length + 1;
    const created_at = new Date().toISOString();
    const stored = { id: desk.new_id(), conversation_id: conversation.id, seq, kind: "direct", type: "text", created_at, ...message };
    conversation.messages.push(stored);
    for (const socket of desk.sockets) {
      if (socket.contact_id === conversation.contact_id && socket !== sender) socket.deliver(stored);
    }
    return stored;
  };

  desk.stream = async (conversation, text, { every_ms = 30, citations = null, stop = () => false } = {}) => {
    const reply_id = `reply-${desk.new_id()}`;
    const pieces = text.match(/.{1,4}/gsu) ?? [];
    const is_over = () => stop() || conversation.stopped === reply_id;
    for (let n = 1; n <= pieces.length; n++) {
      while (desk.pause_before !== null && n >= desk.pause_before && !is_over()) await new Promise((resolve) => setTimeout(resolve, 10));
      if (is_over()) {
        desk.tell(conversation, { type: "reply_dropped", reply_id, conversation_id: conversation.id, reason: conversation.stopped ? "stopped" : "taken_over" });
        return;
      }
      desk.tell(conversation, { type: "reply_delta", reply_id, conversation_id: conversation.id, n, text: pieces[n - 1] });
      await new Promise((resolve) => setTimeout(resolve, every_ms));
    }
    desk.say(conversation, { from: "assistant", text, reply_id, generated_by: { engine: "chat", model: "scripted" }, citations });
  };

  desk.answer = (conversation, question) => {
    if (conversation.handled_by !== "assistant" || question.includes("别回答")) return;
    const citations = [{ n: 1, title: "售后说明.docx", heading: "七天无理由退货", quote: "签收之日起七天内，商品完好可无理由退货，运费由商家承担。" }];
    const text = question.includes("长")
      ? "这是一段比较长的回答。".repeat(20)
      : "签收七天内可以无理由退货，**运费由我们承担**。\n- 商品保持完好\n- 附上发票\n详情见 https://example.com/returns 。";
    const started = conversation.generation ?? 0;
    void desk.stream(conversation, text, { citations, stop: () => (conversation.generation ?? 0) !== started });
  };

  desk.take_over = (conversation, agent = { id: "3", work_name: "小李", avatar_url: null }) => {
    conversation.generation = (conversation.generation ?? 0) + 1;
    Object.assign(conversation, { handled_by: "agent", agent });
    desk.say(conversation, { from: "system", type: "system", system: { code: "taken_over", agent } });
    desk.tell(conversation, { type: "handled_by", conversation_id: conversation.id, handled_by: "agent", agent });
  };

  desk.close = (conversation) => {
    desk.say(conversation, { from: "system", type: "system", system: { code: "closed" } });
    conversation.status = "closed";
  };
  return desk;
}
