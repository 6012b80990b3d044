"""The job that notes a lead is killed at every line, done by several processes at once, and done again: one lead stands."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ground
from yingke.kit.postgres.run import Cluster

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def buyer(ground: Ground) -> int:
    """A conversation of somebody who wants to buy and told his number; its id."""
    conversation_id, identity_id = await ground.new_conversation()
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into messages (workspace_id, conversation_id, seq, author, type, text)"
            " values ($1, $2, 1, 'contact', 'text', '我想买两个羽绒睡袋，13800000417')",
            ground.workspace_id,
            conversation_id,
        )
        await tx.execute(
            "insert into told_details (workspace_id, identity_id, kind, value, conversation_id, seq)"
            " values ($1, $2, 'phone', '13800000417', $3, 1)",
            ground.workspace_id,
            identity_id,
            conversation_id,
        )
    return conversation_id


async def run(cluster: Cluster, ground: Ground, conversation_id: int, how: str) -> int:
    """How many processes there were."""
    arguments = (cluster.dsn("yingke_app"), str(ground.workspace_id), str(conversation_id), how)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.assistants.leads.dying", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0
    return int(said.split()[-1])


async def everything(ground: Ground, conversation_id: int) -> dict[str, Any]:
    """What is left of the job in every table that it writes."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        row = await tx.fetchrow(
            "select (select count(*) from follow_ups where conversation_id = $1) as items,"
            " (select count(*) from follow_ups where conversation_id = $1 and kind = 'lead' and lead->>'grade' = 'hot'"
            "   and due_at is not null) as leads,"
            " (select count(*) from events where conversation_id = $1 and type = 'follow_up_created') as told,"
            " (select count(*) from jobs where workspace_id = $2 and kind = 'follow_up_due') as reminders",
            conversation_id,
            ground.workspace_id,
        )
        return dict(row)


ONE = {"items": 1, "leads": 1, "told": 1, "reminders": 1}


async def test_killed_at_every_line_the_job_leaves_nothing_by_halves_and_one_lead_in_the_end(
    cluster: Cluster, ground: Ground, buyer: int
) -> None:
    processes = await run(cluster, ground, buyer, "each")
    # The lines of one whole run, so many processes died; the one that came through did it once more.
    assert 60 < processes < 400
    assert await everything(ground, buyer) == ONE


async def test_several_processes_at_once_note_one_lead(cluster: Cluster, ground: Ground, buyer: int) -> None:
    assert await run(cluster, ground, buyer, "together") == 4
    assert await everything(ground, buyer) == ONE
