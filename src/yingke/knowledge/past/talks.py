"""Past conversations behind the numbers, and what was said in one. All of it is masked."""

import re
from datetime import date, datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.past.mapping import Sender

Order = Literal["newest", "slowest_reply", "longest"]
_VALUE: dict[Order, str] = {
    "newest": "coalesce(extract(epoch from c.started_at), 0)::float8",
    "slowest_reply": "coalesce(c.first_reply_seconds, -1)::float8",
    "longest": "coalesce(c.handling_seconds, -1)::float8",
}
_CURSOR = re.compile(r"(-?\d{1,15}(?:\.\d{1,20})?)~(\d{1,19})")


class PastTalk(Struct):
    """`first_said` is the beginning of the customer's first message, masked."""

    id: str
    import_id: str
    agent_name: str
    started_at: datetime | None
    first_reply_seconds: float | None
    handling_seconds: float | None
    messages: int
    first_said: str


class PastLine(Struct):
    seq: int
    sender: Sender
    text: str
    sent_at: datetime | None


class PastTalkLines(Struct):
    talk: PastTalk
    lines: list[PastLine]


class TalkFilter(Struct):
    """Which conversations: all given conditions hold. `weekday` 1 = Monday; day and hour of the workspace's zone."""

    import_id: int | None = None
    topic_id: int | None = None
    day: date | None = None
    weekday: int | None = None
    hour: int | None = None
    agent: str | None = None
    without_person: bool = False


_HEAD = (
    "select c.id, c.import_id, c.agent_name, c.started_at, c.first_reply_seconds, c.handling_seconds, c.messages,"
    " (select left(m.text, 80) from past_messages m where m.workspace_id = c.workspace_id and m.past_conversation_id = c.id"
    "  order by (m.sender = 'contact') desc, m.seq limit 1) as first_said"
)
_FROM = (
    " from past_conversations c join past_imports i on i.workspace_id = c.workspace_id and i.id = c.import_id"
    " join workspaces w on w.id = c.workspace_id where c.workspace_id = $1 and i.state in ('ready', 'learning')"
)


async def list_talks(
    tx: Transaction, workspace_id: int, wanted: TalkFilter, order: Order, after: str | None, limit: int
) -> tuple[list[PastTalk], str | None]:
    """A page and the cursor of the next one. Raises 400 for a foreign cursor."""
    value = _VALUE[order]
    place = _read_cursor(after)
    rows = await tx.fetch(
        f"{_HEAD}, {value} as value{_FROM} and ($2::bigint is null or c.import_id = $2)"
        " and ($3::bigint is null or c.id = any((select conversation_ids from past_topics where id = $3)::bigint[]))"
        " and ($4::date is null or (c.started_at at time zone w.time_zone)::date = $4)"
        " and ($5::int is null or extract(isodow from c.started_at at time zone w.time_zone) = $5)"
        " and ($6::int is null or extract(hour from c.started_at at time zone w.time_zone) = $6)"
        " and ($7::text is null or c.agent_name = $7)"
        " and (not $8 or (exists (select 1 from past_messages m where m.workspace_id = $1 and m.past_conversation_id = c.id"
        "   and m.sender = 'assistant') and not exists (select 1 from past_messages m where m.workspace_id = $1"
        "   and m.past_conversation_id = c.id and m.sender = 'agent')))"
        f" and ({value}, c.id) < ($9, $10) order by {value} desc, c.id desc limit $11",
        workspace_id,
        wanted.import_id,
        wanted.topic_id,
        wanted.day,
        wanted.weekday,
        wanted.hour,
        wanted.agent,
        wanted.without_person,
        *place,
        limit + 1,
    )
    shown = [_show(row) for row in rows[:limit]]
    more = f"{rows[limit - 1]['value']!r}~{rows[limit - 1]['id']}" if len(rows) > limit else None
    return shown, more


async def read_talk(tx: Transaction, workspace_id: int, talk_id: int) -> PastTalkLines:
    """Raises 404."""
    row = await tx.fetchrow(f"{_HEAD}{_FROM} and c.id = $2", workspace_id, talk_id)
    if row is None:
        raise not_found()
    lines = await tx.fetch(
        "select seq, sender, text, sent_at from past_messages where workspace_id = $1 and past_conversation_id = $2 order by seq",
        workspace_id,
        talk_id,
    )
    return PastTalkLines(
        _show(row), [PastLine(line["seq"], line["sender"], line["text"], line["sent_at"]) for line in lines]
    )


def _show(row: Any) -> PastTalk:
    return PastTalk(
        id=show_id(row["id"]),
        import_id=show_id(row["import_id"]),
        agent_name=row["agent_name"],
        started_at=row["started_at"],
        first_reply_seconds=row["first_reply_seconds"],
        handling_seconds=row["handling_seconds"],
        messages=row["messages"],
        first_said=row["first_said"] or "",
    )


def _read_cursor(after: str | None) -> tuple[float, int]:
    if after is None:
        return 1e18, 2**63 - 1
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"})
    return float(found[1]), min(int(found[2]), 2**63 - 1)
