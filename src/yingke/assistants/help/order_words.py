"""Where the customer's order stands, in a sentence that may be sent as it is."""

from collections.abc import Mapping
from typing import Any

from yingke.assistants.help.next_steps import ABOUT_ORDERS
from yingke.commerce.contract import ShopError, Shops
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.track_order import track_order
from yingke.kit.db import Database

STATES = {
    "unpaid": ("待付款", "not paid yet"),
    "paid": ("已付款，待发货", "paid, not sent yet"),
    "part_shipped": ("部分发货", "partly sent"),
    "shipped": ("已发货", "on its way"),
    "delivered": ("已签收", "delivered"),
    "closed": ("已完成", "completed"),
    "cancelled": ("已取消", "cancelled"),
    "refunded": ("已退款", "refunded"),
}
MOST_ITEMS = 3


async def order_words(
    db: Database, shops: Shops, workspace_id: int, facts: Mapping[str, Any], language: str
) -> list[dict[str, Any]]:
    """One item about the order that is spoken of; none where the talk is about something else. Asks the carrier, ≤ 3 s."""
    if facts["intent"] not in (*ABOUT_ORDERS, "complaint", "provide_info"):
        return []
    try:
        tracked = await track_order(db, shops, workspace_id, facts["orders"][0]["id"])
    except ShopError:
        return []
    order = tracked.order
    text = _in_chinese(order) if language.startswith("zh") else _in_english(order)
    return [{"kind": "order", "text": text, "source": order.number, "is_internal": False}]


def _in_chinese(order: OrderView) -> str:
    items = "、".join(f"{item.title} ×{item.quantity}" for item in order.items[:MOST_ITEMS])
    state = STATES.get(order.state, (order.state_text or order.state, ""))[0]
    return f"您的订单 {order.number}（{items}）目前{state}。{_newest(order)}"


def _in_english(order: OrderView) -> str:
    items = ", ".join(f"{item.title} ×{item.quantity}" for item in order.items[:MOST_ITEMS])
    state = STATES.get(order.state, ("", order.state.replace("_", " ")))[1]
    return f"Your order {order.number} ({items}) is {state}. {_newest(order)}".strip()


def _newest(order: OrderView) -> str:
    """What the carrier said last, in its own words."""
    if not order.parcels or not order.parcels[0].events:
        return ""
    parcel, event = order.parcels[0], order.parcels[0].events[0]
    return f"{parcel.carrier} {parcel.tracking_number}：{' '.join(part for part in (event.place, event.text) if part)}"
