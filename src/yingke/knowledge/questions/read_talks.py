"""Reads conversations as far as their questions need it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yingke.kit.db import Transaction

LONGEST_TALK = 150
"""Of a longer conversation the newest messages are looked at; the older ones were looked at when they were new."""


@dataclass(frozen=True, slots=True)
class TalkMessage:
    """`verdict`: up, down or report on an assistant's message; `decision` and `need` from its trace; `code` of a
    system message."""

    seq: int
    author: str
    text: str
    created_at: datetime
    through_seq: int | None = None
    verdict: str | None = None
    decision: dict[str, Any] = field(default_factory=dict)
    need: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation. `score` is the customer's rating: good, fair, bad or None."""

    id: int
    shop_id: int
    is_closed: bool
    score: str | None
    messages: tuple[TalkMessage, ...]


async def read_talks(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> list[Talk]:
    """The conversations with these ids, in order of id."""
    heads = await tx.fetch(
        "select c.id, c.shop_id, c.status, r.score from conversations c"
        " left join ratings r on r.workspace_id = c.workspace_id and r.conversation_id = c.id"
        " where c.workspace_id = $1 and c.id = any($2) order by c.id",
        workspace_id,
        list(ids),
    )
    rows = await tx.fetch(
        "select c.id as conversation_id, m.* from unnest($2::bigint[]) c(id) cross join lateral ("
        "  select m.seq, m.author, m.text, m.created_at, m.answers_through_seq, v.verdict, m.payload->>'code' as code,"
        "    t.data->'decision' as decision, coalesce(t.data->>'need', m.payload->>'hand_off') as need"
        "  from messages m left join message_feedback v on v.workspace_id = m.workspace_id and v.message_id = m.id"
        "  left join traces t on t.workspace_id = m.workspace_id and t.id = m.trace_id"
        "  where m.workspace_id = $1 and m.conversation_id = c.id and m.recalled_at is null"
        f"  order by m.seq desc limit {LONGEST_TALK}) m order by c.id, m.seq",
        workspace_id,
        list(ids),
    )
    said: dict[int, list[TalkMessage]] = {}
    for row in rows:
        said.setdefault(row["conversation_id"], []).append(_message(row))
    return [
        Talk(row["id"], row["shop_id"], row["status"] == "closed", row["score"], tuple(said.get(row["id"], ())))
        for row in heads
    ]


def _message(row: Any) -> TalkMessage:
    return TalkMessage(
        seq=row["seq"],
        author=row["author"],
        text=row["text"] or "",
        created_at=row["created_at"],
        through_seq=row["answers_through_seq"],
        verdict=row["verdict"],
        decision=row["decision"] or {},
        need=row["need"],
        code=row["code"],
    )
