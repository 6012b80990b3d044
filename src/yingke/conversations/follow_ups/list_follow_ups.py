"""The list of what is still to do, and of what was done; it stays quick however long it grows."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from yingke.conversations.follow_ups.recognise import Kind
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input

View = Literal["mine", "nobodys", "all"]
Due = Literal["today", "overdue"]


@dataclass(frozen=True)
class Wanted:
    """`shops`: which may be seen; None = all. `is_ended`: what is done or dropped instead of what is to do."""

    view: View = "all"
    due: Due | None = None
    is_ended: bool = False
    kind: Kind | None = None
    conversation_id: int | None = None
    q: str = ""
    shops: list[int] | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True)
class FollowUps:
    rows: list[asyncpg.Record]
    next: str | None


_COLUMNS = (
    "f.*, a.work_name, c.shop_id, c.status as conversation_status, k.name as contact_name, k.number as contact_number"
)
_FROM = (
    " from follow_ups f join conversations c on c.workspace_id = f.workspace_id and c.id = f.conversation_id"
    " join identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id"
    " join contacts k on k.workspace_id = i.workspace_id and k.id = i.contact_id"
    " left join agents a on a.workspace_id = f.workspace_id and a.id = f.agent_id"
)


async def list_follow_ups(
    tx: Transaction, workspace_id: int, agent_id: int | None, wanted: Wanted, now: datetime
) -> FollowUps:
    """What is to do: the earliest due first, what has no time last. What is over: the newest first."""
    where, values = _where(workspace_id, agent_id, wanted, await _end_of_day(tx, workspace_id, now), now)
    order = " order by f.id desc" if wanted.is_ended else " order by f.due_at, f.id"
    if wanted.after:
        where += _behind(wanted, values)
    rows = await tx.fetch(f"select {_COLUMNS}{_FROM} where {where}{order} limit {wanted.limit + 1}", *values)
    shown = rows[: wanted.limit]
    more = _cursor(shown[-1]) if len(rows) > wanted.limit else None
    return FollowUps(list(shown), more)


async def count_follow_ups(
    tx: Transaction, workspace_id: int, agent_id: int | None, shops: list[int] | None, now: datetime
) -> asyncpg.Record:
    """mine, mine_overdue, today, overdue, nobodys, leads, all, of what is still to do."""
    end = await _end_of_day(tx, workspace_id, now)
    row = await tx.fetchrow(
        "select count(*) filter (where f.agent_id = $2) as mine,"
        " count(*) filter (where f.agent_id = $2 and f.due_at <= $4) as mine_overdue,"
        " count(*) filter (where f.due_at <= $5) as today, count(*) filter (where f.due_at <= $4) as overdue,"
        " count(*) filter (where f.agent_id is null) as nobodys, count(*) filter (where f.kind = 'lead') as leads,"
        " count(*) as all"
        " from follow_ups f join conversations c on c.workspace_id = f.workspace_id and c.id = f.conversation_id"
        " where f.workspace_id = $1 and f.state in ('open', 'doing', 'waiting')"
        " and ($3::bigint[] is null or c.shop_id = any($3))",
        workspace_id,
        agent_id,
        shops,
        now,
        end,
    )
    assert row is not None
    return row


async def list_log(tx: Transaction, workspace_id: int, follow_up_id: int) -> list[asyncpg.Record]:
    """Everything written about one item, oldest first."""
    return list(
        await tx.fetch(
            "select n.kind, n.text, n.data, n.created_at, a.work_name from follow_up_notes n left join agents a"
            " on a.workspace_id = n.workspace_id and a.id = n.agent_id"
            " where n.workspace_id = $1 and n.follow_up_id = $2 order by n.id limit 500",
            workspace_id,
            follow_up_id,
        )
    )


def _where(
    workspace_id: int, agent_id: int | None, wanted: Wanted, end_of_day: datetime, now: datetime
) -> tuple[str, list[object]]:
    values: list[object] = [workspace_id]
    states = "('done', 'dropped')" if wanted.is_ended else "('open', 'doing', 'waiting')"
    where = f"f.workspace_id = $1 and f.state in {states}"

    def add(condition: str, value: object) -> None:
        nonlocal where
        values.append(value)
        where += " and " + condition.replace("?", f"${len(values)}")

    if wanted.view == "mine":
        add("f.agent_id = ?", agent_id)
    elif wanted.view == "nobodys":
        where += " and f.agent_id is null"
    if wanted.due is not None:
        add("f.due_at <= ?", end_of_day if wanted.due == "today" else now)
    if wanted.kind is not None:
        add("f.kind = ?", wanted.kind)
    if wanted.conversation_id is not None:
        add("f.conversation_id = ?", wanted.conversation_id)
    if wanted.shops is not None:
        add("c.shop_id = any(?)", wanted.shops)
    if wanted.q:
        pattern = "%" + wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        add("(f.title ilike ? or f.order_number ilike ? or k.name ilike ?)", pattern)
    return where, values


def _behind(wanted: Wanted, values: list[object]) -> str:
    due_at, row_id = _read_cursor(wanted.after or "")
    values.append(row_id)
    last = f"${len(values)}"
    if wanted.is_ended:
        return f" and f.id < {last}"
    if due_at is None:
        return f" and f.due_at is null and f.id > {last}"
    values.append(due_at)
    return f" and ((f.due_at, f.id) > (${len(values)}, {last}) or f.due_at is null)"


def _cursor(row: asyncpg.Record) -> str:
    due_at = row["due_at"].isoformat() if row["due_at"] is not None else ""
    return base64.urlsafe_b64encode(msgspec.json.encode([due_at, row["id"]])).decode()


def _read_cursor(text: str) -> tuple[datetime | None, int]:
    try:
        due_at, row_id = msgspec.json.decode(base64.urlsafe_b64decode(text), type=tuple[str, int])
        return datetime.fromisoformat(due_at) if due_at else None, row_id
    except (ValueError, msgspec.DecodeError) as error:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"}) from error


async def _end_of_day(tx: Transaction, workspace_id: int, now: datetime) -> datetime:
    zone = ZoneInfo(await tx.fetchval("select time_zone from workspaces where id = $1", workspace_id))
    return now.astimezone(zone).replace(hour=23, minute=59, second=59, microsecond=999_999)
