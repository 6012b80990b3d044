"""People decide over requests: approve, refuse, withdraw, finish by hand. Of many at once one counts."""

from typing import Any

from yingke.commerce.contract import Shops
from yingke.commerce.orders.load_orders import get_order
from yingke.commerce.requests.announce import CHANGED, announce, audit
from yingke.commerce.requests.carry_on import carry_on
from yingke.commerce.requests.claim_request import assistant_of, call_later, state_after_yes
from yingke.commerce.requests.refusals import decided_already
from yingke.commerce.requests.request_view import COLUMNS, RequestView, get_request, view_of
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import forbidden, not_found
from yingke.kit.text import clean_text
from yingke.workspaces.caller import Caller
from yingke.workspaces.permissions import is_role_enough

WITHDRAWABLE = ("waiting_approval", "open")
_BY_HAND = ("open", "uncertain", "failed")


async def approve_request(db: Database, shops: Shops, caller: Caller, request_id: int) -> RequestView:
    """Says yes to what waits, and calls the shop. Raises 403 where an admin has to, 404, 409 `decided_already`."""
    async with db.transaction(caller.workspace_id) as tx:
        request = await _waiting(tx, caller, request_id)
        order = await get_order(tx, caller.workspace_id, int(request.order_id or 0))
        request = await _change(tx, caller, request, state_after_yes(order), "", "approved")
        if request.state == "calling":
            await call_later(tx, caller.workspace_id, request.id)
    if request.state == "calling":
        return await carry_on(db, shops, caller.workspace_id, request.id)
    return request


async def refuse_request(db: Database, caller: Caller, request_id: int, reason: str) -> RequestView:
    """Says no to what waits; `reason` is told to the customer by whoever answers him. Raises like `approve_request`."""
    words = clean_text(reason, 1000, field="reason", min_chars=1)
    async with db.transaction(caller.workspace_id) as tx:
        request = await _waiting(tx, caller, request_id)
        return await _change(tx, caller, request, "refused", words, "refused")


async def withdraw_request(db: Database, caller: Caller, request_id: int) -> RequestView:
    """Takes back what no shop has done yet. Raises 404, 409 `decided_already`."""
    async with db.transaction(caller.workspace_id) as tx:
        request = await get_request(tx, caller.workspace_id, request_id, locked=True)
        return await _withdraw(tx, caller, request)


async def withdraw_in_conversation(
    db: Database, workspace_id: int, conversation_id: int, request_id: int
) -> RequestView:
    """The customer thinks better of it: what was asked for in this conversation. Raises 404 for any other."""
    async with db.transaction(workspace_id) as tx:
        request = await get_request(tx, workspace_id, request_id, locked=True)
        if request.conversation_id != conversation_id:
            raise not_found()
        return await _withdraw(tx, assistant_of(workspace_id), request)


async def finish_request(db: Database, caller: Caller, request_id: int, outcome: str, *, is_done: bool) -> RequestView:
    """A person did it in the shop, or found that it cannot be done. Raises 404, 409 `decided_already`."""
    words = clean_text(outcome, 2000, field="outcome")
    async with db.transaction(caller.workspace_id) as tx:
        request = await get_request(tx, caller.workspace_id, request_id, locked=True)
        if request.state not in _BY_HAND:
            raise decided_already()
        return await _change(tx, caller, request, "done" if is_done else "failed", words, "finished")


async def _waiting(tx: Transaction, caller: Caller, request_id: int) -> RequestView:
    request = await get_request(tx, caller.workspace_id, request_id, locked=True)
    if request.approver == "admin" and not is_role_enough(caller.role, "admin"):
        raise forbidden()
    if request.state != "waiting_approval":
        raise decided_already()
    return request


async def _withdraw(tx: Transaction, caller: Caller, request: RequestView) -> RequestView:
    # Once the shop has a number of it, taking it back here alone would deceive.
    if request.state not in WITHDRAWABLE or request.external_id:
        raise decided_already()
    return await _change(tx, caller, request, "withdrawn", request.outcome, "withdrawn")


async def _change(
    tx: Transaction, caller: Caller, request: RequestView, state: str, outcome: str, action: str
) -> RequestView:
    row: Any = await tx.fetchrow(
        "update order_requests set state = $3, outcome = $4, decided_by = $5, decided_at = now(), updated_at = now(),"
        f" may_have_happened = false where workspace_id = $1 and id = $2 returning {COLUMNS}",
        caller.workspace_id,
        request.id,
        state,
        outcome,
        caller.agent_id,
    )
    changed = view_of(row)
    await announce(tx, caller.workspace_id, changed, CHANGED)
    await audit(tx, caller, changed, action)
    return changed
