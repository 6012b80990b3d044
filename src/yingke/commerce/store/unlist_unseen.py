"""After a full sync: what its source no longer has is no longer offered."""

from datetime import datetime

from yingke.kit.db import Transaction


async def unlist_unseen(tx: Transaction, workspace_id: int, connection_id: int | None, since: datetime) -> int:
    """Unlists the products of this source that were not told since `since` (the database's time when the sync began).

    Returns how many. Told again later they come back.
    """
    rows = await tx.fetch(
        "update products set is_listed = false, content_hash = '' where workspace_id = $1"
        " and coalesce(connection_id, 0) = coalesce($2::bigint, 0) and is_listed and seen_at < $3 returning id",
        workspace_id,
        connection_id,
        since,
    )
    return len(rows)
