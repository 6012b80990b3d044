"""The orders that this customer may be told of."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.show_order import show_order
from yingke.commerce.orders.load_orders import load_orders
from yingke.commerce.orders.open_order import known_orders

MOST = 5


class MyOrders(Tool):
    name = "my_orders"
    needs = "orders"
    says = (
        "列出这位客户的订单：店铺登录过的客户是他自己的订单，其他人只有本次会话里核对过的订单。",
        "List this customer's orders: all of a signed-in customer, otherwise only those confirmed in this conversation.",
    )
    parameters: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`is_known` False: a stranger who has not confirmed any order here."""
        async with session.db.reading(session.workspace_id) as tx:
            known = await known_orders(tx, session.workspace_id, session.conversation_id)
            orders = await load_orders(tx, session.workspace_id, known.order_ids)
        shown = [show_order(one, session) for one in orders[:MOST]]
        return ToolResult(
            {"is_known": known.is_signed_in or bool(orders), "is_signed_in": known.is_signed_in, "orders": shown},
            facts=tuple(f"{one['number']} {one['paid']} {one['ordered_at']}" for one in shown),
        )
