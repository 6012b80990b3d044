"""The orders whose whole number stands in a text, for an agent who may see orders."""

from collections.abc import Sequence

from yingke.commerce.order_numbers import find_order_numbers, number_key
from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.kit.db import Transaction
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

MOST = 3


async def orders_named(tx: Transaction, caller: Caller, shops: Sequence[int] | None, text: str) -> list[OrderView]:
    """At most three, of `shops` (None = all) and of no shop; who looked is written into the audit log."""
    keys = [key for number in find_order_numbers(text)[:MOST] if (key := number_key(number))]
    rows = await tx.fetch(
        "select id from orders where workspace_id = $1 and number_key = any($2)"
        " and ($3::bigint[] is null or shop_id is null or shop_id = any($3)) limit $4",
        caller.workspace_id,
        keys,
        list(shops) if shops is not None else None,
        MOST,
    )
    orders = await load_orders(tx, caller.workspace_id, [row["id"] for row in rows])
    for order in orders:
        await record_audit(tx, caller, "order.looked_up", f"order:{order.id}", {"number": order.number})
    return orders
