"""An agent's computer has gone while a customer waits: the conversation goes back to the queue."""

from dataclasses import dataclass

from yingke.conversations.locked import Change, add_system_message, lock_conversation
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.routing.presence import GONE_SECONDS
from yingke.workspaces.wake_routing import wake_routing

KIND = "watch_agent"
"""The job that looks after one agent who was seen at the workbench, until he is gone and owns nothing."""
LOOK_SECONDS = 10.0
AT_ONCE = 100


@dataclass(frozen=True)
class Release:
    """`look_again` False: the agent has gone and holds no conversation any more."""

    changes: list[Change]
    look_again: bool


async def watch_agent(tx: Transaction, workspace_id: int, agent_id: int) -> None:
    """Makes sure that somebody notices when the agent goes; called when he opens the workbench."""
    await enqueue(tx, workspace_id, kind=KIND, lane=f"{KIND}:{agent_id}", ref=show_id(agent_id))


async def release_agent(tx: Transaction, workspace_id: int, agent_id: int) -> Release:
    """Frees the waiting conversations of an agent not seen for 45 s (by the database's clock), at most 100 a call.

    With a look every 10 s that is within a minute of his last sign of life.
    """
    is_here = await tx.fetchval(
        "select exists (select 1 from agent_presence where workspace_id = $1 and agent_id = $2"
        " and last_seen > now() - make_interval(secs => $3))",
        workspace_id,
        agent_id,
        GONE_SECONDS,
    )
    if is_here:
        return Release([], True)
    rows = await tx.fetch(
        "select id, waiting_since is not null as waits from conversations where workspace_id = $1 and agent_id = $2"
        " and status = 'open' and handled_by = 'agent' order by id limit $3",
        workspace_id,
        agent_id,
        AT_ONCE,
    )
    changes = [await _release(tx, workspace_id, row["id"], agent_id) for row in rows if row["waits"]]
    freed = [change for change in changes if change.is_new]
    if freed:
        await wake_routing(tx, workspace_id)
    return Release(freed, bool(rows))


async def _release(tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int) -> Change:
    row = await lock_conversation(tx, workspace_id, conversation_id)
    is_his = row["handled_by"] == "agent" and row["agent_id"] == agent_id
    if row["status"] != "open" or not is_his or row["waiting_since"] is None:
        return Change(conversation_id, row["handled_by"], row["generation"], row["last_seq"], False)
    seq = row["last_seq"] + 1
    await add_system_message(tx, row, seq, {"code": "queued", "reason": "agent_gone"})
    await tx.execute(
        "update conversations set handled_by = 'queue', agent_id = null, generation = generation + 1, last_seq = $2,"
        " queued_at = waiting_since, hand_off_reason = 'agent_gone', group_id = null, priority = null,"
        " assignment = null, assigned_at = null where id = $1",
        conversation_id,
        seq,
    )
    data = {"reason": "agent_gone", "shop_id": show_id(row["shop_id"]), "agent_id": show_id(agent_id)}
    await record_event(tx, workspace_id, "conversation_queued", data, conversation_id=conversation_id, seq=seq)
    return Change(conversation_id, "queue", row["generation"] + 1, seq)
