"""A stranger shows that an order is his: its number and the last four digits of its phone, three tries, then a person."""

import hmac
import re
from dataclasses import dataclass

from yingke.commerce.order_numbers import number_key
from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.kit.db import Database, Transaction

MOST_TRIES = 3
OPEN_MINUTES = 30
_NOBODY = "----"
_TAIL = re.compile(r"\d{4}")

# First the talk, then the number: many at once wait in line and no two wait for each other.
_LOCK = "select pg_advisory_xact_lock(hashtextextended($1, 1)), pg_advisory_xact_lock(hashtextextended($2, 2))"
_LOOK = """
select
  (select count(*) from order_tries where workspace_id = $1 and conversation_id = $2 and not was_right) as here,
  (select count(*) from order_tries where workspace_id = $1 and number_key = $3 and not was_right
     and tried_at > now() - interval '24 hours') as on_number,
  array(select id from orders where workspace_id = $1 and number_key = $3 order by ordered_at desc, id limit 5) as ids,
  array(select phone from orders where workspace_id = $1 and number_key = $3 order by ordered_at desc, id limit 5) as phones
"""
_TRY = """
with tried as (
  insert into order_tries (workspace_id, conversation_id, number_key, was_right)
  values ($1, $2, $3, $4::bigint is not null)
), linked as (
  insert into order_links (workspace_id, conversation_id, order_id, how)
  select $1, $2, id, 'asked' from orders where workspace_id = $1 and id = $4 on conflict do nothing
)
insert into opened_orders (workspace_id, conversation_id, order_id, open_until)
select $1, $2, id, now() + make_interval(mins => $5) from orders where workspace_id = $1 and id = $4
on conflict (workspace_id, conversation_id, order_id) do update set open_until = excluded.open_until
"""


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
    async with db.transaction(workspace_id) as tx:
        return await try_order(tx, workspace_id, conversation_id, number, phone_tail)


async def try_order(tx: Transaction, workspace_id: int, conversation_id: int, number: str, phone_tail: str) -> Verified:
    """`verify_order` within an open transaction; it has to commit, or the try does not count."""
    key = number_key(number)
    await tx.execute(_LOCK, f"{workspace_id}:{conversation_id}", f"{workspace_id}:{key}")
    seen = await tx.fetchrow(_LOOK, workspace_id, conversation_id, key)
    may_try = seen["here"] < MOST_TRIES and seen["on_number"] < MOST_TRIES
    matched = _match(list(zip(seen["ids"], seen["phones"], strict=True)), phone_tail)
    opened = matched if may_try else None
    await tx.execute(_TRY, workspace_id, conversation_id, key, opened, OPEN_MINUTES)
    if opened is None:
        here = min(seen["here"] + 1, MOST_TRIES)
        is_over = not may_try or here >= MOST_TRIES or seen["on_number"] + 1 >= MOST_TRIES
        return Verified(None, is_over, 0 if is_over else MOST_TRIES - here)
    return Verified((await load_orders(tx, workspace_id, [opened]))[0], False, MOST_TRIES - seen["here"])


def _match(orders: list[tuple[int, str]], phone_tail: str) -> int | None:
    """Compares as often for an unknown number as for a known one, and in constant time."""
    asked = phone_tail.strip()
    is_tail = _TAIL.fullmatch(asked) is not None and asked.isascii()
    found = None
    for id, phone in [*orders, *[(0, "")] * (5 - len(orders))]:
        tail = phone[-4:] if len(phone) >= 7 else _NOBODY
        if hmac.compare_digest(tail.encode(), asked.encode("utf-8", "replace")) and is_tail and found is None and id:
            found = id
    return found
