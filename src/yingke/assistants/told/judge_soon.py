"""Somebody who can be reached has written: whether he is a lead is judged a moment later, beside the answers."""

from datetime import UTC, datetime, timedelta

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

KIND = "judge_lead"
AFTER = timedelta(seconds=5)
"""So that this turn's own answer, its trace and its cards are there."""
_NOTED = """
select distinct f.conversation_id from conversations c
join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
join identities o on o.workspace_id = i.workspace_id and o.contact_id = i.contact_id
join conversations d on d.workspace_id = o.workspace_id and d.identity_id = o.id
join follow_ups f on f.workspace_id = d.workspace_id and f.conversation_id = d.id
where c.workspace_id = $1 and c.id = $2 and f.lead is not null and f.state in ('open', 'doing', 'waiting')
"""


async def judge_soon(tx: Transaction, workspace_id: int, conversation_id: int, seq: int) -> None:
    """Once for a turn, whatever was told in it by how many ways. Not once for a conversation: the one that runs already
    may have read the talk without message `seq`."""
    await enqueue(
        tx,
        workspace_id,
        kind=KIND,
        lane=f"lead:{conversation_id}",
        ref=f"{conversation_id}:{seq}",
        run_at=datetime.now(UTC) + AFTER,
    )


async def judge_noted(tx: Transaction, workspace_id: int, conversation_id: int, seq: int) -> None:
    """Again, wherever the contact of this conversation is noted as a lead: he took back what he told, or wants no calls."""
    for row in await tx.fetch(_NOTED, workspace_id, conversation_id):
        await judge_soon(tx, workspace_id, row["conversation_id"], seq)
