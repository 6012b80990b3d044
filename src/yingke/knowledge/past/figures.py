"""The numbers of the time before, and the same ones of now, each by the same definition."""

from datetime import date, datetime

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.kit.ids import show_id

MOST_DAYS = 400
MOST_AGENTS = 50
SAMPLE = 5000
"""Of the live conversations of a period the newest so many are measured; all are counted."""


class DayCount(Struct):
    day: date
    conversations: int


class HourCount(Struct):
    """`weekday` 1 = Monday. Conversations that began in this hour of the workspace's time zone."""

    weekday: int
    hour: int
    conversations: int


class AgentShare(Struct):
    name: str
    conversations: int
    share: float
    first_reply_seconds: float | None


class Pace(Struct):
    """Seconds are medians; `slow_*` nine of ten are faster. `per_day` over the days from the first to the last talk.

    `without_person`: share of the conversations in which the customer was answered and no agent said anything.
    """

    conversations: int
    days: int
    per_day: float
    first_reply_seconds: float | None
    slow_first_reply_seconds: float | None
    handling_seconds: float | None
    slow_handling_seconds: float | None
    messages_each: float | None
    without_person: float | None


class PastBaseline(Struct):
    """Times are of `time_zone`. `undated`: conversations whose file gave no time; they are in no chart."""

    time_zone: str
    pace: Pace
    undated: int
    by_day: list[DayCount]
    by_hour: list[HourCount]
    agents: list[AgentShare]


_TAKEN = (
    " from past_conversations c join past_imports i on i.workspace_id = c.workspace_id and i.id = c.import_id"
    " where c.workspace_id = $1 and i.state = 'ready' and ($2::bigint is null or c.import_id = $2)"
)
_MEASURES = (
    "percentile_cont(0.5) within group (order by first_reply_seconds) as first_reply,"
    " percentile_cont(0.9) within group (order by first_reply_seconds) as slow_first_reply,"
    " percentile_cont(0.5) within group (order by handling_seconds) as handling,"
    " percentile_cont(0.9) within group (order by handling_seconds) as slow_handling, avg(messages)::float8 as messages_each,"
    " avg((is_answered and not has_agent)::int)::float8 as without_person"
)


async def measure_past(tx: Transaction, workspace_id: int, import_id: int | None) -> PastBaseline:
    """Over one import, or over all that are ready."""
    zone = str(await tx.fetchval("select time_zone from workspaces where id = $1", workspace_id))
    row = await tx.fetchrow(
        "select count(*) as conversations, count(*) filter (where started_at is null) as undated,"
        " (max(started_at at time zone $3)::date - min(started_at at time zone $3)::date) + 1 as days, "
        f"{_MEASURES} from (select c.*, m.is_answered, m.has_agent from (select c.*{_TAKEN}) c"
        "   cross join lateral (select coalesce(bool_or(sender in ('agent', 'assistant')), false) as is_answered,"
        "     coalesce(bool_or(sender = 'agent'), false) as has_agent"
        "     from past_messages m where m.workspace_id = $1 and m.past_conversation_id = c.id) m) f",
        workspace_id,
        import_id,
        zone,
    )
    days = await tx.fetch(
        f"select (started_at at time zone $3)::date as day, count(*)::int as conversations{_TAKEN}"
        f" and started_at is not null group by 1 order by 1 desc limit {MOST_DAYS}",
        workspace_id,
        import_id,
        zone,
    )
    hours = await tx.fetch(
        "select extract(isodow from started_at at time zone $3)::int as weekday,"
        f" extract(hour from started_at at time zone $3)::int as hour, count(*)::int as conversations{_TAKEN}"
        " and started_at is not null group by 1, 2 order by 1, 2",
        workspace_id,
        import_id,
        zone,
    )
    agents = await tx.fetch(
        "select agent_name as name, count(*)::int as conversations,"
        " percentile_cont(0.5) within group (order by first_reply_seconds) as first_reply_seconds"
        f"{_TAKEN} and agent_name <> '' group by 1 order by 2 desc, 1 limit {MOST_AGENTS}",
        workspace_id,
        import_id,
    )
    total = row["conversations"]
    return PastBaseline(
        time_zone=zone,
        pace=_pace(row, total, row["days"] or 0, total - row["undated"]),
        undated=row["undated"],
        by_day=[DayCount(one["day"], one["conversations"]) for one in reversed(days)],
        by_hour=[HourCount(one["weekday"], one["hour"], one["conversations"]) for one in hours],
        agents=[
            AgentShare(one["name"], one["conversations"], one["conversations"] / total, one["first_reply_seconds"])
            for one in agents
        ],
    )


# One row a live conversation in which the customer spoke, measured as past ones are.
_LIVE = f"""
select c.id, c.created_at, c.last_seq as messages, p.is_answered, p.has_agent,
  extract(epoch from c.first_reply_at - p.asked_at)::float8 as first_reply_seconds,
  extract(epoch from c.last_message_at - c.created_at)::float8 as handling_seconds
from (select * from conversations where workspace_id = $1 and created_at >= $2 and created_at < $3 and contact_messages > 0
      order by created_at desc limit {SAMPLE}) c
cross join lateral (
  select min(m.created_at) filter (where m.author = 'contact') as asked_at,
    coalesce(bool_or(m.author in ('agent', 'assistant')), false) as is_answered,
    coalesce(bool_or(m.author = 'agent'), false) as has_agent
  from messages m where m.conversation_id = c.id) p
"""


async def measure_live(tx: Transaction, workspace_id: int, start: datetime, end: datetime) -> Pace:
    """The workspace's own conversations that began in [start, end)."""
    _check_period(start, end)
    count = await tx.fetchval(
        "select count(*) from conversations where workspace_id = $1 and created_at >= $2 and created_at < $3"
        " and contact_messages > 0",
        workspace_id,
        start,
        end,
    )
    row = await tx.fetchrow(f"select {_MEASURES} from ({_LIVE}) f", workspace_id, start, end)
    days = max(1, round((end - start).total_seconds() / 86_400))
    return _pace(row, count, days, count)


class LiveTalk(Struct):
    id: str
    created_at: datetime
    messages: int
    first_reply_seconds: float | None
    handling_seconds: float | None
    is_without_person: bool


async def list_live(
    tx: Transaction, workspace_id: int, start: datetime, end: datetime, *, only_without_person: bool, limit: int
) -> list[LiveTalk]:
    """The newest conversations behind the numbers of `measure_live`."""
    _check_period(start, end)
    rows = await tx.fetch(
        f"select * from ({_LIVE}) f where not $4 or (is_answered and not has_agent) order by created_at desc limit $5",
        workspace_id,
        start,
        end,
        only_without_person,
        limit,
    )
    return [
        LiveTalk(
            show_id(row["id"]),
            row["created_at"],
            row["messages"],
            row["first_reply_seconds"],
            row["handling_seconds"],
            row["is_answered"] and not row["has_agent"],
        )
        for row in rows
    ]


def _check_period(start: datetime, end: datetime) -> None:
    if start.tzinfo is None or end.tzinfo is None or start >= end:
        raise bad_input({"from": "before `to`, with an offset / 早于结束时间，并带时区"})


def _pace(row: dict[str, float | None], total: int, days: int, dated: int) -> Pace:
    return Pace(
        conversations=total,
        days=days,
        per_day=dated / days if days else 0.0,
        first_reply_seconds=row["first_reply"],
        slow_first_reply_seconds=row["slow_first_reply"],
        handling_seconds=row["handling"],
        slow_handling_seconds=row["slow_handling"],
        messages_each=row["messages_each"],
        without_person=row["without_person"],
    )
