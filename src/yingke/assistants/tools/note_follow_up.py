"""Notes for people what has to be done about an open order: send what is missing, chase a parcel, look something up."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, cast

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id, read_text
from yingke.commerce.orders.open_order import open_orders
from yingke.conversations.follow_ups.follow_up import Item
from yingke.conversations.follow_ups.note_once import note_once
from yingke.conversations.follow_ups.recognise import Kind

KINDS: tuple[Kind, ...] = ("reship", "check", "repair", "other")
TO_DO_WITHIN = timedelta(hours=24)


class NoteFollowUp(Tool):
    name = "note_follow_up"
    needs = "orders"
    changes = True
    is_for_agents = False
    says = (
        "为已打开的订单登记一条跟进事项，由同事处理：补发、催件核实、安排维修。",
        "Note a follow-up item for people about an open order: send what is missing, chase a parcel, arrange a repair.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": list(KINDS)},
            "order_id": {"type": "string"},
            "title": {"type": "string"},
        },
        "required": ["kind", "order_id", "title"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """The same of one order is noted once while it is still to do. Problem not_found: the order is not open here."""
        kind, order_id = arguments.get("kind"), read_id(arguments, "order_id")
        if kind not in KINDS or order_id is None:
            raise WrongArguments(f"kind must be one of {', '.join(KINDS)}, with the id of an open order")
        title = read_text(arguments, "title", 80)
        async with session.db.transaction(session.workspace_id) as tx:
            known = await open_orders(tx, session.workspace_id, session.conversation_id)
            order = next((one for one in known if one.id == order_id), None)
            if order is None:
                return ToolResult(problem="not_found")
            item = Item(
                session.conversation_id,
                cast(Kind, kind),
                title,
                order_number=order.number,
                order_id=order.id,
                due_at=session.now + TO_DO_WITHIN,
            )
            row = await note_once(tx, session.workspace_id, item)
        return ToolResult({"id": str(row["id"]), "kind": kind})
