"""An agent takes a conversation from the assistant, the queue or (by force) another agent."""

from typing import Any

import asyncpg

from yingke.conversations.ask_for_summary import ask_for_summary
from yingke.conversations.locked import (
    Change,
    add_system_message,
    closed_already,
    drop_answer,
    load_face,
    lock_conversation,
    refuse_strangers,
)
from yingke.kit.db import Transaction
from yingke.kit.events import record_event


async def take_over(
    tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int, *, force: bool = False
) -> Change:
    """From COMMIT on no assistant speaks here: the generation is raised and the owed answer dropped.

    Raises 404, 409 `taken` (somebody was first; the problem names him) and 409 `conversation_closed`.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["status"] != "open":
        raise closed_already()
    await refuse_strangers(tx, row, agent_id, force)
    face = await load_face(tx, workspace_id, agent_id)
    if row["handled_by"] == "agent" and row["agent_id"] == agent_id:
        return Change(conversation_id, "agent", row["generation"], row["last_seq"], False, face)
    return await take_locked(tx, row, agent_id, face)


OF_THE_QUEUE = (
    "array['passed', 'passed_until', 'passes', 'rests_until', 'has', 'most', 'of', 'source', 'seq', 'is_fixed']"
)
"""What routing kept while a conversation waited or was given out, and nobody needs afterwards."""


async def take_locked(tx: Transaction, row: asyncpg.Record, agent_id: int, face: dict[str, Any]) -> Change:
    """The take-over itself, of a conversation that the transaction holds.

    The agent's row is held too, so that routing never counts what he has while he takes more.
    """
    await tx.fetchval("select id from agents where id = $1 for no key update", agent_id)
    seq = row["last_seq"] + 1
    await add_system_message(tx, row, seq, {"code": "taken_over", "agent": face})
    group_id = await tx.fetchval(
        "update conversations set handled_by = 'agent', agent_id = $2, generation = generation + 1, last_seq = $3,"
        f" queued_at = null, assigned_at = null, overflow = null, assignment = (assignment - {OF_THE_QUEUE})"
        ' || \'{"by": "own"}\' where id = $1 returning group_id',
        row["id"],
        agent_id,
        seq,
    )
    await drop_answer(tx, row)
    if row["handled_by"] == "assistant":
        await ask_for_summary(tx, row["workspace_id"], row["id"], row["generation"] + 1)
    data: dict[str, Any] = {"agent_id": face["id"], "from": row["handled_by"], "shop_id": str(row["shop_id"])}
    if group_id is not None:
        data["group_id"] = str(group_id)
    if row["queued_at"] is not None:
        data["waited_seconds"] = round((row["now"] - row["queued_at"]).total_seconds())
    await record_event(tx, row["workspace_id"], "conversation_taken_over", data, conversation_id=row["id"], seq=seq)
    return Change(row["id"], "agent", row["generation"] + 1, seq, True, face)
