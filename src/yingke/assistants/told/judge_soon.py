"""Somebody who can be reached has written: whether he is a lead is judged a moment later, beside the answers."""

from datetime import UTC, datetime, timedelta

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

KIND = "judge_lead"
AFTER = timedelta(seconds=5)
"""So that this turn's own answer, its trace and its cards are there."""


async def judge_soon(tx: Transaction, workspace_id: int, conversation_id: int) -> None:
    """One waiting job a conversation is enough: it reads whatever is there when it runs."""
    await enqueue(
        tx,
        workspace_id,
        kind=KIND,
        lane=f"lead:{conversation_id}",
        ref=str(conversation_id),
        run_at=datetime.now(UTC) + AFTER,
    )
