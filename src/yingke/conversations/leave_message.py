"""A visitor leaves word for when the shop is staffed again."""

import re
from dataclasses import dataclass

from yingke.conversations.locked import Change, add_system_message, closed_already, lock_conversation
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.text import clean_line, clean_text

_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{4,23}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@dataclass(frozen=True)
class Word:
    """What was left. At least a text, and whatever way back the visitor likes to give."""

    text: str
    name: str = ""
    phone: str = ""
    email: str = ""


async def leave_message(
    tx: Transaction, workspace_id: int, identity_id: int, conversation_id: int, word: Word
) -> tuple[int, Change]:
    """Stores the word and a line in the conversation that says so. Returns (its id, the change).

    Raises 400 for what cannot be a phone or an address, 404 for somebody else's conversation, 409 when it is closed.
    """
    word = _check(word)
    row = await lock_conversation(tx, workspace_id, conversation_id)
    if row["identity_id"] != identity_id:
        raise not_found()
    if row["status"] != "open":
        raise closed_already()
    left_id = await tx.fetchval(
        "insert into left_messages (workspace_id, conversation_id, name, phone, email, text)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        workspace_id,
        conversation_id,
        word.name,
        word.phone,
        word.email,
        word.text,
    )
    seq = row["last_seq"] + 1
    await add_system_message(tx, row, seq, {"code": "left_message", "left_message_id": show_id(left_id)})
    await tx.execute("update conversations set last_seq = $2 where id = $1", conversation_id, seq)
    data = {"left_message_id": show_id(left_id)}
    await record_event(tx, workspace_id, "left_message_created", data, conversation_id=conversation_id, seq=seq)
    return int(left_id), Change(conversation_id, row["handled_by"], row["generation"], seq)


def _check(word: Word) -> Word:
    phone = clean_line(word.phone, 25, field="phone")
    if phone and not _PHONE.fullmatch(phone):
        raise bad_input({"phone": "请填写电话号码 / a phone number, please"})
    email = clean_line(word.email, 254, field="email")
    if email and not _EMAIL.fullmatch(email):
        raise bad_input({"email": "请填写邮箱地址 / an e-mail address, please"})
    text = clean_text(word.text, 4000, min_chars=1)
    return Word(text, clean_line(word.name, 80, field="name"), phone, email)


async def settle_left_message(
    tx: Transaction, workspace_id: int, left_message_id: int, agent_id: int | None, shops: list[int] | None = None
) -> None:
    """Somebody has seen to it; the first one stays on record. Raises 404, also for a shop that is not among `shops`."""
    found = await tx.fetchval(
        "update left_messages l set handled_by = case when l.handled_at is null then $3::bigint else l.handled_by end,"
        " handled_at = coalesce(l.handled_at, now()) from conversations c where l.workspace_id = $1 and l.id = $2"
        " and c.id = l.conversation_id and ($4::bigint[] is null or c.shop_id = any($4)) returning l.id",
        workspace_id,
        left_message_id,
        agent_id,
        shops,
    )
    if found is None:
        raise not_found()
