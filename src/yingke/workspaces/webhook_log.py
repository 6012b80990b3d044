"""What was sent to a webhook, and how each attempt went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import read_id, show_id


@dataclass(frozen=True)
class Delivery:
    id: int
    webhook_id: int
    event_id: str
    event_type: str
    state: str
    attempts: int
    last_status: int | None
    next_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Attempt:
    """`status` None = no answer; `error` says why."""

    created_at: datetime
    status: int | None
    error: str
    milliseconds: int
    answer: str


_COLUMNS = "id, webhook_id, event_id, event_type, state, attempts, last_status, next_at, created_at"


async def list_deliveries(
    tx: Transaction, webhook_id: int, state: str | None, after: str | None, limit: int
) -> tuple[list[Delivery], str | None]:
    """Newest first, and the `after` of the next page. Raises 404 for no such webhook."""
    if not await tx.fetchval("select true from webhooks where id = $1", webhook_id):
        raise not_found()
    rows = await tx.fetch(
        f"select {_COLUMNS} from webhook_deliveries where webhook_id = $1 and ($2::text is null or state = $2)"
        " and ($3::bigint is null or id < $3) order by id desc limit $4",
        webhook_id,
        state,
        None if after is None else read_id(after),
        limit + 1,
    )
    items = [_delivery(row) for row in rows[:limit]]
    return items, show_id(items[-1].id) if len(rows) > limit else None


async def get_delivery(tx: Transaction, delivery_id: int) -> tuple[Delivery, str, list[Attempt]]:
    """(delivery, body as it is sent, attempts oldest first). Raises 404."""
    row = await tx.fetchrow(f"select {_COLUMNS}, body from webhook_deliveries where id = $1", delivery_id)
    if row is None:
        raise not_found()
    attempts = await tx.fetch(
        "select created_at, status, error, milliseconds, answer from webhook_attempts"
        " where delivery_id = $1 order by id limit 500",
        delivery_id,
    )
    return _delivery(row), row["body"], [Attempt(**dict(attempt)) for attempt in attempts]


def _delivery(row: Any) -> Delivery:
    return Delivery(**{name: row[name] for name in Delivery.__dataclass_fields__})
