"""Orders and parcels in words."""

from typing import Any

from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.product_names import is_foreign_to

_STATES = {
    "unpaid": ("还没有付款", "not paid yet"),
    "paid": ("已付款，等待发货", "paid, waiting to be shipped"),
    "part_shipped": ("已发出一部分", "partly shipped"),
    "shipped": ("已发货", "shipped"),
    "delivered": ("已签收", "delivered"),
    "closed": ("已完成", "completed"),
    "cancelled": ("已取消", "cancelled"),
    "refunded": ("已退款", "refunded"),
}
_PARCELS = {
    "waiting": ("等待揽收", "waiting for the carrier"),
    "picked_up": ("已揽收", "picked up"),
    "in_transit": ("运输中", "on its way"),
    "out_for_delivery": ("派送中", "out for delivery"),
    "delivered": ("已签收", "delivered"),
    "problem": ("运输异常", "delayed by a problem"),
    "returned": ("退回中", "being returned"),
    "unknown": ("状态未知", "state unknown"),
}
MOST_ITEMS = 3


def state_of(order: dict[str, Any], work: Work) -> str:
    state = order["state"] if order["state"] in _STATES else "other"
    return work.word(f"state_{state}", *_STATES.get(state, ("处理中", "being processed")))


def order_line(order: dict[str, Any], work: Work) -> str:
    """两人三季帐（苔绿）×1、棉睡袋 ×2."""
    items = [item_line(item, work) for item in order["items"]]
    more = len(items) - MOST_ITEMS
    said = work.listed(items[:MOST_ITEMS])
    if more > 0:
        said += work.word("more_items", f" 等 {len(items)} 件", " and {more} more").format(more=more)
    return said


def item_line(item: dict[str, Any], work: Work) -> str:
    variant = (f"（{item['variant']}）" if work.is_chinese else f" ({item['variant']})") if item.get("variant") else ""
    return f"{item['title']}{variant} ×{item['quantity']}"


def not_shipped(order: dict[str, Any], work: Work) -> list[str]:
    """Nothing where the state of the order has said so."""
    return [] if order["state"] in ("unpaid", "paid", "cancelled", "refunded") else [work.say("not_shipped")]


def parcel_lines(parcels: list[dict[str, Any]], work: Work, came: str = "") -> list[str]:
    """`came`: when the order was delivered, for a parcel of which the carrier told nothing."""
    lines = []
    for parcel in parcels:
        known = parcel["state"] if parcel["state"] in _PARCELS else "unknown"
        state = work.word(f"parcel_{known}", *_PARCELS[known])
        named = {"carrier": parcel["carrier"], "tracking": parcel["tracking_number"], "state": state}
        if parcel.get("event"):
            key = "parcel_foreign" if is_foreign_to(work.tag, parcel["event"]) else "parcel"
            lines.append(work.say(key, **named, when=parcel["when"], event=parcel["event"]))
        elif known == "delivered":
            lines.append(work.say("parcel_came", **named, when=came) if came else work.say("parcel_there", **named))
        else:
            lines.append(work.say("parcel_quiet", **named))
    return lines
