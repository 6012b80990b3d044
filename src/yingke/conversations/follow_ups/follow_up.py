"""One follow-up item: opening it, changing it, and what is written about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import asyncpg

from yingke.conversations.follow_ups.recognise import KINDS, Kind
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.kit.text import clean_line, clean_text

State = Literal["open", "doing", "waiting", "done", "dropped"]
STATES: tuple[State, ...] = ("open", "doing", "waiting", "done", "dropped")
ENDED = ("done", "dropped")
DUE = "follow_up_due"
MOST_FILES = 9
LONGEST_NOTE = 2_000
AHEAD = timedelta(minutes=15)
"""A reminder comes this much before the due time, when there is so much time."""


@dataclass(frozen=True)
class Item:
    """What is to be done. `agent_id` None: whoever of the group."""

    conversation_id: int
    kind: Kind
    title: str
    message_id: int | None = None
    order_number: str = ""
    order_id: int | None = None
    file_ids: tuple[int, ...] = ()
    agent_id: int | None = None
    group_id: int | None = None
    due_at: datetime | None = None


async def open_follow_up(tx: Transaction, workspace_id: int, item: Item, by: int | None) -> asyncpg.Record:
    """Raises 400, 404 for a message, agent or picture that is not there, 409 when the message has one already."""
    if item.kind not in KINDS:
        raise bad_input({"kind": "没有这种跟进 / no such kind"})
    await _check(tx, workspace_id, item, by)
    try:
        row = await tx.fetchrow(
            "insert into follow_ups (workspace_id, conversation_id, message_id, kind, title, order_number, order_id,"
            " file_ids, agent_id, group_id, due_at, created_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
            " returning *",
            workspace_id,
            item.conversation_id,
            item.message_id,
            item.kind,
            clean_line(item.title, 120, field="title", min_chars=1),
            clean_line(item.order_number, 60, field="order_number"),
            item.order_id,
            list(item.file_ids),
            item.agent_id,
            item.group_id,
            item.due_at,
            by,
        )
    except asyncpg.UniqueViolationError as error:
        raise conflict(
            "followed_already", "这条消息已经有跟进事项。", "This message has a follow-up already."
        ) from error
    assert row is not None
    await remind(tx, row)
    await _announce(tx, row, "follow_up_created")
    return row


async def _check(tx: Transaction, workspace_id: int, item: Item, by: int | None) -> None:
    if item.message_id is not None and not await tx.fetchval(
        "select true from messages where workspace_id = $1 and id = $2 and conversation_id = $3",
        workspace_id,
        item.message_id,
        item.conversation_id,
    ):
        raise not_found()
    await _use_files(tx, workspace_id, item.conversation_id, item.file_ids, by)
    await check_owner(tx, workspace_id, item.agent_id, item.group_id)


async def _use_files(
    tx: Transaction, workspace_id: int, conversation_id: int, file_ids: Sequence[int], by: int | None
) -> None:
    """Keeps them from the sweep. Only what the agent uploaded himself or the customer of this talk sent. Raises 400, 404."""
    if len(file_ids) > MOST_FILES:
        raise bad_input({"file_ids": f"最多 {MOST_FILES} 张 / at most {MOST_FILES}"})
    if not file_ids:
        return
    known = await tx.fetch(
        "update files f set used_at = coalesce(used_at, now()) where workspace_id = $1 and id = any($2)"
        " and (owner_kind = 'agent' and owner_id = $3 or owner_kind = 'identity' and owner_id ="
        " (select identity_id from conversations where workspace_id = $1 and id = $4)) returning id",
        workspace_id,
        list(file_ids),
        by,
        conversation_id,
    )
    if len(known) != len(set(file_ids)):
        raise not_found()


async def check_owner(tx: Transaction, workspace_id: int, agent_id: int | None, group_id: int | None) -> None:
    """Raises 404 for an agent who does not work here, or a group that is none."""
    if agent_id is not None and not await tx.fetchval(
        "select true from agents where workspace_id = $1 and id = $2 and disabled_at is null", workspace_id, agent_id
    ):
        raise not_found()
    if group_id is not None and not await tx.fetchval(
        "select true from agent_groups where workspace_id = $1 and id = $2", workspace_id, group_id
    ):
        raise not_found()


async def get_follow_up(
    tx: Transaction, workspace_id: int, follow_up_id: int, shops: list[int] | None, *, lock: bool = False
) -> asyncpg.Record:
    """Raises 404, also for one whose conversation belongs to a shop that is not among `shops`."""
    row = await tx.fetchrow(
        "select f.* from follow_ups f join conversations c on c.workspace_id = f.workspace_id and c.id = f.conversation_id"
        " where f.workspace_id = $1 and f.id = $2 and ($3::bigint[] is null or c.shop_id = any($3))"
        + (" for update of f" if lock else ""),
        workspace_id,
        follow_up_id,
        shops,
    )
    if row is None:
        raise not_found()
    return row


async def change_follow_up(
    tx: Transaction, row: asyncpg.Record, changes: dict[str, Any], by: int | None
) -> asyncpg.Record:
    """`row` is locked. `changes` may hold state, due_at, agent_id, group_id, title, kind, order_number, file_ids. Each that is
    really another value leaves a line in the log. Raises 400, 404."""
    changed = {name: value for name, value in changes.items() if row[name] != value}
    if not changed:
        return row
    if changed.get("state", "open") not in STATES or changed.get("kind", "other") not in KINDS:
        raise bad_input({"state": "没有这个状态 / no such state"})
    await check_owner(tx, row["workspace_id"], changed.get("agent_id"), changed.get("group_id"))
    if "file_ids" in changed:
        added = [one for one in changed["file_ids"] if one not in row["file_ids"]]
        await _use_files(tx, row["workspace_id"], row["conversation_id"], added, by)
        if len(changed["file_ids"]) > MOST_FILES:
            raise bad_input({"file_ids": f"最多 {MOST_FILES} 张 / at most {MOST_FILES}"})
    if "title" in changed:
        changed["title"] = clean_line(changed["title"], 120, field="title", min_chars=1)
    if "order_number" in changed:
        changed["order_number"] = clean_line(changed["order_number"], 60, field="order_number")
    names = list(changed)
    new = await tx.fetchrow(
        "update follow_ups set "
        + ", ".join(f"{name} = ${place}" for place, name in enumerate(names, 3))
        + ", updated_at = now(), done_at = "
        + ("now()" if changed.get("state") in ENDED else "null" if "state" in changed else "done_at")
        + " where workspace_id = $1 and id = $2 returning *",
        row["workspace_id"],
        row["id"],
        *changed.values(),
    )
    assert new is not None
    await _log(tx, row, new, by)
    await remind(tx, new)
    await _announce(tx, new, "follow_up_changed")
    return new


async def _log(tx: Transaction, old: asyncpg.Record, new: asyncpg.Record, by: int | None) -> None:
    if old["state"] != new["state"]:
        await write_note(tx, new, by, "state", data={"from": old["state"], "to": new["state"]})
    if old["due_at"] != new["due_at"]:
        due = new["due_at"].isoformat() if new["due_at"] is not None else None
        await write_note(tx, new, by, "due", data={"to": due})
    if (old["agent_id"], old["group_id"]) != (new["agent_id"], new["group_id"]):
        data = {
            "agent_id": new["agent_id"] and show_id(new["agent_id"]),
            "group_id": new["group_id"] and show_id(new["group_id"]),
        }
        await write_note(tx, new, by, "owner", data=data)


async def write_note(
    tx: Transaction, row: asyncpg.Record, by: int | None, kind: str, text: str = "", data: dict[str, Any] | None = None
) -> None:
    """Adds a line to the log of an item."""
    await tx.execute(
        "insert into follow_up_notes (workspace_id, follow_up_id, agent_id, kind, text, data)"
        " values ($1, $2, $3, $4, $5, $6)",
        row["workspace_id"],
        row["id"],
        by,
        kind,
        clean_text(text, LONGEST_NOTE),
        data or {},
    )


async def remind(tx: Transaction, row: asyncpg.Record) -> None:
    """One reminder a due time; a due time that is changed before leaves a job that finds nothing to do."""
    if row["due_at"] is None or row["state"] in ENDED or row["reminded_for"] == row["due_at"]:
        return
    await enqueue(
        tx,
        row["workspace_id"],
        kind=DUE,
        lane=f"follow-up:{row['id']}",
        ref=f"{row['id']}:{row['due_at'].isoformat()}",
        data={"id": row["id"], "due_at": row["due_at"].isoformat()},
        run_at=row["due_at"] - AHEAD,
    )


async def _announce(tx: Transaction, row: asyncpg.Record, event: str) -> None:
    data = {"follow_up_id": show_id(row["id"]), "state": row["state"], "kind": row["kind"]}
    await record_event(tx, row["workspace_id"], event, data, conversation_id=row["conversation_id"])
