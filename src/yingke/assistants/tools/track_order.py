"""Where the parcels of an opened order are."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id
from yingke.assistants.tools.pieces.show_order import parcel_card, show_moment, show_order, show_parcel
from yingke.commerce.orders.open_order import open_order_ids
from yingke.commerce.orders.track_order import track_order


class TrackOrder(Tool):
    name = "track_order"
    needs = "orders"
    says = ("查一笔已打开订单的物流轨迹。", "Track the parcels of an order that is open in this conversation.")
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"order_id": {"type": "string"}},
        "required": ["order_id"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """`as_of` is set when the carrier did not answer and this is older. Problem not_found: not open here."""
        order_id = read_id(arguments, "order_id")
        if order_id is None:
            raise WrongArguments("order_id is needed")
        known = session.find_opened(order_id)
        if known is None and not await _is_open(session, order_id):
            return ToolResult(problem="not_found")
        tracked = await track_order(session.db, session.shops, session.workspace_id, order_id, known)
        order = show_order(tracked.order, session)
        parcels = [show_parcel(one, session, tracked.order.state) for one in tracked.order.parcels]
        is_old = not tracked.is_live and tracked.order.connection_id is not None and bool(parcels)
        return ToolResult(
            {"parcels": parcels, "as_of": show_moment(tracked.as_of, session) if is_old else None},
            facts=tuple(f"{one['tracking_number']} {one['when']} {one['event']}" for one in parcels),
            cards=tuple(parcel_card(order, one) for one in parcels),
        )


async def _is_open(session: Session, order_id: int) -> bool:
    async with session.db.reading(session.workspace_id) as tx:
        return order_id in await open_order_ids(tx, session.workspace_id, session.conversation_id)
