"""An agent's conversation goes back into the queue, for a reason, to nobody or to a certain group."""

from typing import Any

import asyncpg

from yingke.conversations.locked import Change, add_system_message
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.workspaces.wake_routing import wake_routing


async def put_back(
    tx: Transaction, row: asyncpg.Record, reason: str, *, group_id: int | None = None, assignment: Any = None
) -> Change:
    """Of a conversation that the transaction holds. Who has waited keeps his turn; who has been answered begins anew.

    With a `group_id` that group keeps it. `assignment`: what routing has to remember, e.g. who let it lapse.
    """
    seq = row["last_seq"] + 1
    await add_system_message(tx, row, seq, {"code": "queued", "reason": reason})
    await tx.execute(
        "update conversations set handled_by = 'queue', agent_id = null, generation = generation + 1, last_seq = $2,"
        " queued_at = coalesce(waiting_since, clock_timestamp()), hand_off_reason = $3, group_id = $4, priority = null,"
        " assignment = $5, assigned_at = null, overflow = null where id = $1",
        row["id"],
        seq,
        reason,
        group_id,
        {**(assignment or {}), **({"is_fixed": True} if group_id is not None else {})},
    )
    data = {"reason": reason, "shop_id": show_id(row["shop_id"])}
    if row["agent_id"] is not None:
        data["agent_id"] = show_id(row["agent_id"])
    await record_event(tx, row["workspace_id"], "conversation_queued", data, conversation_id=row["id"], seq=seq)
    await wake_routing(tx, row["workspace_id"])
    return Change(row["id"], "queue", row["generation"] + 1, seq)
