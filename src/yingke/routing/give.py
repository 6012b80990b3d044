"""One conversation goes to one agent: under the locks of both, never above what he may have."""

from datetime import timedelta
from typing import Any

from yingke.conversations.locked import Change, load_face, lock_conversation
from yingke.conversations.take_over import take_locked
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.routing.queue_rules import QueueRules
from yingke.workspaces.watch_agent import watch_agent

PASS_ON = "pass_on"
"""The job that looks whether the agent has opened what he was given."""


async def lock_hand(tx: Transaction, workspace_id: int, agent_id: int, rules: QueueRules) -> tuple[int, int] | None:
    """(has, may have) of an agent, fixed until the transaction ends; None for one who may not work here."""
    held = await tx.fetchval(
        "select id from agents where workspace_id = $1 and id = $2 and disabled_at is null for no key update",
        workspace_id,
        agent_id,
    )
    if held is None:
        return None
    row = await tx.fetchrow(
        "select (select count(*) from conversations where workspace_id = $1 and agent_id = $2 and status = 'open'"
        " and handled_by = 'agent') as has, coalesce((select most_open from agent_loads where workspace_id = $1"
        " and agent_id = $2), $3) as most",
        workspace_id,
        agent_id,
        rules.most_open,
    )
    return row["has"], row["most"]


async def give(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    agent_id: int,
    rules: QueueRules,
    why: dict[str, Any],
    *,
    must_wait: bool = True,
) -> Change | None:
    """Gives it to the agent. None: he is full, or the conversation waits no more or is held by somebody right now.

    `why` is stored beside {has, most}: what the screens say of it. `must_wait` False: whoever has it loses it.
    """
    room = await lock_hand(tx, workspace_id, agent_id, rules)
    if room is None or room[0] >= room[1]:
        return None
    free = await tx.fetchval(
        "select id from conversations where workspace_id = $1 and id = $2 and status = 'open'"
        " and (queued_at is not null or not $3) for no key update skip locked",
        workspace_id,
        conversation_id,
        must_wait,
    )
    if free is None:
        return None
    row = await lock_conversation(tx, workspace_id, conversation_id)
    before = await tx.fetchval("select assignment from conversations where id = $1", conversation_id)
    change = await take_locked(tx, row, agent_id, await load_face(tx, workspace_id, agent_id))
    reason = {**(before or {}), **why, "has": room[0], "most": room[1], "seq": change.seq}
    await _record(tx, workspace_id, conversation_id, agent_id, reason, change.seq)
    await watch_agent(tx, workspace_id, agent_id)
    if reason["by"] == "push":
        await _look_later(tx, workspace_id, change, rules)
    return change


async def _record(
    tx: Transaction, workspace_id: int, conversation_id: int, agent_id: int, reason: dict[str, Any], seq: int
) -> None:
    await tx.execute(
        "update conversations set assignment = $2, assigned_at = clock_timestamp() where id = $1",
        conversation_id,
        reason,
    )
    await tx.execute(
        "insert into agent_loads (workspace_id, agent_id, given_at) values ($1, $2, clock_timestamp())"
        " on conflict (workspace_id, agent_id) do update set given_at = excluded.given_at",
        workspace_id,
        agent_id,
    )
    data = {
        "agent_id": show_id(agent_id),
        **{name: reason.get(name) for name in ("by", "marks", "group", "has", "most")},
    }
    await record_event(tx, workspace_id, "conversation_assigned", data, conversation_id=conversation_id, seq=seq)


async def _look_later(tx: Transaction, workspace_id: int, change: Change, rules: QueueRules) -> None:
    """A crash between here and the look changes nothing: the row stands in the same transaction."""
    now = await tx.fetchval("select clock_timestamp()")
    await enqueue(
        tx,
        workspace_id,
        kind=PASS_ON,
        lane=f"{PASS_ON}:{change.conversation_id}",
        ref=f"{change.conversation_id}:{change.generation}",
        run_at=now + timedelta(seconds=rules.accept_seconds),
    )
