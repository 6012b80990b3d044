"""One connection as it is stored."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

_COLUMNS = (
    "id, workspace_id, provider, name, shop_ids, settings, secret, state, reason, failing_since, fails, generation,"
    " progress, products_until, orders_until, first_synced_at, last_synced_at, last_full_at, next_sync_at, last_push_at,"
    " created_at"
)


@dataclass(frozen=True, slots=True)
class Connection:
    """`secret` is sealed. `reason` is {code, zh, en} while it fails. `generation` grows with each change by a person."""

    id: int
    workspace_id: int
    provider: str
    name: str
    shop_ids: list[int] | None
    settings: dict[str, Any]
    secret: bytes
    state: str
    reason: dict[str, str] | None
    failing_since: datetime | None
    fails: int
    generation: int
    progress: dict[str, Any]
    products_until: datetime | None
    orders_until: datetime | None
    first_synced_at: datetime | None
    last_synced_at: datetime | None
    last_full_at: datetime | None
    next_sync_at: datetime | None
    last_push_at: datetime | None
    created_at: datetime


async def find_connection(
    tx: Transaction, workspace_id: int, connection_id: int, *, is_locked: bool = False
) -> Connection | None:
    """None when it was taken away."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from shop_connections where workspace_id = $1 and id = $2 and deleted_at is null"
        + (" for update" if is_locked else ""),
        workspace_id,
        connection_id,
    )
    return Connection(**dict(row)) if row is not None else None


async def get_connection(
    tx: Transaction, workspace_id: int, connection_id: int, *, is_locked: bool = False
) -> Connection:
    """Raises 404."""
    found = await find_connection(tx, workspace_id, connection_id, is_locked=is_locked)
    if found is None:
        raise not_found()
    return found


async def list_connections(tx: Transaction, workspace_id: int) -> list[Connection]:
    """The oldest first; a workspace has at most MOST_CONNECTIONS."""
    rows = await tx.fetch(
        f"select {_COLUMNS} from shop_connections where workspace_id = $1 and deleted_at is null order by id",
        workspace_id,
    )
    return [Connection(**dict(row)) for row in rows]
