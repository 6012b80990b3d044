"""Says that a request was made or changed: to workbenches and webhooks, and in the audit log."""

from yingke.commerce.requests.request_view import RequestView
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

CREATED, CHANGED = "order_request_created", "order_request_changed"


async def announce(tx: Transaction, workspace_id: int, request: RequestView, event: str) -> None:
    data = {"order_request_id": show_id(request.id), "kind": request.kind, "state": request.state}
    if request.order_id is not None:
        data["order_id"] = show_id(request.order_id)
    await record_event(tx, workspace_id, event, data, conversation_id=request.conversation_id)


async def audit(tx: Transaction, caller: Caller, request: RequestView, action: str) -> None:
    """`action` is a past participle: created, approved, refused, withdrawn, finished."""
    data = {"kind": request.kind, "state": request.state, "amount_minor": request.amount_minor, "by": request.asked_by}
    await record_audit(tx, caller, f"order_request.{action}", f"order_request:{show_id(request.id)}", data)
