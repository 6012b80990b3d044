"""Opens one order for this conversation: the customer's own, or a stranger's after its number and the phone's last four."""

import time
from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id, read_text
from yingke.assistants.tools.pieces.show_order import order_card, show_moment, show_order
from yingke.commerce.connections.live import NOTHING_OLD, Looked
from yingke.commerce.orders.load_orders import get_order, load_orders
from yingke.commerce.orders.open_order import known_orders
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.verify_order import verify_order


class OpenOrder(Tool):
    name = "open_order"
    needs = "orders"
    says = (
        "打开一笔订单：登录客户自己的订单直接打开；其他人要订单号加下单手机号后四位，三次不对就转人工。",
        "Open one order: a signed-in customer's own at once; for others its number and the last four digits of its phone, "
        "three tries, then a person.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "number": {"type": "string", "description": "order number as the customer gave it"},
            "phone_tail": {"type": "string", "pattern": "^[0-9]{4}$", "description": "as the customer gave it"},
            "order_id": {"type": "string", "description": "one that my_orders listed"},
        },
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Problems: need_tail, wrong (with `left`), no_tries_left. A number alone tells nothing about an order.

        `as_of` of the order is set when its shop was asked and did not answer: this is what was last told.
        """
        order_id = read_id(arguments, "order_id")
        number = read_text(arguments, "number", 64) if order_id is None else ""
        async with session.db.reading(session.workspace_id) as tx:
            known = await known_orders(tx, session.workspace_id, session.conversation_id, number)
            meant = known.named if number else [one for one in known.order_ids if one == order_id]
            orders = await load_orders(tx, session.workspace_id, meant[:1])
        if orders:
            return await _as_of_now(orders[0], session)
        if order_id is not None:
            return ToolResult(problem="not_found")
        if not session.conversation_id:
            raise WrongArguments("orders are opened in a conversation only")
        tail = arguments.get("phone_tail")
        if not isinstance(tail, str) or not tail.strip():
            return ToolResult(problem="need_tail")
        looked = await session.live.number(session.workspace_id, number) if session.live is not None else NOTHING_OLD
        tried = await verify_order(session.db, session.workspace_id, session.conversation_id, number, tail)
        if tried.order is not None:
            return _opened(tried.order, session, looked)
        if looked.is_silent and not tried.is_person_needed:
            # Nobody can tell now whether they belong together; a number that is known sounds no different.
            return ToolResult(problem="shop_down")
        return ToolResult({"left": tried.tries_left}, problem="no_tries_left" if tried.is_person_needed else "wrong")


async def _as_of_now(known: OrderView, session: Session) -> ToolResult:
    """The order as its shop tells it this moment, where it has one that answers."""
    if session.live is None or known.connection_id is None:
        return _opened(known, session, NOTHING_OLD)
    looked = await session.live.orders(session.workspace_id, [known.id])
    async with session.db.transaction(session.workspace_id) as tx:
        order = await get_order(tx, session.workspace_id, known.id)
    return _opened(order, session, looked)


def _opened(order: OrderView, session: Session, looked: Looked) -> ToolResult:
    session.opened[order.id] = (time.monotonic(), order)
    shown = show_order(order, session)
    facts = (f"{shown['number']} {shown['paid']} {shown['ordered_at']} {shown.get('delivered_at', '')}",)
    as_of = {"as_of": show_moment(looked.as_of, session)} if looked.as_of is not None else {}
    return ToolResult({"order": shown | as_of}, facts=facts, cards=(order_card(shown),))
