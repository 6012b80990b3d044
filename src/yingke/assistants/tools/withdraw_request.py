"""Takes back a request that the customer made in this conversation, while no shop has done anything about it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from yingke.assistants.tools.contract import Session, Tool, ToolResult, WrongArguments
from yingke.assistants.tools.pieces.arguments import read_id
from yingke.commerce.requests.decide import withdraw_in_conversation


class WithdrawRequest(Tool):
    name = "withdraw_request"
    needs = "orders"
    changes = True
    is_for_agents = False
    says = (
        "撤回客户在本次会话里提交、店铺还没有办理的申请，要客户先确认。",
        "Take back a request that the customer made in this conversation and no shop has dealt with, after a yes.",
    )
    parameters: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {"request_id": {"type": "string"}},
        "required": ["request_id"],
    }

    async def run(self, session: Session, arguments: Mapping[str, Any], step: int) -> ToolResult:
        """Problems: not_found for a request of another conversation, decided_already when it is too late."""
        request_id = read_id(arguments, "request_id")
        if request_id is None:
            raise WrongArguments("request_id is needed")
        request = await withdraw_in_conversation(session.db, session.workspace_id, session.conversation_id, request_id)
        return ToolResult({"id": str(request.id), "kind": request.kind, "state": request.state})
