"""What an agent says. Whoever speaks first has the conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from yingke.conversations.card_text import card_line
from yingke.conversations.guarding.agent_words import check_agent, stopped
from yingke.conversations.guarding.check_words import Checked
from yingke.conversations.guarding.heard.claims_of import Heard
from yingke.conversations.guarding.load_words import Guarding
from yingke.conversations.guarding.stops import record_stop
from yingke.conversations.locked import (
    Change,
    Stored,
    add_message,
    closed_already,
    load_face,
    lock_conversation,
    refuse_strangers,
)
from yingke.conversations.mark_read import keep_read
from yingke.conversations.take_over import take_locked
from yingke.kit.db import Transaction
from yingke.kit.errors import Problem, bad_input, conflict, not_found
from yingke.kit.ids import show_id

LONGEST = 5000


@dataclass(frozen=True)
class Saying:
    """Checked by `read_saying` of the door: text for "text", a file for "image" and "file"."""

    client_message_id: str
    type: str
    text: str | None = None
    file_id: int | None = None
    is_confirmed: bool = False
    """He was warned of his words and means them."""
    cards: tuple[dict[str, Any], ...] = ()
    """Product cards, filled already; with them the text may be missing."""


@dataclass(frozen=True)
class Said:
    """`is_new` False: this very message had been stored before, nothing was done now."""

    message_id: int
    seq: int
    is_new: bool
    change: Change | None = None
    """Set when speaking took the conversation over."""


async def say(
    tx: Transaction,
    workspace_id: int,
    conversation_id: int,
    agent_id: int,
    saying: Saying,
    *,
    force: bool = False,
    guarding: Guarding | None = None,
    heard: Heard = (),
) -> Said:
    """Stores an agent's message and answers everything the contact has said so far.

    Sent twice with one `client_message_id` it is stored once. Takes the conversation over when the assistant or the
    queue has it. Raises 404, 409 `taken`, `conversation_closed`, `idempotency_conflict`, and with `guarding` the 422
    `WordsStopped` for words that may not leave, or not unconfirmed; `heard` as of `WordGuards.hear`.
    """
    row = await lock_conversation(tx, workspace_id, conversation_id)
    face = await load_face(tx, workspace_id, agent_id)
    payload: dict[str, Any] = {"agent": face}
    if saying.file_id is not None:
        payload["file"] = await _use_file(tx, workspace_id, saying)
    if saying.cards:
        payload["cards"] = list(saying.cards)
    known = await _find_known(tx, row, agent_id, saying)
    if known is not None:
        return known
    if row["status"] != "open":
        raise closed_already()
    await refuse_strangers(tx, row, agent_id, force)
    if guarding is not None and (saying.text or saying.cards):
        await _check_words(tx, row, agent_id, saying, guarding, heard)
    change = None
    seq = row["last_seq"] + 1
    if row["handled_by"] != "agent" or row["agent_id"] != agent_id:
        change = await take_locked(tx, row, agent_id, face)
        seq = change.seq + 1
    stored = await _store(tx, row, seq, agent_id, saying, payload)
    await keep_read(tx, workspace_id, conversation_id, agent_id, seq, row["contact_messages"])
    return Said(stored.id, stored.seq, True, change)


async def _check_words(
    tx: Transaction, row: asyncpg.Record, agent_id: int, saying: Saying, guarding: Guarding, heard: Heard
) -> None:
    channel = await tx.fetchval(
        "select a.channel from conversations c join channel_accounts a on a.workspace_id = c.workspace_id"
        " and a.id = c.channel_account_id where c.workspace_id = $1 and c.id = $2",
        row["workspace_id"],
        row["id"],
    )
    text = "\n".join([*([saying.text] if saying.text else []), *(str(card["title"]) for card in saying.cards)])
    checked: Checked = check_agent(guarding, text, channel=channel or "website", shop_id=row["shop_id"], heard=heard)
    problem = stopped(checked, text, is_confirmed=saying.is_confirmed)
    if problem is not None:
        raise problem
    if not checked.is_ok:
        await record_stop(
            tx,
            row["workspace_id"],
            "agent",
            "confirmed",
            text,
            list(checked.found),
            conversation_id=row["id"],
            agent_id=agent_id,
        )


async def _find_known(tx: Transaction, row: asyncpg.Record, agent_id: int, saying: Saying) -> Said | None:
    known = await tx.fetchrow(
        "select id, conversation_id, seq, type, text, payload from messages where workspace_id = $1 and sender_id = $2"
        " and client_message_id = $3 and author = 'agent'",
        row["workspace_id"],
        agent_id,
        saying.client_message_id,
    )
    if known is None:
        return None
    payload = known["payload"] or {}
    file = payload.get("file", {}).get("id")
    wanted = show_id(saying.file_id) if saying.file_id is not None else None
    same = (known["type"], known["text"], file) == (saying.type, saying.text, wanted)
    same = same and _products(payload.get("cards", ())) == _products(saying.cards)
    if known["conversation_id"] != row["id"] or not same:
        raise _other_body()
    return Said(known["id"], known["seq"], False)


def _products(cards: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Which products: price and stock may have moved between two sendings of one message."""
    return [card["product_id"] for card in cards]


def _other_body() -> Problem:
    return conflict(
        "idempotency_conflict", "同一个消息编号已用于另一条内容。", "This message id was used for another text already."
    )


async def _store(
    tx: Transaction, row: asyncpg.Record, seq: int, agent_id: int, saying: Saying, payload: dict[str, Any]
) -> Stored:
    try:
        stored = await add_message(
            tx,
            row,
            seq,
            author="agent",
            type=saying.type,
            text=saying.text,
            payload=payload,
            sender_id=agent_id,
            client_message_id=saying.client_message_id,
        )
    except asyncpg.UniqueViolationError as error:
        # The same id at the same moment in another conversation.
        raise _other_body() from error
    await tx.execute(
        "update conversations set last_seq = $2, answered_through_seq = last_contact_seq, waiting_since = null,"
        " first_reply_at = coalesce(first_reply_at, clock_timestamp()), last_message_at = clock_timestamp(),"
        " last_preview = $3, last_from = 'agent' where id = $1",
        row["id"],
        seq,
        _preview(saying),
    )
    return stored


def _preview(saying: Saying) -> str:
    if saying.type != "text":
        return f"[{saying.type}]"
    cards = " ".join(card_line(card, is_english=False) for card in saying.cards)
    return (saying.text or cards)[:120]


async def _use_file(tx: Transaction, workspace_id: int, saying: Saying) -> dict[str, Any]:
    file = await tx.fetchrow(
        "update files set used_at = coalesce(used_at, now()) where workspace_id = $1 and id = $2"
        " and owner_kind = 'agent' returning id, name, media_type, size, width, height",
        workspace_id,
        saying.file_id,
    )
    if file is None:
        raise not_found()
    if saying.type == "image" and not file["media_type"].startswith("image/"):
        raise bad_input({"file_id": "这个文件不是图片 / this file is not a picture"})
    return {**dict(file), "id": show_id(file["id"])}
