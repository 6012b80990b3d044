"""Which orders may be spoken of in a conversation: the signed customer's own, and those a stranger has just shown to be his."""

from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.orders_of import orders_of
from yingke.kit.db import Transaction

_OPENED = """
select x.order_id from opened_orders x join orders o on o.workspace_id = x.workspace_id and o.id = x.order_id
where x.workspace_id = $1 and x.conversation_id = $2 and x.open_until > now()
order by x.open_until desc limit 10
"""
_IDENTITY = "select identity_id from conversations where workspace_id = $1 and id = $2"


async def open_orders(tx: Transaction, workspace_id: int, conversation_id: int) -> list[OrderView]:
    """What was opened here in the last half hour first, then the signed customer's own, the newest first."""
    rows = await tx.fetch(_OPENED, workspace_id, conversation_id)
    opened = await load_orders(tx, workspace_id, [row["order_id"] for row in rows])
    identity_id = await tx.fetchval(_IDENTITY, workspace_id, conversation_id)
    own = await orders_of(tx, workspace_id, identity_id) if identity_id is not None else []
    known = {one.id for one in opened}
    return opened + [one for one in own if one.id not in known]
