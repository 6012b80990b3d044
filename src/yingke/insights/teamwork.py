"""How the AI and people share the work: what the AI took on, why people were needed, who was recovered, what was bought.

Counted are conversations that began in the days asked for and in which the customer said something; one that still runs
with the AI is `open` and belongs to no share. Every number is the count of the conversations that its key lists.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from yingke.insights.recovered import RECOVERED, WAS_UPSET
from yingke.insights.resolution import DEFINITIONS, FACTS, Days
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.text import clean_line

REASON: Final = "reason:"
SOLD = "('paid', 'part_shipped', 'shipped', 'delivered')"

_WORK = f"""{FACTS}, work as (
  select f.id, f.shop_id, f.created_at, f.fate, f.fate <> 'open' as is_over, f.is_greeted, f.fate = 'person' as is_person,
    h.reason, {WAS_UPSET} as is_upset, {RECOVERED} as is_recovered, coalesce(o.is_sold, false) as is_sold
  from fates f join conversations c on c.workspace_id = $1 and c.id = f.id
  left join lateral (
    select case when m.payload->>'code' = 'taken_over' then 'taken_over'
                when m.payload->>'reason' like 'rule:%' then m.payload->>'reason'
                else split_part(coalesce(m.payload->>'reason', ''), ':', 1) end as reason
    from messages m where m.conversation_id = f.id and m.author = 'system'
      and m.payload->>'code' in ('queued', 'outside_hours', 'taken_over') order by m.seq limit 1) h on f.fate = 'person'
  left join lateral (
    select true as is_sold from order_links l join orders o on o.workspace_id = $1 and o.id = l.order_id
    where l.workspace_id = $1 and l.conversation_id = f.id and l.how = 'bought_after' and o.state in {SOLD} limit 1) o on true
)
"""


@dataclass(frozen=True)
class Figure:
    """`counts` picks the conversations of the number, `of` those that its share is taken of; "" = no share."""

    key: str
    counts: str
    of: str
    definition_zh: str
    definition_en: str


FIGURES: Final = (
    Figure(
        "greeted", "is_over and is_greeted", "is_over",
        "AI 至少答复过一次的会话，占客户开过口、已经告一段落的会话。AI 答过不等于解决了。",
        "Conversations that the AI answered at least once, of all that are over. Answered is not resolved.",
    ),
    Figure("confirmed", "fate = 'confirmed'", "is_over", *DEFINITIONS["confirmed"]),
    Figure("assumed", "fate = 'assumed'", "is_over", *DEFINITIONS["assumed"]),
    Figure("not_helped", "fate = 'not_helped'", "is_over", *DEFINITIONS["not_helped"]),
    Figure("returned", "fate = 'returned'", "is_over", *DEFINITIONS["returned"]),
    Figure("person", "is_person", "is_over", *DEFINITIONS["person"]),
    Figure("open", "fate = 'open'", "", *DEFINITIONS["open"]),
    Figure(
        "upset", "is_over and is_upset", "",
        "客户曾表现出焦虑、失望或愤怒的会话。情绪由系统判断，可能有误。",
        "Conversations in which the customer was anxious, disappointed or angry. Judged by the system; may be wrong.",
    ),
    Figure(
        "recovered_by_assistant", "is_over and is_recovered and not is_person", "is_over and is_upset",
        "曾焦虑、失望或愤怒，最后一次发言已平静或满意，且全程没有人工；占曾有这类情绪的会话。",
        "Upset at some point, calm or satisfied in the last message, no person took part; of all that were upset.",
    ),
    Figure(
        "recovered_by_person", "is_over and is_recovered and is_person", "is_over and is_upset",
        "曾焦虑、失望或愤怒，最后一次发言已平静或满意，且有人工参与；占曾有这类情绪的会话。",
        "The same, with a person; of all that were upset.",
    ),
    Figure(
        "bought", "is_over and is_sold", "is_over",
        "会话之后，同一位客户在设定天数内下了单并已付款（没有取消、关闭或全额退款）的会话。只说先后，不说因果。",
        "Conversations after which the same customer placed an order within the days set and paid it (not cancelled, closed"
        " or refunded). It says what came first, not what caused it.",
    ),
    Figure(
        "bought_by_assistant", "is_over and is_sold and not is_person", "is_over and not is_person",
        "其中全程没有人工的会话；占没有人工参与的会话。",
        "Of these, without any person; of the conversations that no person took part in.",
    ),
    Figure(
        "bought_by_person", "is_sold and is_person", "is_person",
        "其中有人工参与的会话；占有人工参与的会话。",
        "Of these, with a person; of the conversations that a person took part in.",
    ),
)  # fmt: skip
_BY_KEY = {figure.key: figure for figure in FIGURES}


@dataclass(frozen=True)
class Counted:
    """`count` of `of` conversations; `of` None where no share is meant."""

    key: str
    count: int
    of: int | None

    @property
    def share(self) -> float | None:
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Sales:
    """Orders paid after a conversation, in one currency. `agent_id` None: no person took part."""

    agent_id: int | None
    agent: str | None
    shop_id: int
    currency: str
    orders: int
    minor: int


@dataclass(frozen=True)
class Teamwork:
    """`reasons`: why people were needed, most frequent first."""

    total: int
    figures: tuple[Counted, ...]
    reasons: tuple[Counted, ...]
    by_shop: tuple[tuple[int, str, tuple[Counted, ...]], ...]
    by_day: tuple[tuple[date, tuple[Counted, ...]], ...]
    sales: tuple[Sales, ...]


def _values(workspace_id: int, days: Days) -> list[Any]:
    return [workspace_id, days.start, days.end, days.shop_id, days.shops]


async def count_teamwork(tx: Transaction, workspace_id: int, days: Days) -> Teamwork:
    """Everything at once, by shop and by day of the workspace's time zone."""
    parts = ", ".join(
        f"count(*) filter (where {one.counts})::int as {one.key},"
        f" count(*) filter (where {one.of or 'false'})::int as of_{one.key}"
        for one in FIGURES
    )
    rows = await tx.fetch(
        f"{_WORK} select w.shop_id, s.name as shop, (w.created_at at time zone $6)::date as day, w.reason,"
        f" count(*) filter (where is_over)::int as total, {parts} from work w"
        " join shops s on s.workspace_id = $1 and s.id = w.shop_id group by 1, 2, 3, 4",
        *_values(workspace_id, days),
        days.zone,
    )
    shops = sorted({(row["shop_id"], row["shop"]) for row in rows})
    dates = sorted({row["day"] for row in rows})
    return Teamwork(
        sum(row["total"] for row in rows),
        _sum(rows),
        _reasons(rows),
        tuple((id, name, _sum([row for row in rows if row["shop_id"] == id])) for id, name in shops),
        tuple((day, _sum([row for row in rows if row["day"] == day])) for day in dates),
        await _sales(tx, workspace_id, days),
    )


def _sum(rows: list[Any]) -> tuple[Counted, ...]:
    return tuple(
        Counted(
            one.key, sum(row[one.key] for row in rows), sum(row[f"of_{one.key}"] for row in rows) if one.of else None
        )
        for one in FIGURES
    )


def _reasons(rows: list[Any]) -> tuple[Counted, ...]:
    counts: dict[str, int] = {}
    for row in rows:
        if row["person"]:
            counts[row["reason"] or ""] = counts.get(row["reason"] or "", 0) + row["person"]
    people = sum(counts.values())
    found = [Counted(REASON + reason, count, people) for reason, count in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.key)))


async def _sales(tx: Transaction, workspace_id: int, days: Days) -> tuple[Sales, ...]:
    """Each order once: an order follows one conversation."""
    rows = await tx.fetch(
        f"{_WORK} select case when w.is_person then c.agent_id end as agent_id, a.work_name as agent, w.shop_id, o.currency,"
        " count(*)::int as orders, sum(coalesce(o.paid_minor, o.total_minor))::bigint as minor"
        " from work w join conversations c on c.workspace_id = $1 and c.id = w.id"
        " join order_links l on l.workspace_id = $1 and l.conversation_id = w.id and l.how = 'bought_after'"
        f" join orders o on o.workspace_id = $1 and o.id = l.order_id and o.state in {SOLD}"
        " left join agents a on a.workspace_id = $1 and a.id = c.agent_id and w.is_person"
        " where w.is_over group by 1, 2, 3, 4 order by minor desc, agent_id",
        *_values(workspace_id, days),
    )
    return tuple(Sales(**dict(row)) for row in rows)


async def list_of_teamwork(
    tx: Transaction, workspace_id: int, days: Days, key: str, before_id: int, limit: int
) -> list[int]:
    """Ids of the conversations behind a number, newest first. `key`: of a figure, or `reason:<reason>`. Raises 404."""
    key = clean_line(key, 200, field="key")
    values = [*_values(workspace_id, days), before_id, limit]
    if key.startswith(REASON):
        where = "is_person and coalesce(reason, '') = $8"
        values.append(key.removeprefix(REASON))
    elif key in _BY_KEY:
        where = _BY_KEY[key].counts
    else:
        raise not_found()
    rows = await tx.fetch(f"{_WORK} select id from work where {where} and id < $6 order by id desc limit $7", *values)
    return [row["id"] for row in rows]
