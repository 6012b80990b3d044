"""The first message of a conversation goes the plain way: conversation and message in one transaction."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from yingke.conversations.receive import LEASE_SECONDS, Incoming, Received
from yingke.kit.db import Database, Transaction, after_commit
from yingke.kit.events import record_event
from yingke.kit.live import Hub


@dataclass(frozen=True)
class Opening:
    """Who opens, where, on which page. `assistant_first` is False when the shop wants a person at once."""

    workspace_id: int
    shop_id: int
    channel_account_id: int
    identity_id: int
    language: str
    subject: dict[str, Any]
    assistant_first: bool
    reopen_hours: int


async def find_open_conversation(tx: Transaction, workspace_id: int, identity_id: int) -> int | None:
    found = await tx.fetchval(
        "select id from conversations where workspace_id = $1 and identity_id = $2 and status = 'open'",
        workspace_id,
        identity_id,
    )
    return int(found) if found is not None else None


async def open_conversation(db: Database, hub: Hub, owner: str, opening: Opening, message: Incoming) -> Received | int:
    """Stores the message as seq 1 of a new conversation, or returns the id of the open one to receive it there."""
    try:
        async with db.transaction(opening.workspace_id) as tx:
            known = await _find_known(tx, message)
            if known is not None:
                return known
            existing = await find_open_conversation(tx, opening.workspace_id, opening.identity_id)
            if existing is None and opening.reopen_hours:
                existing = await _reopen_last(tx, opening)
            if existing is not None:
                return existing
            received = await _insert(tx, owner, opening, message)
            after_commit(lambda: hub.hint(received.conversation_id))
            return received
    except asyncpg.UniqueViolationError:
        # Two first messages at once: the other one has opened it.
        async with db.transaction(opening.workspace_id) as tx:
            existing = await find_open_conversation(tx, opening.workspace_id, opening.identity_id)
        if existing is None:
            raise
        return existing


async def _find_known(tx: Transaction, message: Incoming) -> int | None:
    """The conversation that holds this very message already; receiving it there gives the first answer again."""
    found = await tx.fetchval(
        "select conversation_id from messages where workspace_id = $1 and sender_id = $2 and client_message_id = $3"
        " and author = 'contact'",
        message.workspace_id,
        message.identity_id,
        message.client_message_id,
    )
    return int(found) if found is not None else None


async def _reopen_last(tx: Transaction, opening: Opening) -> int | None:
    found = await tx.fetchval(
        "update conversations set status = 'open', closed_at = null, closed_by = null, handled_by = 'assistant',"
        " agent_id = null, generation = generation + 1 where id = (select id from conversations"
        " where workspace_id = $1 and identity_id = $2 and closed_at > now() - make_interval(hours => $3)"
        " order by id desc limit 1) returning id",
        opening.workspace_id,
        opening.identity_id,
        opening.reopen_hours,
    )
    if found is None:
        return None
    await record_event(tx, opening.workspace_id, "conversation_reopened", conversation_id=found)
    return int(found)


async def _insert(tx: Transaction, owner: str, opening: Opening, message: Incoming) -> Received:
    handled_by = "assistant" if opening.assistant_first else "queue"
    preview = (message.text or "")[:120] if message.type == "text" else f"[{message.type}]"
    conversation_id = int(
        await tx.fetchval(
            "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id, handled_by, last_seq,"
            " last_contact_seq, contact_messages, waiting_since, queued_at, last_preview, language, subject)"
            " values ($1, $2, $3, $4, $5, 1, 1, 1, now(), case when $5 = 'queue' then now() end, $6, $7, $8) returning id",
            opening.workspace_id,
            opening.shop_id,
            opening.channel_account_id,
            opening.identity_id,
            handled_by,
            preview,
            opening.language,
            opening.subject,
        )
    )
    row = await tx.fetchrow(
        "insert into messages (workspace_id, conversation_id, seq, author, sender_id, type, text, payload,"
        " client_message_id) values ($1, $2, 1, 'contact', $3, $4, $5, $6, $7) returning id, created_at",
        message.workspace_id,
        conversation_id,
        message.identity_id,
        message.type,
        message.text,
        message.payload,
        message.client_message_id,
    )
    if opening.assistant_first:
        await tx.execute(
            "insert into pending_answers (conversation_id, workspace_id, through_seq, owner, leased_until)"
            " values ($1, $2, 1, $3, now() + make_interval(secs => $4))",
            conversation_id,
            message.workspace_id,
            owner,
            LEASE_SECONDS,
        )
    await record_event(tx, message.workspace_id, "conversation_created", conversation_id=conversation_id, seq=1)
    await record_event(tx, message.workspace_id, "message_created", conversation_id=conversation_id, seq=1)
    version = await tx.fetchval("select knowledge_version from workspaces where id = $1", message.workspace_id)
    return Received(
        conversation_id, row["id"], 1, row["created_at"], True, 1, handled_by, 0, opening.shop_id, int(version)
    )
