"""Which orders may be spoken of in a conversation: the signed customer's own, and those a stranger has just shown to be his."""

from dataclasses import dataclass

from yingke.commerce.order_numbers import number_key
from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.orders_of import ids_of
from yingke.kit.db import Transaction

_KNOWN = """
select i.id as identity_id, i.is_verified and i.external_id is not null as is_signed_in,
  array(select x.order_id from opened_orders x where x.workspace_id = $1 and x.conversation_id = $2
    and x.open_until > now() order by x.open_until desc limit 10) as opened,
  array(select x.order_id from opened_orders x join orders o on o.workspace_id = x.workspace_id and o.id = x.order_id
    where x.workspace_id = $1 and x.conversation_id = $2 and x.open_until > now() and o.number_key = $3
    order by x.open_until desc) as named
from conversations c join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
where c.workspace_id = $1 and c.id = $2
"""


@dataclass(frozen=True, slots=True)
class Known:
    """`is_signed_in`: the shop itself has vouched for who writes here. `named` are those of the number asked for."""

    order_ids: list[int]
    is_signed_in: bool
    named: list[int]


async def open_orders(tx: Transaction, workspace_id: int, conversation_id: int) -> list[OrderView]:
    """What was opened here in the last half hour first, then the signed customer's own, the newest first."""
    return await load_orders(tx, workspace_id, await open_order_ids(tx, workspace_id, conversation_id))


async def open_order_ids(tx: Transaction, workspace_id: int, conversation_id: int) -> list[int]:
    """As `open_orders`, where only the question is whether one of them is meant."""
    return (await known_orders(tx, workspace_id, conversation_id)).order_ids


async def known_orders(tx: Transaction, workspace_id: int, conversation_id: int, number: str = "") -> Known:
    """One statement for a stranger, two for a signed customer, whose own are all looked through for the number."""
    key = number_key(number)
    row = await tx.fetchrow(_KNOWN, workspace_id, conversation_id, key)
    if row is None:
        return Known([], False, [])
    own = await ids_of(tx, workspace_id, row["identity_id"]) if row["is_signed_in"] else []
    named = row["named"] if key else []
    if own and key and not named:
        named = [one.id for one in await load_orders(tx, workspace_id, own) if number_key(one.number) == key]
    return Known(list(dict.fromkeys([*row["opened"], *own])), row["is_signed_in"], named)
