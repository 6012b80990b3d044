"""An agent was given a conversation and has not even opened it: the next one gets it."""

from datetime import timedelta
from typing import Any

from yingke.conversations.locked import Change, lock_conversation
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem
from yingke.routing.assign import MOST_PASSES, REST_MINUTES
from yingke.routing.put_back import put_back


async def pass_on(tx: Transaction, workspace_id: int, conversation_id: int, generation: int) -> Change | None:
    """None when there is nothing to do: opened, answered, handed on, closed, or given up by others meanwhile.

    The second time it rests in the queue for three minutes, where anybody may take it, before it is given out anew.
    """
    try:
        row = await lock_conversation(tx, workspace_id, conversation_id)
    except Problem:
        return None
    is_same = row["generation"] == generation and row["handled_by"] == "agent" and row["status"] == "open"
    if not is_same or row["agent_id"] is None:
        return None
    found = await tx.fetchrow(
        "select c.assignment, c.assigned_at is not null and coalesce(r.read_seq, 0) < (c.assignment->>'seq')::int"
        " and not exists (select 1 from messages m where m.conversation_id = c.id and m.author = 'agent'"
        " and m.sender_id = c.agent_id and m.seq > (c.assignment->>'seq')::int) as is_unseen from conversations c"
        " left join conversation_reads r on r.workspace_id = c.workspace_id and r.agent_id = c.agent_id"
        " and r.conversation_id = c.id where c.id = $1",
        conversation_id,
    )
    if not found["is_unseen"]:
        return None
    await tx.execute(
        "update agent_loads set missed_at = clock_timestamp() where workspace_id = $1 and agent_id = $2",
        workspace_id,
        row["agent_id"],
    )
    return await put_back(tx, row, "not_opened", assignment=_remember(found["assignment"], row["agent_id"], row["now"]))


def _remember(before: dict[str, Any], agent_id: int, now: Any) -> dict[str, Any]:
    kept = {key: before[key] for key in ("order_minor",) if key in before}
    passes = before.get("passes", 0) + 1
    until = (now + timedelta(minutes=REST_MINUTES)).isoformat()
    if passes >= MOST_PASSES:
        return {**kept, "rests_until": until}
    return {**kept, "passes": passes, "passed": [*before.get("passed", []), agent_id], "passed_until": until}
