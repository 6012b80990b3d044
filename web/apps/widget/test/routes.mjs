/** What the visitor side answers over HTTP, and what a shop of the tests looks like. */
import { SITE_KEY } from "./desk.mjs";

const settings_of = (desk, language, accepted) => {
  const is_chinese = language !== "en";
  return {
    shop: { name: is_chinese ? "云禾家居旗舰店" : "Yunhe Home" },
    assistant: { name: is_chinese ? "小禾" : "Mira", avatar_url: null },
    greeting: is_chinese ? "您好，我是小禾。订单、物流、退换货都可以问我。" : "Hello, I am Mira. Ask me about orders, delivery and returns.",
    suggested_questions: is_chinese
      ? ["七天无理由怎么退？", "什么时候发货？", "可以开发票吗？"]
      : ["How do returns work?", "When do you ship?", "Can I have an invoice?"],
    privacy: {
      version: "2026-01",
      text: is_chinese ? "为回答您的问题，我们会保存对话内容和您正在看的页面。" : "To answer you we keep this conversation and the page you are on.",
      url: "/privacy",
      accepted,
    },
    look: { color: "#0f5fd6", position: "right", offset_x: 20, offset_y: 20 },
    languages: ["zh-CN", "en"],
    language,
    hours: { is_open: true, opens_at: null },
    agents_online: true,
    limits: { max_chars: 4000, max_file_mb: 2 },
    model_notice: null,
    is_demo: false,
    ...desk.settings,
  };
};

export class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

/** Routes of `/v1/widget/…`: (desk, {body, visitor, query, request}) → JSON. */
export const ROUTES = {
  "POST sessions": (desk, { body, request }) => {
    if (body.site_key !== SITE_KEY) throw new Problem(404, "unknown_site", "找不到这个店铺，请检查网站里的代码。");
    desk.sessions.push(body);
    let visitor = desk.tokens.get(body.visitor_token);
    if (body.visitor_token && !visitor) throw new Problem(401, "unknown_visitor", "请重新打开聊天窗口。");
    if (!visitor) {
      visitor = { token: `vt_${desk.new_id()}`, contact_id: desk.new_id() };
      desk.tokens.set(visitor.token, visitor);
    }
    const language = body.language ?? request.headers["accept-language"] ?? "zh-CN";
    const open = [...desk.conversations.values()].filter((one) => one.contact_id === visitor.contact_id).at(-1);
    const accepted = desk.consents.some((one) => one.contact_id === visitor.contact_id);
    return {
      visitor_token: visitor.token,
      contact_id: visitor.contact_id,
      conversation_id: open?.id ?? null,
      is_verified: false,
      settings: settings_of(desk, language, accepted),
    };
  },
  "POST consents": (desk, { body, visitor }) => void desk.consents.push({ ...body, contact_id: visitor.contact_id }),
  "GET conversations": (desk, { visitor }) => ({
    items: [...desk.conversations.values()]
      .filter((one) => one.contact_id === visitor.contact_id)
      .map(({ messages, ...one }) => ({ ...one, last_seq: messages.length })),
  }),
  "GET messages": (desk, { query }) => {
    const after = Number(query.get("after_seq") ?? 0);
    const messages = desk.conversations.get(query.get("conversation_id"))?.messages;
    if (!messages) throw new Problem(404, "not_found", "没有这个会话。");
    return { items: messages.filter(({ seq }) => seq > after).slice(0, Number(query.get("limit") ?? 200)), next: null };
  },
  "POST hand-off": (desk, { visitor }) => {
    const conversation = desk.open_conversation(visitor.contact_id);
    const { hours } = settings_of(desk, "zh-CN", true);
    if (hours.is_open) {
      conversation.handled_by = "queue";
      conversation.generation = (conversation.generation ?? 0) + 1;
      desk.say(conversation, { from: "system", type: "system", system: { code: "queued", reason: "asked" } });
      desk.tell(conversation, { type: "handled_by", conversation_id: conversation.id, handled_by: "queue" });
    }
    return { handled_by: conversation.handled_by, queue: hours.is_open ? { position: 3, eta_seconds: 70 } : null, hours };
  },
  "POST ratings": (desk, { body }) => void desk.ratings.push(body),
  "POST feedback": (desk, { body }) => void desk.feedback.push(body),
  "POST visits": (desk, { body }) => void desk.visits.push(body),
  "POST left-messages": (desk, { body, visitor }) => {
    desk.left_messages.push(body);
    const conversation = desk.open_conversation(visitor.contact_id);
    desk.say(conversation, { from: "system", type: "system", system: { code: "left_message" } });
    return { id: desk.new_id() };
  },
};
