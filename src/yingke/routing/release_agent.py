"""An agent's computer has gone while a customer waits: the conversation goes back to the queue."""

from dataclasses import dataclass

from yingke.conversations.locked import Change, add_system_message, lock_conversation
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.routing.presence import GONE_SECONDS
from yingke.workspaces.wake_routing import wake_routing
from yingke.workspaces.watch_agent import KIND

LOOK_SECONDS = 10.0
AT_ONCE = 100
WITHOUT_SECONDS = 120
"""Last seen so long before he got a customer, he had no workbench open then."""
_HELD = (
    "select c.id, c.waiting_since is not null and (seen.at > said.at - make_interval(secs => $4)"
    " or coalesce(said.at, '-infinity') < now() - make_interval(secs => $5)) as waits from conversations c"
    " left join lateral (select max(last_seen) as at from agent_presence p where p.workspace_id = $1"
    " and p.agent_id = $2) seen on true"
    " left join lateral (select max(m.created_at) as at from messages m where m.conversation_id = c.id"
    " and m.author in ('agent', 'system')) said on true"
    " where c.workspace_id = $1 and c.agent_id = $2 and c.status = 'open' and c.handled_by = 'agent' order by c.id limit $3"
)


@dataclass(frozen=True)
class Release:
    """`look_again` False: the agent has gone and holds no conversation any more."""

    changes: list[Change]
    look_again: bool


async def release_agent(tx: Transaction, workspace_id: int, agent_id: int) -> Release:
    """Frees the waiting conversations of an agent not seen for 45 s (by the database's clock), at most 100 a call.

    With a look every 10 s that is within a minute of his last sign of life. Who had no workbench open when he took the
    customer over, or was given him, has the same time from then on.
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
    rows = await tx.fetch(_HELD, workspace_id, agent_id, AT_ONCE, WITHOUT_SECONDS, GONE_SECONDS)
    if not rows:
        return Release([], not await _end_watch(tx, workspace_id, agent_id))
    changes = [await _release(tx, workspace_id, row["id"], agent_id) for row in rows if row["waits"]]
    freed = [change for change in changes if change.is_new]
    if freed:
        await wake_routing(tx, workspace_id)
    return Release(freed, True)


async def _end_watch(tx: Transaction, workspace_id: int, agent_id: int) -> bool:
    """False when he has got something meanwhile. Under his row, as taking over is: none of both overlooks the other."""
    await tx.fetchval(
        "select id from agents where workspace_id = $1 and id = $2 for no key update", workspace_id, agent_id
    )
    if await tx.fetch(_HELD, workspace_id, agent_id, 1, WITHOUT_SECONDS, GONE_SECONDS):
        return False
    await tx.execute(
        "delete from jobs where workspace_id = $1 and kind = $2 and ref = $3", workspace_id, KIND, show_id(agent_id)
    )
    return True


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
