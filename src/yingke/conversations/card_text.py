"""A card as one line of text, for places that show text only."""

from collections.abc import Mapping
from typing import Any

_KINDS = {"product": ("商品", "Product"), "order": ("订单", "Order"), "parcel": ("物流", "Parcel")}
_STOCK = {True: ("有货", "in stock"), False: ("缺货", "out of stock")}
_STATES = {
    "unpaid": ("待付款", "not paid"),
    "paid": ("待发货", "to be shipped"),
    "part_shipped": ("部分发货", "partly shipped"),
    "shipped": ("已发货", "shipped"),
    "delivered": ("已签收", "delivered"),
    "closed": ("已关闭", "closed"),
    "cancelled": ("已取消", "cancelled"),
    "refunded": ("已退款", "refunded"),
    "waiting": ("等待揽收", "waiting for pick-up"),
    "picked_up": ("已揽收", "picked up"),
    "in_transit": ("运输中", "in transit"),
    "out_for_delivery": ("派送中", "out for delivery"),
    "problem": ("有异常", "problem"),
    "returned": ("已退回", "returned"),
}


def card_line(card: Mapping[str, Any], *, is_english: bool) -> str:
    """「[商品] 两人三季帐 · ¥499.00 · 有货」. `card` as kept in a payload; empty for a kind that nobody knows."""
    kind = str(card.get("kind"))
    if kind not in _KINDS:
        return ""
    parts = {"product": _product, "order": _order, "parcel": _parcel}[kind](card, is_english)
    return f"[{_KINDS[kind][is_english]}] " + " · ".join(str(part) for part in parts if part)


def _product(card: Mapping[str, Any], is_english: bool) -> list[str | None]:
    ships, in_stock = card.get("presale_ships"), card.get("in_stock")
    stock = _STOCK[in_stock][is_english] if in_stock is not None else None
    if ships:
        stock = f"pre-sale, ships from {ships}" if is_english else f"预售，{ships}起发货"
    return [card.get("title"), card.get("price"), stock, card.get("url")]


def _order(card: Mapping[str, Any], is_english: bool) -> list[str | None]:
    items = ", " if is_english else "、"
    named = items.join(
        " ".join(part for part in (str(item["title"]), str(item["variant"])) if part) + f" ×{item['quantity']}"
        for item in card.get("items", ())
    )
    paid = f"paid {card.get('paid')}" if is_english else f"实付 {card.get('paid')}"
    return [card.get("number"), _state(card, is_english), named, paid]


def _parcel(card: Mapping[str, Any], is_english: bool) -> list[str | None]:
    event = " ".join(part for part in (card.get("when"), card.get("event")) if part)
    return [card.get("carrier"), card.get("tracking_number"), _state(card, is_english), event]


def _state(card: Mapping[str, Any], is_english: bool) -> str | None:
    words = _STATES.get(str(card.get("state")))
    return words[is_english] if words else None
