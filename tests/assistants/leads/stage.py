"""A customer whose words are stored as the desk stores them, and the jobs that judge him."""

from typing import Any

import msgspec

from tests.assistants.camp import Customer
from tests.conftest import Ground
from yingke.assistants.leads.note_lead import note_lead
from yingke.assistants.told.judge_soon import KIND
from yingke.kit.jobs import Job


async def talk(customer: Customer, *texts: str) -> None:
    """Each is answered, and stored with its trace."""
    ground = customer.ground
    for text in texts:
        seq = customer.seq + 1
        await write(ground, customer.conversation_id, seq, text)
        reply = await customer.says(text)
        async with ground.db.transaction(ground.workspace_id) as tx:
            await tx.execute(
                "insert into traces (workspace_id, conversation_id, through_seq, data) values ($1, $2, $3, $4)",
                ground.workspace_id,
                customer.conversation_id,
                seq,
                msgspec.to_builtins(reply.trace),
            )


async def write(ground: Ground, conversation_id: int, seq: int, text: str) -> None:
    """A message of the contact that nobody has answered yet."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into messages (workspace_id, conversation_id, seq, author, type, text)"
            " values ($1, $2, $3, 'contact', 'text', $4)",
            ground.workspace_id,
            conversation_id,
            seq,
            text,
        )


async def judge(ground: Ground) -> int:
    """Does the waiting jobs, each twice; returns how many there were."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch(
            "delete from jobs where workspace_id = $1 and kind = $2 returning ref, lane, data",
            ground.workspace_id,
            KIND,
        )
    for row in rows:
        job = Job(0, ground.workspace_id, row["lane"], KIND, row["ref"], row["data"], 1)
        await note_lead(ground.db, job)
        await note_lead(ground.db, job)
    return len(rows)


async def follow_ups(ground: Ground) -> list[Any]:
    """All of the workspace, the oldest first."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        return list(await tx.fetch("select * from follow_ups where workspace_id = $1 order by id", ground.workspace_id))
