"""Asks the shop for a return, an exchange, a refund, a repair, a cancellation, another address, an invoice."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, cast, get_args

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id, read_list, read_text
from yingke.commerce.money import show_money
from yingke.commerce.requests.ask_for import ask_for
from yingke.commerce.requests.claim_request import Asked
from yingke.commerce.requests.refusals import RequestRefused
from yingke.commerce.shapes import RequestKind

KINDS = tuple(kind for kind in get_args(RequestKind) if kind != "coupon")
MOST_LINES = 20
_FAULTY = re.compile(
    r"坏|破|碎|裂|漏|瑕疵|质量|故障|发错|错发|少发|漏发|不能用|用不了|broken|damaged|defect|faulty|wrong item",
    re.IGNORECASE,
)


class RequestChange(Tool):
    name = "request_change"
    needs = "orders"
    changes = True
    says = (
        "替客户向店铺申请：退货、换货、退款、维修、取消、改地址、开发票。只能用于本次会话已打开的订单，要客户先确认。",
        "Ask the shop for a return, exchange, refund, repair, cancellation, other address or invoice, for an order that is "
        "open in this conversation and after the customer said yes.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": list(KINDS)},
            "order_id": {"type": "string"},
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"line": {"type": "integer"}, "quantity": {"type": "integer"}},
                    "required": ["line", "quantity"],
                },
            },
            "details": {
                "type": "object",
                "description": "address: name, phone, region, detail; invoice: title, tax_number",
            },
            "reason": {"type": "string", "description": "in the customer's words"},
        },
        "required": ["kind", "order_id", "reason"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """The key of the request is the turn and the step, so that a repeated turn asks once. With `since`, the turn that
        asked the customer for a yes, it is that turn and the kind: a yes said twice asks once too."""
        kind, order_id = arguments.get("kind"), read_id(arguments, "order_id")
        if kind not in KINDS or order_id is None:
            raise WrongArguments(f"kind must be one of {', '.join(KINDS)}, with the id of an open order")
        reason = read_text(arguments, "reason", 500)
        details = arguments.get("details") or {}
        if not isinstance(details, dict) or not all(isinstance(value, str) for value in details.values()):
            raise WrongArguments("details must be texts by name")
        since = arguments.get("since")
        turn = f"{since}:{kind}" if isinstance(since, int) and since > 0 else f"{session.through_seq}:{step}"
        asked = Asked(
            workspace_id=session.workspace_id,
            kind=cast(RequestKind, kind),
            key=f"{session.conversation_id}:{turn}",
            order_id=order_id,
            conversation_id=session.conversation_id,
            lines=_items(arguments),
            reason=reason,
            details=details,
            is_faulty=bool(_FAULTY.search(reason)),
        )
        try:
            request = await ask_for(session.db, session.shops, asked)
        except RequestRefused as refused:
            return ToolResult({"why": refused.spoken(session.language)}, problem=refused.code)
        amount = show_money(request.amount_minor, request.currency, session.language) if request.amount_minor else None
        data = {
            "id": str(request.id),
            "kind": kind,
            "state": request.state,
            "amount": amount,
            "outcome": request.outcome,
        }
        return ToolResult(data, facts=(f"{request.id} {amount or ''}",))


def _items(arguments: Mapping[str, Any]) -> dict[int, int]:
    items: dict[int, int] = {}
    for one in read_list(arguments, "items", MOST_LINES):
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("line"), int)
            or not isinstance(one.get("quantity"), int)
        ):
            raise WrongArguments("each item needs line and quantity")
        items[one["line"]] = one["quantity"]
    return items
