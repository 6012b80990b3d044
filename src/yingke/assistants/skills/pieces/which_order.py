"""Which of his orders a customer means: the one that holds what he names, or the only one his wish can be about."""

from collections.abc import Sequence
from typing import Any

from yingke.assistants.skills.pieces.choose_items import orders_named
from yingke.assistants.skills.pieces.work import Work
from yingke.commerce.finding.need import names_a_thing
from yingke.kit.expression import expression

_ORDINAL = expression(r"^[\s第]*([1-9一二三四五六七八九])[\s个笔单号.、。]*$")
_COUNTED = "一二三四五六七八九"
_COMING, _THERE, _NOT_SENT = ("paid", "part_shipped", "shipped"), ("delivered", "closed"), ("paid", "unpaid")
_FITS: dict[str, tuple[str, ...]] = {
    "track": _COMING,
    "late": _COMING,
    "return": _THERE,
    "exchange": _THERE,
    "repair": _THERE,
    "missing": _THERE,
    "broken": _THERE,
    "wrong": _THERE,
    "quality": _THERE,
    "not_received": ("shipped", "delivered"),
    "cancel": _NOT_SENT,
    "address": _NOT_SENT,
    "pay_failed": ("unpaid",),
    "refund_state": ("refunded", "cancelled"),
}
"""States that an order is in when such a thing is wanted of it."""
LONGEST_NAME = 24


def meant_of(work: Work, text: str, orders: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders that may be meant, one where that is plain; all of them where nothing tells."""
    named = orders_named(text, orders) or orders_named(work.text, orders)
    if not named and names_a_thing(text):
        return list(orders)
    left = named or list(orders)
    wish = work.talk.wish if work.talk.wish in _FITS else work.talk.collected.get("matter", "")
    fitting = [one for one in left if one["state"] in _FITS.get(wish, ())]
    return fitting if len(fitting) == 1 else left


def chosen(text: str, order_ids: Sequence[str], titles: Sequence[Sequence[str]] = ()) -> str | None:
    """The one of the orders shown that a few words pick: by its place, or by what is in it."""
    found = _ORDINAL.match(text.strip())
    if found is not None:
        place = int(found[1]) if found[1].isdecimal() else _COUNTED.index(found[1]) + 1
        return order_ids[place - 1] if place <= len(order_ids) else None
    if len(text) > LONGEST_NAME:
        return None
    shown = [
        {"id": one, "items": [{"title": title} for title in goods]}
        for one, goods in zip(order_ids, titles, strict=False)
    ]
    named = orders_named(text, shown)
    return str(named[0]["id"]) if len(named) == 1 else None
