"""The assistant gives up: the conversation waits for a person."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from yingke.conversations.ask_for_summary import ask_for_summary
from yingke.conversations.locked import Change, add_system_message, drop_answer, lock_conversation
from yingke.kit.db import Transaction
from yingke.kit.events import record_event
from yingke.routing.queue_place import Place, queue_place
from yingke.routing.sort_waiting import sort_waiting
from yingke.routing.staffing import Staffing, staffing
from yingke.workspaces.wake_routing import wake_routing

LONGEST_REASON = 200


@dataclass(frozen=True)
class HandedOff:
    """Where the conversation is now. `change.is_new` False: a person or the queue had it already."""

    change: Change
    reason: str
    place: Place | None
    staffing: Staffing

    @property
    def generation(self) -> int:
        return self.change.generation


async def hand_off(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    *,
    generation: int | None,
    reason: str,
    through_seq: int | None,
    order: tuple[int, str] | None = None,
    only_first: bool = False,
    group_id: int | None = None,
) -> HandedOff | None:
    """Puts the conversation into its shop's queue, with a line that says so, and ends what the assistant owed.

    `generation` is the one the assistant began with; None when the visitor himself asks. `through_seq` ends the turn
    that the hand-off covers. `order`: worth in minor units and number of the order it is about. `only_first`: not where an
    agent gave the conversation back to the assistant. `group_id`: whose it is by a rule. None: that, or it changed hands meanwhile, or it is closed.
    Raises 404.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["status"] != "open":
        return None
    if generation is not None and (row["generation"] != generation or row["handled_by"] != "assistant"):
        return None
    if only_first and await tx.fetchval("select hand_backs <> '{}' from conversations where id = $1", row["id"]):
        return None
    state = await staffing(tx, workspace_id, row["shop_id"])
    if row["handled_by"] != "assistant":
        change = Change(conversation_id, row["handled_by"], row["generation"], row["last_seq"], False)
        return HandedOff(change, reason, await queue_place(tx, workspace_id, conversation_id), state)
    change = await _queue(tx, row, reason[:LONGEST_REASON], through_seq, state, order)
    if group_id is not None:
        await tx.execute(
            "update conversations c set group_id = g.id,"
            " assignment = coalesce(c.assignment, '{}') || '{\"is_fixed\": true}' from agent_groups g"
            " where c.id = $1 and g.workspace_id = c.workspace_id and g.id = $2",
            conversation_id,
            group_id,
        )
    await sort_waiting(tx, workspace_id)
    await wake_routing(tx, workspace_id)
    return HandedOff(change, reason, await queue_place(tx, workspace_id, conversation_id), state)


async def _queue(
    tx: Transaction,
    row: asyncpg.Record,
    reason: str,
    through_seq: int | None,
    state: Staffing,
    order: tuple[int, str] | None,
) -> Change:
    """Who has waited for a person already, while the assistant filled the time, keeps his place."""
    seq = row["last_seq"] + 1
    line: dict[str, Any] = {"code": "queued", "reason": reason}
    if not state.is_open:
        line = {"code": "outside_hours", "reason": reason, "opens_at": state.opens_at}
    await add_system_message(tx, row, seq, line)
    await tx.execute(
        "update conversations set handled_by = 'queue', agent_id = null, generation = generation + 1, last_seq = $2,"
        " queued_at = coalesce(queued_at, clock_timestamp()), hand_off_reason = $3, group_id = null, priority = null,"
        " assigned_at = null, assignment = $5,"
        " waiting_since = coalesce(waiting_since, clock_timestamp()),"
        " answered_through_seq = greatest(answered_through_seq, least($4, last_contact_seq)) where id = $1",
        row["id"],
        seq,
        reason,
        through_seq or 0,
        {"order_minor": order[0], "order": order[1]} if order is not None else None,
    )
    await drop_answer(tx, row)
    await ask_for_summary(tx, row["workspace_id"], row["id"], row["generation"] + 1)
    data = {"reason": reason, "shop_id": str(row["shop_id"])}
    await record_event(tx, row["workspace_id"], "conversation_queued", data, conversation_id=row["id"], seq=seq)
    return Change(row["id"], "queue", row["generation"] + 1, seq)
