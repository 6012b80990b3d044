"""What was asked of the shop for the orders that are open here, and how it stands."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult
from yingke.assistants.tools.pieces.show_order import show_moment
from yingke.commerce.money import show_money
from yingke.commerce.orders.open_order import open_orders
from yingke.commerce.requests.requests_of import may_withdraw, requests_of


class MyRequests(Tool):
    name = "my_requests"
    needs = "orders"
    says = (
        "查这位客户已提交的申请（退货、退款、换货、发票等）办到哪一步；只看本次会话已打开的订单。",
        "How the requests (return, refund, exchange, invoice …) for the orders open in this conversation stand.",
    )
    parameters: ClassVar[dict[str, Any]] = {"type": "object", "properties": {}}

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """The newest first. `may_withdraw`: asked for in this conversation, and no shop has it yet."""
        async with session.db.transaction(session.workspace_id) as tx:
            orders = {one.id: one for one in await open_orders(tx, session.workspace_id, session.conversation_id)}
            found = await requests_of(tx, session.workspace_id, session.conversation_id, list(orders))
        shown = [
            {
                "id": str(one.id),
                "kind": one.kind,
                "state": one.state,
                "order_id": str(one.order_id) if one.order_id is not None else None,
                "order_number": orders[one.order_id].number if one.order_id in orders else "",
                "amount": show_money(one.amount_minor, one.currency, session.language) if one.amount_minor else None,
                "asked_at": show_moment(one.created_at, session),
                "changed_at": show_moment(one.updated_at, session),
                "is_of_this_talk": one.conversation_id == session.conversation_id,
                "may_withdraw": may_withdraw(one, session.conversation_id),
            }
            for one in found
        ]
        facts = tuple(f"{one['id']} {one['amount'] or ''} {one['asked_at']} {one['changed_at']}" for one in shown)
        return ToolResult({"requests": shown}, facts=facts)
