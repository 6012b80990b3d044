"""The numbers of one day, each with the conversations behind it. A day is one of the workspace's time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yingke.insights.recovered import BY_ASSISTANT, BY_PERSON, RECOVERED
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found
from yingke.kit.text import clean_line

PROMISED_SECONDS = 180
SILENT_MINUTES = 30

# One row a conversation that began on the day. Whoever counts anything counts rows of this.
_FACTS = f"""
with facts as (
  select c.id, c.created_at, c.contact_messages > 0 as spoke, l.is_left, {RECOVERED} as is_recovered,
    p.is_person, r.reply_seconds, r.asked_at,
    not p.is_person and p.is_answered and c.answered_through_seq >= c.last_contact_seq
      and coalesce(g.score, '') <> 'bad' and not coalesce(f.is_bad, false) as is_solved,
    coalesce(g.score = 'good', false) or coalesce(f.is_good, false) as is_confirmed,
    c.status = 'closed' or c.last_message_at < now() - interval '{SILENT_MINUTES} minutes' as is_over
  from conversations c
  left join ratings g on g.workspace_id = c.workspace_id and g.conversation_id = c.id
  cross join lateral (
    select coalesce(bool_or(m.author = 'agent' or m.author = 'system'
        and m.payload->>'code' in ('queued', 'outside_hours', 'taken_over')), false) as is_person,
      coalesce(bool_or(m.author = 'assistant'), false) as is_answered
    from messages m where m.conversation_id = c.id) p
  cross join lateral (
    select min(m.created_at) as asked_at, extract(epoch from c.first_reply_at - min(m.created_at))::float8 as reply_seconds
    from messages m where m.conversation_id = c.id and m.author = 'contact') r
  left join lateral (
    select bool_or(v.verdict = 'up') as is_good, bool_or(v.verdict <> 'up') as is_bad
    from messages m join message_feedback v on v.workspace_id = m.workspace_id and v.message_id = m.id
    where m.conversation_id = c.id and m.author = 'assistant') f on true
  cross join lateral (
    select exists (select 1 from left_messages x where x.workspace_id = c.workspace_id and x.conversation_id = c.id) as is_left) l
  where c.workspace_id = $1 and c.last_message_at >= $2 and c.created_at >= $2 and c.created_at < $3
    and ($4::bigint is null or c.shop_id = $4) and ($5::bigint[] is null or c.shop_id = any($5))
)
"""


@dataclass(frozen=True)
class Tile:
    """`behind` picks the conversations of the number; `value` computes it over them; units: count, seconds, share. Those
    behind seconds are listed slowest first, the others newest first."""

    key: str
    unit: str
    behind: str
    value: str
    definition_zh: str
    definition_en: str


@dataclass(frozen=True, slots=True)
class Behind:
    """A conversation behind a number; `reply_seconds` to the first reply, None without one."""

    id: int
    reply_seconds: float | None


_DUE = f"spoke and (reply_seconds is not null or asked_at < now() - interval '{PROMISED_SECONDS} seconds')"
_REPLIED = "spoke and reply_seconds is not null"
_SLOWEST = (
    f"{_REPLIED} and reply_seconds >="
    f" (select percentile_disc(0.95) within group (order by reply_seconds) from facts where {_REPLIED})"
)

TILES = (
    Tile(
        "conversations", "count", "true", "count(*)",
        "当天开始的会话数；只看页面、没有开口也没有要求人工的访客不算会话。",
        "Conversations that began that day. Visitors who only looked at pages have none.",
    ),
    Tile(
        "spoke_up", "count", "spoke", "count(*)",
        "当天开始的会话里，客户至少说过一句话的会话数。",
        "Of these, conversations in which the customer said at least one thing.",
    ),
    Tile(
        "assistant_resolved", "count", "is_solved and is_confirmed", "count(*)",
        "全程没有人工参与、AI 已答复到最后一句，并且客户点了满意或赞、没有差评和举报的会话数（客户确认）。",
        "No person took part, the AI answered to the last message, and the customer said it helped (good rating or"
        " thumbs up, no complaint).",
    ),
    Tile(
        "assistant_resolved_assumed", "count", "is_solved and is_over and not is_confirmed", "count(*)",
        f"没有人工参与、AI 已答复到最后一句，客户没有表态、已结束或静默超过 {SILENT_MINUTES} 分钟的会话数（推定，不等于确认）。",
        "No person took part and the AI answered to the last message; the customer said nothing about it and the talk"
        f" is closed or silent for {SILENT_MINUTES} minutes. Assumed, not confirmed.",
    ),
    Tile(
        "first_reply", "seconds", _REPLIED,
        "percentile_cont(0.5) within group (order by reply_seconds)",
        "从客户第一句话到第一次答复（AI 或人工）的秒数，取当天会话的中位数；还没有答复的不计入。",
        "Median seconds from the customer's first message to the first reply, by the AI or a person. Unanswered ones"
        " are left out.",
    ),
    Tile(
        "first_reply_p95", "seconds", _SLOWEST, "min(reply_seconds)",
        "从客户第一句话到第一次答复（AI 或人工）的秒数，取当天会话的 P95：每 100 个会话里有 95 个不比它慢。还没有答复的不计入；"
        "点开是达到或超过它的会话，最慢的在前。",
        "95th percentile of the seconds from the customer's first message to the first reply, by the AI or a person: 95"
        " of 100 conversations were no slower. Unanswered ones are left out. Opens those at or above it, slowest first.",
    ),
    Tile(
        "replied_in_three_minutes", "share", _DUE,
        f"avg((coalesce(reply_seconds <= {PROMISED_SECONDS}, false))::int)::float8",
        "客户开口后 3 分钟内得到第一次答复（AI 或人工）的会话占比；开口不足 3 分钟且还没答复的暂不计入。",
        "Share of conversations whose first reply (AI or person) came within 3 minutes. Younger ones still without a"
        " reply do not count yet.",
    ),
    Tile(
        "handed_off", "count", "is_person", "count(*)",
        "当天开始的会话里，转入人工排队或由客服接待过的会话数。",
        "Conversations that went to the queue for a person or were handled by one.",
    ),
    Tile("recovered_by_assistant", "count", "is_recovered and not is_person", "count(*)", *BY_ASSISTANT),
    Tile("recovered_by_person", "count", "is_recovered and is_person", "count(*)", *BY_PERSON),
    Tile(
        "left_messages", "count", "is_left", "count(*)",
        "当天开始的会话里，客户留下了留言的会话数。",
        "Conversations in which the customer left a message for later.",
    ),
)  # fmt: skip
_BY_KEY = {tile.key: tile for tile in TILES}


@dataclass(frozen=True)
class Day:
    """What is counted: from `start` to `end` (UTC), `shop_id` None = all that `shops` allow."""

    day: date
    start: datetime
    end: datetime
    is_demo: bool
    shop_id: int | None
    shops: list[int] | None


async def find_day(
    tx: Transaction, workspace_id: int, day: date | None, shop_id: int | None, shops: list[int] | None
) -> Day:
    """`day` None = today in the workspace's time zone."""
    row = await tx.fetchrow("select time_zone, is_demo, now() as now from workspaces where id = $1", workspace_id)
    if row is None:
        raise not_found()
    zone = ZoneInfo(row["time_zone"])
    day = day or row["now"].astimezone(zone).date()
    start, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    return Day(day, start, end, row["is_demo"], shop_id, shops)


async def count_day(tx: Transaction, workspace_id: int, day: Day) -> dict[str, float | None]:
    """Tile key → value; None where there is nothing to take a median or a share of."""
    parts = ", ".join(f"(select {tile.value} from facts where {tile.behind}) as {tile.key}" for tile in TILES)
    row = await tx.fetchrow(f"{_FACTS} select {parts}", workspace_id, day.start, day.end, day.shop_id, day.shops)
    assert row is not None
    return dict(row)


async def list_behind(
    tx: Transaction, workspace_id: int, day: Day, key: str, before_id: int | None, limit: int
) -> list[Behind]:
    """The conversations behind a number from the one after `before_id` on. Raises 404 for an unknown key."""
    tile = _BY_KEY.get(clean_line(key, 60, field="key"))
    if tile is None:
        raise not_found()
    if tile.unit == "seconds":
        after = "(reply_seconds, id) < (select reply_seconds, id from facts where id = $6)"
        order = "reply_seconds desc, id desc"
    else:
        after, order = "id < $6", "id desc"
    rows = await tx.fetch(
        f"{_FACTS} select id, reply_seconds from facts where {tile.behind} and ($6::bigint is null or {after})"
        f" order by {order} limit $7",
        workspace_id,
        day.start,
        day.end,
        day.shop_id,
        day.shops,
        before_id,
        limit,
    )
    return [Behind(**row) for row in rows]
