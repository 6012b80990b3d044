"""Stores the demo's week: contacts, their pages, conversations, ratings, left messages and gaps, a statement a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yingke.app.demo.insert_rows import insert_rows, take_ids
from yingke.app.demo.shape_talk import Place, Row, Shaped, closing_time, shape_talk
from yingke.app.demo.store_to_do import store_to_do
from yingke.app.demo.week import Member, Talk
from yingke.kit.db import Transaction

MARK = "演示"
"""A tag on every contact of the demo; conversations carry `subject.demo`."""


@dataclass(frozen=True)
class Shop:
    shop_id: int
    account_id: int


@dataclass(frozen=True)
class Staff:
    """`faces` and `agent_ids` in the same order: those who talk to customers; `reader_ids`: everybody."""

    faces: list[Row]
    agent_ids: list[int]
    reader_ids: list[int]


async def store_week(
    tx: Transaction,
    workspace_id: int,
    shops: Sequence[Shop],
    staff: Staff,
    document_ids: dict[str, int],
    talks: Sequence[Talk],
    now: datetime,
) -> None:
    """All of it in the open transaction; takes well under a second for 300 talks."""
    contact_ids = await take_ids(tx, "contacts", len(talks))
    identity_ids = await take_ids(tx, "identities", len(talks))
    conversation_ids = await take_ids(tx, "conversations", len(talks))
    shaped = [
        shape_talk(
            Place(
                workspace_id,
                conversation_ids[n],
                identity_ids[n],
                shops[talk.shop].shop_id,
                shops[talk.shop].account_id,
                staff.faces,
                document_ids,
            ),
            talk,
        )
        for n, talk in enumerate(talks)
    ]
    await _people(tx, shaped, contact_ids)
    await insert_rows(tx, "conversations", [_conversation(one, staff) for one in shaped])
    await insert_rows(tx, "messages", [row for one in shaped for row in one.messages])
    await _endings(tx, shaped, staff)
    await store_to_do(tx, shaped, staff.agent_ids, now)
    await insert_rows(tx, "gaps", _gaps(shaped))


async def _people(tx: Transaction, shaped: Sequence[Shaped], contact_ids: Sequence[int]) -> None:
    contacts, identities, visits, consents = [], [], [], []
    for number, (one, contact_id) in enumerate(zip(shaped, contact_ids, strict=True)):
        place, talk = one.place, one.talk
        url, title = talk.page
        came = talk.begins - timedelta(minutes=2)
        base = {"workspace_id": place.workspace_id, "created_at": came}
        mine = {"workspace_id": place.workspace_id, "identity_id": place.identity_id}
        contacts.append(base | {"id": contact_id} | _contact(number, talk.member))
        identities.append(
            base
            | {
                "id": place.identity_id,
                "contact_id": contact_id,
                "channel_account_id": place.account_id,
                "language": talk.language,
                "source": {"url": url, "title": title},
                "seen_at": talk.ends,
                "external_id": talk.member.external_id if talk.member else None,
                "is_verified": talk.member is not None,
            }
        )
        visits.append(mine | {"url": url, "title": title, "created_at": came})
        consent = {"purpose": "chat_notice", "version": "1", "language": talk.language, "created_at": talk.begins}
        consents.append(mine | consent)
    for table, rows in (("contacts", contacts), ("identities", identities), ("visits", visits), ("consents", consents)):
        await insert_rows(tx, table, rows)


def _contact(number: int, member: Member | None) -> Row:
    return {
        "number": 1001 + number,
        "tags": [MARK, *(member.tags if member else ())],
        "name": member.name if member else None,
        "level": member.level if member else None,
        "phone": member.phone if member else None,
        "notes": member.notes if member else "",
        "claims_verified": member is not None,
    }


def _conversation(one: Shaped, staff: Staff) -> Row:
    place, talk = one.place, one.talk
    said = [row for row in one.messages if row["author"] != "system"][-1]
    by = f"agent:{staff.agent_ids[talk.agent]}" if one.is_handed else "program"
    return {
        "id": place.conversation_id,
        "workspace_id": place.workspace_id,
        "shop_id": place.shop_id,
        "channel_account_id": place.account_id,
        "identity_id": place.identity_id,
        "status": "open" if talk.is_open else "closed",
        "handled_by": _handler(one),
        "generation": one.generation + (not talk.is_open),
        "agent_id": staff.agent_ids[talk.agent] if one.is_handed else None,
        "last_seq": one.seq,
        "last_contact_seq": one.last_contact,
        "answered_through_seq": one.answered_through,
        "contact_messages": one.contact_messages,
        "first_reply_at": one.replied_at,
        "hand_off_reason": talk.reason if _handler(one) != "assistant" else None,
        "understood": one.understood,
        "last_message_at": said["created_at"],
        "last_preview": said["text"][:120],
        "last_from": said["author"],
        "language": talk.language,
        "subject": {"url": talk.page[0], "title": talk.page[1], "demo": True},
        "closed_at": None if talk.is_open else closing_time(talk),
        "closed_by": None if talk.is_open else by,
        "created_at": talk.begins,
    }


def _handler(one: Shaped) -> str:
    if one.is_handed:
        return "agent"
    return "queue" if one.talk.kind == "left" else "assistant"


async def _endings(tx: Transaction, shaped: Sequence[Shaped], staff: Staff) -> None:
    ratings: list[Row] = []
    left: list[Row] = []
    reads: list[Row] = []
    newest = max(one.talk.begins for one in shaped)
    for one in shaped:
        talk = one.talk
        base = {"workspace_id": one.place.workspace_id, "conversation_id": one.place.conversation_id}
        agent_id = staff.agent_ids[talk.agent] if one.is_handed else None
        if talk.rating is not None and not talk.is_open:
            score, comment = talk.rating
            at = {"created_at": closing_time(talk)}
            ratings.append(base | {"score": score, "reasons": [], "comment": comment, "agent_id": agent_id} | at)
        if talk.kind == "left":
            is_old = newest - talk.begins > timedelta(days=2)
            handled = {
                "handled_at": talk.ends + timedelta(hours=9) if is_old else None,
                "handled_by": staff.agent_ids[0] if is_old else None,
            }
            left.append(
                base
                | {"name": "演示顾客", "phone": "", "email": "", "text": talk.left, "created_at": talk.ends}
                | handled
            )
        for reader in staff.reader_ids:
            reads.append(
                base | {"agent_id": reader, "read_seq": one.seq, "read_contact_messages": one.contact_messages}
            )
    for table, rows in (("ratings", ratings), ("left_messages", left), ("conversation_reads", reads)):
        await insert_rows(tx, table, rows)


def _gaps(shaped: Sequence[Shaped]) -> list[Row]:
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for one in shaped:
        for question, moment in one.gaps:
            place = one.place
            row = found.setdefault(
                (place.shop_id, question),
                {
                    "workspace_id": place.workspace_id,
                    "shop_id": place.shop_id,
                    "question": question,
                    "times": 0,
                    "created_at": moment,
                },
            )
            row |= {"times": row["times"] + 1, "last_at": moment, "conversation_id": place.conversation_id}
    return list(found.values())
