"""Reads for the workbench: lists with stable cursors, counts, single conversations, states for the stream."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from yingke.conversations.shape_conversation import SELECT
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found

_WAITING = (
    "c.status = 'open' and (c.handled_by = 'queue' or (c.handled_by = 'assistant' and c.waiting_since is not null"
    " and c.id in (select conversation_id from pending_answers where workspace_id = $1)))"
)
_MINE = "c.status = 'open' and c.handled_by = 'agent' and c.agent_id = $2"
_CLOSED_MINE = "c.status = 'closed' and c.agent_id = $2"
_SEEN = "($3::bigint[] is null or c.shop_id = any($3))"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
# The clock of somebody who waits for nothing stands at the end of time, so that he sorts last.
_CLOCK = "coalesce(c.waiting_since, timestamptz '9999-01-01')"


@dataclass(frozen=True)
class Filter:
    """What a list shows. `shops` None = all; `query` looks into names, visitor numbers and the last line; `mood` and
    `intent` as last understood."""

    view: str = "all"
    status: str | None = None
    shop_id: int | None = None
    query: str = ""
    shops: list[int] | None = None
    limit: int = 50
    after: str | None = None
    mood: str | None = None
    intent: str | None = None


@dataclass(frozen=True)
class Page:
    rows: list[asyncpg.Record]
    next: str | None


async def list_conversations(tx: Transaction, workspace_id: int, agent_id: int | None, wanted: Filter) -> Page:
    """`mine` and `waiting`: whoever waits longest first; `all`: the newest message first."""
    is_clocked = wanted.view in ("mine", "waiting")
    values: list[Any] = [workspace_id, agent_id or 0]
    where = ["c.workspace_id = $1", "$2::bigint is not null", *_view(wanted)]
    if wanted.shop_id is not None:
        values.append(wanted.shop_id)
        where.append(f"c.shop_id = ${len(values)}")
    if wanted.shops is not None:
        values.append(wanted.shops)
        where.append(f"c.shop_id = any(${len(values)})")
    if wanted.query:
        values.append(f"%{_escape(wanted.query)}%")
        where.append(_search(wanted.query, len(values)))
    for name, value in (("mood", wanted.mood), ("intent", wanted.intent)):
        if value is not None:
            values.append(value)
            where.append(f"c.understood->>'{name}' = ${len(values)}")
    if wanted.after:
        where.append(_after(wanted.after, is_clocked, values))
    order = f"{_CLOCK}, c.last_message_at desc, c.id desc" if is_clocked else "c.last_message_at desc, c.id desc"
    rows = await tx.fetch(f"{SELECT} where {' and '.join(where)} order by {order} limit {wanted.limit + 1}", *values)
    more = rows[wanted.limit - 1] if len(rows) > wanted.limit else None
    return Page(rows[: wanted.limit], _cursor(more, is_clocked) if more is not None else None)


def _view(wanted: Filter) -> list[str]:
    if wanted.view == "mine":
        return [_CLOSED_MINE if wanted.status == "closed" else _MINE]
    if wanted.view == "waiting":
        return [_WAITING]
    return [f"c.status = '{wanted.status}'"] if wanted.status in ("open", "closed") else []


def _search(query: str, place: int) -> str:
    number = query.removeprefix("访客").strip().lstrip("#")
    by_number = f" or t.number = {int(number)}" if number.isascii() and number.isdigit() and len(number) < 18 else ""
    return f"(t.name ilike ${place} or c.last_preview ilike ${place}{by_number})"


def _escape(query: str) -> str:
    return query.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _after(cursor: str, is_clocked: bool, values: list[Any]) -> str:
    """The condition for everything behind the cursor; adds its values."""
    try:
        places = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[int])
        *times, row_id = places
        values += [_EPOCH + timedelta(microseconds=part) for part in times]
        if len(times) != (2 if is_clocked else 1) or not 0 <= row_id < 2**63:
            raise ValueError(cursor)
    except (ValueError, OverflowError) as error:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"}) from error
    values.append(row_id)
    n = len(values)
    newer = f"(c.last_message_at, c.id) < (${n - 1}, ${n})"
    return f"({_CLOCK} > ${n - 2} or ({_CLOCK} = ${n - 2} and {newer}))" if is_clocked else newer


def _cursor(row: asyncpg.Record, is_clocked: bool) -> str:
    times = [row["waiting_since"] or _END_OF_TIME] if is_clocked else []
    places = [*((time - _EPOCH) // timedelta(microseconds=1) for time in [*times, row["last_message_at"]]), row["id"]]
    return base64.urlsafe_b64encode(msgspec.json.encode(places)).decode().rstrip("=")


async def count_conversations(
    tx: Transaction, workspace_id: int, agent_id: int | None, shops: list[int] | None
) -> dict[str, int]:
    """{mine, mine_unanswered, waiting, all}: open conversations behind each tab."""
    row = await tx.fetchrow(
        f'select mine, mine_unanswered, waiting, open as "all" from'
        f" (select count(*) as mine, count(c.waiting_since) as mine_unanswered from conversations c"
        f" where c.workspace_id = $1 and {_MINE} and {_SEEN}) m,"
        f" (select count(*) as waiting from conversations c where c.workspace_id = $1 and {_WAITING} and {_SEEN}) w,"
        f" (select count(*) as open from conversations c where c.workspace_id = $1 and c.status = 'open'"
        f" and {_SEEN}) o",
        workspace_id,
        agent_id or 0,
        shops,
    )
    assert row is not None
    return dict(row)


async def get_conversation(
    tx: Transaction, workspace_id: int, conversation_id: int, shops: list[int] | None
) -> asyncpg.Record:
    """Raises 404, also for a conversation of a shop that is not among `shops`."""
    row = await tx.fetchrow(
        f"{SELECT} where c.workspace_id = $1 and c.id = $2 and ($3::bigint[] is null or c.shop_id = any($3))",
        workspace_id,
        conversation_id,
        shops,
    )
    if row is None:
        raise not_found()
    return row


async def list_of_identities(
    tx: Transaction, workspace_id: int, identity_ids: Sequence[int], shops: list[int] | None
) -> list[asyncpg.Record]:
    """The newest 50 conversations of one contact."""
    return list(
        await tx.fetch(
            f"{SELECT} where c.workspace_id = $1 and c.identity_id = any($2)"
            " and ($3::bigint[] is null or c.shop_id = any($3)) order by c.id desc limit 50",
            workspace_id,
            identity_ids,
            shops,
        )
    )


async def get_states(tx: Transaction, workspace_id: int, conversation_ids: Sequence[int]) -> list[asyncpg.Record]:
    """The rows of several conversations at once, for the live stream."""
    return list(
        await tx.fetch(f"{SELECT} where c.workspace_id = $1 and c.id = any($2)", workspace_id, conversation_ids)
    )


async def read_marks(
    tx: Transaction, workspace_id: int, agent_ids: Sequence[int], conversation_ids: Sequence[int]
) -> dict[tuple[int, int], int]:
    """(agent, conversation) → how many of the contact's messages he has read; none = 0."""
    rows = await tx.fetch(
        "select agent_id, conversation_id, read_contact_messages from conversation_reads"
        " where workspace_id = $1 and agent_id = any($2) and conversation_id = any($3)",
        workspace_id,
        agent_ids,
        conversation_ids,
    )
    return {(row["agent_id"], row["conversation_id"]): row["read_contact_messages"] for row in rows}
