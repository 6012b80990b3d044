"""Which orders may be spoken of in a conversation: the signed customer's own, and those a stranger has just shown to be his."""

from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.orders_of import OWN
from yingke.kit.db import Transaction

_OPEN = f"""
select id from (
  (select x.order_id as id, 0 as own, row_number() over (order by x.open_until desc) as place
   from opened_orders x join orders o on o.workspace_id = x.workspace_id and o.id = x.order_id
   where x.workspace_id = $1 and x.conversation_id = $2 and x.open_until > now() order by x.open_until desc limit 10)
  union all
  (select id, 1, row_number() over (order by ordered_at desc, id desc) from (
    {OWN.format(identity="(select identity_id from conversations where workspace_id = $1 and id = $2)")}) as mine)
) as known order by own, place
"""
MOST_OWN = 10


async def open_orders(tx: Transaction, workspace_id: int, conversation_id: int) -> list[OrderView]:
    """What was opened here in the last half hour first, then the signed customer's own, the newest first."""
    return await load_orders(tx, workspace_id, await open_order_ids(tx, workspace_id, conversation_id))


async def open_order_ids(tx: Transaction, workspace_id: int, conversation_id: int) -> list[int]:
    """As `open_orders`, where only the question is whether one of them is meant."""
    rows = await tx.fetch(_OPEN, workspace_id, conversation_id, MOST_OWN)
    return list(dict.fromkeys(row["id"] for row in rows))
