"""Stores what is left to do after the demo's talks: what agents promised, and customers likely to buy."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from yingke.app.demo.hard_talks import Promise, Sought
from yingke.app.demo.insert_rows import insert_rows
from yingke.app.demo.shape_talk import Row, Shaped
from yingke.kit.db import Transaction

_AHEAD = timedelta(minutes=45)
"""A lead of the demo is due so long from now at least: nothing is overdue when somebody first looks."""
_WITHIN = {"hot": timedelta(hours=1), "good": timedelta(hours=24)}


async def store_to_do(tx: Transaction, shaped: Sequence[Shaped], agent_ids: Sequence[int], now: datetime) -> None:
    """Promises whose time has come were kept. Leads belong to nobody yet."""
    to_do: list[Row] = []
    told: list[Row] = []
    for one in shaped:
        if one.talk.promise is not None:
            to_do.append(_promised(one, one.talk.promise, agent_ids[one.talk.agent], now))
        if one.talk.sought is not None:
            to_do.append(_lead(one, one.talk.sought, now))
            told.append(_phone(one, one.talk.sought))
    await insert_rows(tx, "follow_ups", to_do)
    await insert_rows(tx, "told_details", told)


def _promised(one: Shaped, promise: Promise, agent_id: int, now: datetime) -> Row:
    due = one.talk.ends + timedelta(hours=promise.hours)
    is_kept = due < now
    return _row(one, promise.kind, promise.title, due) | {
        "agent_id": agent_id,
        "created_by": agent_id,
        "state": "done" if is_kept else "open",
        "done_at": due - timedelta(minutes=30) if is_kept else None,
    }


def _lead(one: Shaped, sought: Sought, now: datetime) -> Row:
    due = max(one.talk.ends + _WITHIN[sought.grade], now + _AHEAD)
    judged = {"grade": sought.grade, "reasons": sought.reasons, "products": sought.products}
    return _row(one, "lead", "、".join(sought.products), due) | {"lead": judged}


def _row(one: Shaped, kind: str, title: str, due: datetime) -> Row:
    return {
        "workspace_id": one.place.workspace_id,
        "conversation_id": one.place.conversation_id,
        "kind": kind,
        "title": title,
        "order_number": "",
        "file_ids": "{}",
        "agent_id": None,
        "created_by": None,
        "state": "open",
        "due_at": due,
        "done_at": None,
        "lead": None,
        "created_at": one.talk.ends,
        "updated_at": one.talk.ends,
    }


def _phone(one: Shaped, sought: Sought) -> Row:
    seq = next(row["seq"] for row in one.messages if sought.phone in (row["text"] or ""))
    return {
        "workspace_id": one.place.workspace_id,
        "identity_id": one.place.identity_id,
        "kind": "phone",
        "value": sought.phone,
        "conversation_id": one.place.conversation_id,
        "seq": seq,
        "reason": "",
        "told_at": one.talk.ends,
    }
