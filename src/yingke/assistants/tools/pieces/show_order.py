"""An order as skills, models and cards are given it: nothing of name, phone or address."""

from datetime import datetime
from typing import Any

from yingke.assistants.tools.contract import Session
from yingke.assistants.tools.pieces.show_product import show_day
from yingke.commerce.money import show_money
from yingke.commerce.orders.order_view import ItemView, OrderView, ParcelView
from yingke.commerce.product_names import carrier_for, is_foreign_to, name_for

MOST_EVENTS = 5


def show_order(order: OrderView, session: Session) -> dict[str, Any]:
    """`due` while something is still to be paid, such as the rest after a deposit; `delivered_at` where it is known."""
    paid = order.total_minor if order.paid_minor is None else order.paid_minor
    due = order.total_minor - paid
    is_due = due > 0 and order.state in ("unpaid", "paid")
    known = {"due": show_money(due, order.currency, session.language)} if is_due else {}
    if order.delivered_at is not None:
        known["delivered_at"] = show_moment(order.delivered_at, session)
    return known | {
        "id": str(order.id),
        "number": order.number,
        "state": order.state,
        "paid": show_money(paid, order.currency, session.language),
        "ordered_at": show_moment(order.ordered_at, session),
        "items": [
            {
                "line": item.line,
                "title": _named(item, session.language),
                "variant": "" if _is_framed(item, session.language) else item.variant,
                "quantity": item.quantity,
            }
            for item in order.items
        ],
    }


def _is_framed(item: ItemView, tag: str) -> bool:
    """Its number says which variant it is."""
    return bool(item.sku) and is_foreign_to(tag, name_for(tag, item.title, item.attributes))


def _named(item: ItemView, tag: str) -> str:
    """In the customer's language where the shop has such a name; else its own in quotes, with the number on the label."""
    name = name_for(tag, item.title, item.attributes)
    if not is_foreign_to(tag, name):
        return name
    return f"“{name}” ({item.sku})" if item.sku else f"“{name}”"


def show_parcel(parcel: ParcelView, session: Session, order_state: str = "") -> dict[str, Any]:
    """`event` and `when` are of the newest entry. A parcel of which nothing was told is there when its order is."""
    newest = parcel.events[0] if parcel.events else None
    return {
        "carrier": carrier_for(session.language, parcel.carrier),
        "tracking_number": parcel.tracking_number,
        "state": "delivered" if newest is None and order_state in ("delivered", "closed") else parcel.state,
        "event": " ".join(part for part in (newest.place, newest.text) if part) if newest else None,
        "when": show_moment(newest.happened_at, session) if newest else None,
        "events": [
            {
                "when": show_moment(one.happened_at, session),
                "text": " ".join(part for part in (one.place, one.text) if part),
            }
            for one in parcel.events[:MOST_EVENTS]
        ],
    }


def order_card(order: dict[str, Any]) -> dict[str, Any]:
    """What the customer sees of his order beside the words."""
    return {"kind": "order"} | {name: order[name] for name in ("id", "number", "state", "paid", "ordered_at", "items")}


def parcel_card(order: dict[str, Any], parcel: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "parcel", "order_number": order["number"], **parcel}


def show_moment(moment: datetime, session: Session) -> str:
    """11月22日 14:05, in the shop's time zone."""
    return f"{show_day(moment, session)} {moment.astimezone(session.now.tzinfo):%H:%M}"
