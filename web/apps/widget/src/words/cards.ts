/** What the cards say beside what the shop's data says. They come with the cards, so the panel carries none of it. */
const zh = {
  product: "商品",
  in_stock: "有货",
  out_of_stock: "暂时缺货",
  presale: "预售 · {day}起发货",
  open_product: "查看商品",
  order: "订单",
  paid: "实付",
  ordered: "{when}下单",
  more_items: "另有 {n} 件商品",
  fewer_items: "收起",
  parcel: "物流",
  copy: "复制单号",
  copied: "已复制",
  copy_failed: "没能复制，请长按单号复制",
  earlier: "全部轨迹（{n} 条）",
  no_event: "还没有物流信息",
  unpaid: "待付款",
  to_ship: "待发货",
  part_shipped: "部分发货",
  shipped: "已发货",
  order_delivered: "已签收",
  closed: "已关闭",
  cancelled: "已取消",
  refunded: "已退款",
  waiting: "等待揽收",
  picked_up: "已揽收",
  in_transit: "运输中",
  out_for_delivery: "派送中",
  delivered: "已签收",
  problem: "有异常",
  returned: "已退回",
};

export type CardWord = keyof typeof zh;

const en: Record<CardWord, string> = {
  product: "Product",
  in_stock: "In stock",
  out_of_stock: "Out of stock",
  presale: "Pre-sale · ships from {day}",
  open_product: "View product",
  order: "Order",
  paid: "Paid",
  ordered: "Ordered {when}",
  more_items: "{n} more",
  fewer_items: "Show less",
  parcel: "Parcel",
  copy: "Copy number",
  copied: "Copied",
  copy_failed: "Copying failed. Please select the number.",
  earlier: "Every step ({n})",
  no_event: "No news from the carrier yet",
  unpaid: "Not paid",
  to_ship: "To be shipped",
  part_shipped: "Partly shipped",
  shipped: "Shipped",
  order_delivered: "Delivered",
  closed: "Closed",
  cancelled: "Cancelled",
  refunded: "Refunded",
  waiting: "Waiting for pick-up",
  picked_up: "Picked up",
  in_transit: "In transit",
  out_for_delivery: "Out for delivery",
  delivered: "Delivered",
  problem: "Problem",
  returned: "Returned",
};

export type SayCard = (key: CardWord, blanks?: Record<string, string | number>) => string;

export function speak_cards(language: string): SayCard {
  const words = language.startsWith("en") ? en : zh;
  return (key, blanks = {}) => words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(blanks[name] ?? ""));
}

const ORDER_STATES: Record<string, CardWord> = {
  unpaid: "unpaid",
  paid: "to_ship",
  part_shipped: "part_shipped",
  shipped: "shipped",
  delivered: "order_delivered",
  closed: "closed",
  cancelled: "cancelled",
  refunded: "refunded",
};
const PARCEL_STATES = new Set<string>(["waiting", "picked_up", "in_transit", "out_for_delivery", "delivered", "problem", "returned"]);

/** Nothing for a state that these words do not know. */
export function say_order_state(state: string, say: SayCard): string {
  const key = ORDER_STATES[state];
  return key ? say(key) : "";
}

export function say_parcel_state(state: string, say: SayCard): string {
  return PARCEL_STATES.has(state) ? say(state as CardWord) : "";
}
