"""Somebody waits for a person, or a person has room again: routing looks at once."""

from yingke.kit.db import Transaction
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue

KIND = "assign"
URGENT = 5


async def wake_routing(tx: Transaction, workspace_id: int) -> None:
    """Adds the job in the open transaction; nothing when nobody waits.

    Every call is a job of its own: one that is running may have looked before this transaction commits.
    """
    waits = await tx.fetchval(
        "select exists (select 1 from conversations where workspace_id = $1 and status = 'open'"
        " and queued_at is not null)",
        workspace_id,
    )
    if waits:
        await enqueue(tx, workspace_id, kind=KIND, lane=f"{KIND}:{show_id(workspace_id)}", priority=URGENT)
