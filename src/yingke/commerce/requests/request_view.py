"""A request as it stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

COLUMNS = (
    "id, order_id, conversation_id, contact_id, kind, items, amount_minor, currency, reason, details, state,"
    " idempotency_key, asked_by, agent_id, approver, decided_by, decided_at, calls, may_have_happened, external_id,"
    " outcome, created_at, updated_at"
)


@dataclass(frozen=True, slots=True)
class RequestView:
    """`items`: [{line, quantity}]. `approver` is who has to say yes while it waits; `outcome` is for the agent."""

    id: int
    order_id: int | None
    conversation_id: int | None
    contact_id: int | None
    kind: str
    items: list[dict[str, int]]
    amount_minor: int | None
    currency: str
    reason: str
    details: dict[str, Any]
    state: str
    idempotency_key: str
    asked_by: str
    agent_id: int | None
    approver: str | None
    decided_by: int | None
    decided_at: datetime | None
    calls: int
    may_have_happened: bool
    external_id: str | None
    outcome: str
    created_at: datetime
    updated_at: datetime


def view_of(row: Any) -> RequestView:
    return RequestView(**dict(row))


async def get_request(tx: Transaction, workspace_id: int, request_id: int, *, locked: bool = False) -> RequestView:
    """Raises 404."""
    row = await tx.fetchrow(
        f"select {COLUMNS} from order_requests where workspace_id = $1 and id = $2" + (" for update" if locked else ""),
        workspace_id,
        request_id,
    )
    if row is None:
        raise not_found()
    return view_of(row)
