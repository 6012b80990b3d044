"""The orders of a customer whom the shop itself has signed in."""

from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.kit.db import Transaction

# The shop's id of a customer means something in that shop only; an order of no shop is everybody's who shares the ids.
_OWN = """
select o.id from identities i
join channel_accounts a on a.workspace_id = i.workspace_id and a.id = i.channel_account_id
join orders o on o.workspace_id = i.workspace_id and o.buyer_external_id = i.external_id
  and (o.shop_id is null or o.shop_id = a.shop_id)
where i.workspace_id = $1 and i.id = $2 and i.is_verified and i.external_id is not null
order by o.ordered_at desc, o.id desc limit $3
"""


async def orders_of(tx: Transaction, workspace_id: int, identity_id: int, limit: int = 10) -> list[OrderView]:
    """The newest first. Empty for anybody whom the shop has not vouched for by a signed token.

    `identity_id` is the one of the session or the conversation, never one that somebody wrote.
    """
    rows = await tx.fetch(_OWN, workspace_id, identity_id, limit)
    return await load_orders(tx, workspace_id, [row["id"] for row in rows])


async def owns_order(tx: Transaction, workspace_id: int, identity_id: int, order_id: int) -> bool:
    """Whether this order is among the signed identity's own."""
    statement = _OWN.replace("order by", "and o.id = $4 order by")
    return bool(await tx.fetch(statement, workspace_id, identity_id, 1, order_id))
