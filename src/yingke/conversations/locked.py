"""The row lock under which one conversation changes, and what every change of it has in common."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from yingke.conversations.shapes import HandledBy
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id

_COLUMNS = (
    "id, workspace_id, shop_id, identity_id, status, handled_by, generation, agent_id, last_seq, last_contact_seq,"
    " answered_through_seq, contact_messages, waiting_since, queued_at, language, clock_timestamp() as now"
)


@dataclass(frozen=True)
class Change:
    """What a verb did to a conversation. `seq` is its newest message; `is_new` False when nothing had to be done."""

    conversation_id: int
    handled_by: HandledBy
    generation: int
    seq: int
    is_new: bool = True
    face: dict[str, Any] | None = None
    """Who has it now: {id, work_name, avatar_file_id}."""


@dataclass(frozen=True)
class Stored:
    """A message just stored."""

    id: int
    seq: int
    created_at: datetime


class Taken(Problem):
    """Another agent has the conversation."""

    def __init__(self, face: dict[str, Any]) -> None:
        super().__init__(
            409,
            "taken",
            f"{face['work_name']} 正在接待这位客户。",
            f"{face['work_name']} is talking to this customer.",
        )
        self.extra = {"agent": {"id": face["id"], "work_name": face["work_name"]}}


def closed_already() -> Problem:
    return Problem(
        409, "conversation_closed", "这段会话已结束，请先重新打开。", "This conversation is closed. Reopen it first."
    )


async def lock_conversation(tx: Transaction, workspace_id: int, conversation_id: int) -> asyncpg.Record:
    """The newest row, held until the transaction ends. Raises 404, also for another workspace's."""
    row = await tx.fetchrow(
        f"select {_COLUMNS} from conversations where workspace_id = $1 and id = $2 for no key update",
        workspace_id,
        conversation_id,
    )
    if row is None:
        raise not_found()
    return row


async def load_face(tx: Transaction, workspace_id: int, agent_id: int) -> dict[str, Any]:
    """How an agent is shown, as kept in payloads. Raises 404 for somebody who may not work here any more."""
    row = await tx.fetchrow(
        "select id, work_name, avatar_file_id from agents where workspace_id = $1 and id = $2 and disabled_at is null",
        workspace_id,
        agent_id,
    )
    if row is None:
        raise not_found()
    return {
        "id": show_id(row["id"]),
        "work_name": row["work_name"],
        "avatar_file_id": show_id(row["avatar_file_id"]) if row["avatar_file_id"] is not None else None,
    }


async def refuse_strangers(tx: Transaction, row: asyncpg.Record, agent_id: int | None, force: bool) -> None:
    """Raises 409 `taken` when an agent other than `agent_id` has the locked conversation, unless forced."""
    if row["handled_by"] == "agent" and row["agent_id"] is not None and row["agent_id"] != agent_id and not force:
        face = await tx.fetchrow("select id, work_name from agents where id = $1", row["agent_id"])
        raise Taken({"id": show_id(row["agent_id"]), "work_name": face["work_name"] if face else ""})


async def add_message(
    tx: Transaction,
    row: asyncpg.Record,
    seq: int,
    *,
    author: str,
    type: str,
    text: str | None = None,
    payload: dict[str, Any] | None = None,
    sender_id: int | None = None,
    client_message_id: str | None = None,
) -> Stored:
    """Stores message `seq` of the locked conversation with its event; the caller updates `last_seq` in the same go."""
    message = await tx.fetchrow(
        "insert into messages (workspace_id, conversation_id, seq, author, sender_id, type, text, payload,"
        " client_message_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id, created_at",
        row["workspace_id"],
        row["id"],
        seq,
        author,
        sender_id,
        type,
        text,
        payload,
        client_message_id,
    )
    await record_event(tx, row["workspace_id"], "message_created", conversation_id=row["id"], seq=seq)
    return Stored(message["id"], seq, message["created_at"])


async def add_system_message(tx: Transaction, row: asyncpg.Record, seq: int, payload: dict[str, Any]) -> Stored:
    """A line that says what happened: payload {code, …}. It takes a place in the order like any other message."""
    return await add_message(tx, row, seq, author="system", type="system", payload=payload)


async def owe_answer(tx: Transaction, row: asyncpg.Record) -> None:
    """The assistant has the conversation and the contact still waits: any process may answer from now on."""
    if row["last_contact_seq"] > row["answered_through_seq"]:
        await tx.execute(
            "insert into pending_answers (conversation_id, workspace_id, through_seq, owner, leased_until)"
            " values ($1, $2, $3, '', now() - interval '1 second')"
            " on conflict (conversation_id) do update set through_seq = excluded.through_seq",
            row["id"],
            row["workspace_id"],
            row["last_contact_seq"],
        )


async def drop_answer(tx: Transaction, row: asyncpg.Record) -> None:
    """Nobody owes an automatic answer here any more."""
    await tx.execute("delete from pending_answers where conversation_id = $1", row["id"])
