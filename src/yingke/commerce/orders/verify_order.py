"""A stranger shows that an order is his: its number and the last four digits of its phone, three tries, then a person."""

import re
from dataclasses import dataclass

from yingke.commerce.order_numbers import number_key
from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.kit.db import Database

MOST_TRIES = 3
OPEN_MINUTES = 30
_TAIL = re.compile(r"[0-9]{4}")
_TRY = "select opened, here, on_number from try_order($1, $2, $3, $4, $5, $6)"


@dataclass(frozen=True, slots=True)
class Verified:
    """`order` only when both were right. `is_person_needed`: no more tries, here or on this number."""

    order: OrderView | None
    is_person_needed: bool
    tries_left: int


async def verify_order(db: Database, workspace_id: int, conversation_id: int, number: str, phone_tail: str) -> Verified:
    """One try, counted also when it is right. A right one opens the order to this conversation for OPEN_MINUTES.

    An unknown number and a wrong tail get the same answer after the same statements; `tries_left` speaks of this
    conversation alone, so it tells nothing about a number. Raises 404 for a conversation of another workspace.
    """
    tail = phone_tail.strip()
    asked = tail if _TAIL.fullmatch(tail) else ""
    async with db.crossing() as tx:
        row = await tx.fetchrow(
            _TRY, workspace_id, conversation_id, number_key(number), asked, MOST_TRIES, OPEN_MINUTES
        )
    opened, here, on_number = row
    if opened is None:
        may_try = here < MOST_TRIES and on_number < MOST_TRIES
        here = min(here + 1, MOST_TRIES)
        is_over = not may_try or here >= MOST_TRIES or on_number + 1 >= MOST_TRIES
        return Verified(None, is_over, 0 if is_over else MOST_TRIES - here)
    async with db.reading(workspace_id) as tx:
        orders = await load_orders(tx, workspace_id, [opened])
    # Between the two statements the shop may have taken it away.
    return Verified(orders[0] if orders else None, False, MOST_TRIES - here)
