"""How many conversations the AI resolved by itself: confirmed by the customer, or only assumed, never mixed.

Counted are conversations that began in the days asked for and in which the customer said something. A conversation
that still runs is counted as open and belongs to no share.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from yingke.kit.db import Transaction

Key = Literal["confirmed", "assumed", "person", "not_helped", "returned", "open"]
KEYS: tuple[Key, ...] = ("confirmed", "assumed", "person", "not_helped", "returned", "open")
SILENT_MINUTES = 30
RETURN_HOURS = 24
DEFINITIONS: dict[Key, tuple[str, str]] = {
    "confirmed": (
        "AI 答完，全程没有人工，客户自己说有用：点了赞、给了满意，或回复“解决了 / 谢谢”这类话；没有差评，24 小时内也没有再来问。",
        "The AI answered, no person took part and the customer said it helped: thumbs up, a good rating, or words such as"
        " “solved, thanks”. No complaint, and no return within 24 hours.",
    ),
    "assumed": (
        f"AI 答完，全程没有人工，客户没有表态，会话已结束或静默超过 {SILENT_MINUTES} 分钟；没有差评，24 小时内没有再来问。这是推定，不等于客户确认。",
        f"The AI answered, no person took part, and the customer said nothing about it; closed or silent for {SILENT_MINUTES}"
        " minutes, no complaint, no return within 24 hours. Assumed, not confirmed.",
    ),
    "person": (
        "转过人工、排过队，或由客服接待过。",
        "Went to the queue for a person or was handled by one.",
    ),
    "not_helped": (
        "没有人工参与，但 AI 没答上最后的问题，或客户给了差评、点了踩、举报。",
        "No person took part, but the AI had no answer to the last question, or the customer complained about it.",
    ),
    "returned": (
        f"看起来解决了，但同一位客户 {RETURN_HOURS} 小时内又来问。",
        f"It looked resolved, but the same customer came back within {RETURN_HOURS} hours.",
    ),
    "open": ("还在进行，先不计入比例。", "Still going on; not in any share yet."),
}
_THANKS = "(谢谢|多谢|感谢|谢啦|谢了|3q|thank|解决了|可以了|明白了|知道了|清楚了|懂了|好的?[，,！!。~～ ]*(谢谢|知道|明白|了解)|搞定|没问题了|太好了|有用|got it|that helps|solved|perfect|great)"
_NOT_THANKS = "(没解决|没有解决|不明白|不清楚|没用|不对|不行|还是不|怎么|为什么|吗|？|\\?|but|not )"

# One row a conversation; `fate` is what became of it, each conversation exactly one. $1 workspace, $2 to $3 days (UTC),
# $4 shop, $5 shops that may be seen.
FACTS = f"""
with begun as (
  select c.id, c.identity_id, c.shop_id, c.created_at, c.status, c.last_message_at, c.answered_through_seq, c.last_contact_seq
  from conversations c
  where c.workspace_id = $1 and c.created_at >= $2 and c.created_at < $3 and c.contact_messages > 0
    and ($4::bigint is null or c.shop_id = $4) and ($5::bigint[] is null or c.shop_id = any($5))
), facts as (
  select b.id, b.shop_id, b.created_at,
    p.is_person, p.is_answered as is_greeted, b.status = 'closed' or b.last_message_at < now() - interval '{SILENT_MINUTES} minutes' as is_over,
    p.is_answered and b.answered_through_seq >= b.last_contact_seq and coalesce(t.is_told, true) as is_answered,
    coalesce(g.score = 'bad', false) or coalesce(f.is_bad, false) as is_bad,
    coalesce(g.score = 'good', false) or coalesce(f.is_good, false) or coalesce(w.is_thanks, false) as is_good,
    exists (select 1 from conversations n where n.workspace_id = $1 and n.identity_id = b.identity_id and n.id > b.id
      and n.contact_messages > 0 and n.created_at < b.last_message_at + interval '{RETURN_HOURS} hours') as is_back
  from begun b
  left join ratings g on g.workspace_id = $1 and g.conversation_id = b.id
  cross join lateral (
    select coalesce(bool_or(m.author = 'agent' or m.author = 'system'
        and m.payload->>'code' in ('queued', 'outside_hours', 'taken_over')), false) as is_person,
      coalesce(bool_or(m.author = 'assistant'), false) as is_answered
    from messages m where m.conversation_id = b.id) p
  left join lateral (
    select bool_or(v.verdict = 'up') as is_good, bool_or(v.verdict <> 'up') as is_bad
    from messages m join message_feedback v on v.workspace_id = m.workspace_id and v.message_id = m.id
    where m.conversation_id = b.id and m.author = 'assistant') f on true
  left join lateral (
    select m.seq, length(m.text) <= 40 and m.text ~* '{_THANKS}' and m.text !~* '{_NOT_THANKS}' as is_thanks
    from messages m where m.conversation_id = b.id and m.author = 'contact' and m.type = 'text'
      and exists (select 1 from messages a where a.conversation_id = b.id and a.author = 'assistant' and a.seq < m.seq)
    order by m.seq desc limit 1) w on true
  -- The last answer that had something to look up, thanks aside: did the knowledge answer it?
  left join lateral (
    select (r.data->'decision'->>'answer')::boolean as is_told
    from messages m join traces r on r.workspace_id = m.workspace_id and r.id = m.trace_id
    where m.conversation_id = b.id and m.author = 'assistant' and r.data ? 'found'
      and not (coalesce(w.is_thanks, false) and m.seq > w.seq)
      and jsonb_array_length(r.data->'found') > 0 order by m.seq desc limit 1) t on true
), fates as (
  select id, shop_id, created_at, is_greeted, case
    when is_person then 'person'
    when not is_over and not is_good then 'open'
    when is_bad or not is_answered then 'not_helped'
    when is_back then 'returned'
    when is_good then 'confirmed'
    else 'assumed' end as fate
  from facts
)
"""


@dataclass(frozen=True)
class Days:
    """From `start` to `end` (UTC, half open); `zone` names the workspace's days."""

    start: datetime
    end: datetime
    zone: str
    shop_id: int | None = None
    shops: list[int] | None = None


@dataclass(frozen=True)
class Counted:
    """Conversations by what became of them, over a shop, a day, or everything."""

    counts: dict[Key, int]

    @property
    def total(self) -> int:
        """All that are over: what shares are taken of."""
        return sum(self.counts[key] for key in KEYS if key != "open")

    def share(self, *keys: Key) -> float | None:
        """None where nothing is over yet."""
        return sum(self.counts[key] for key in keys) / self.total if self.total else None


@dataclass(frozen=True)
class Resolution:
    whole: Counted
    by_shop: tuple[tuple[int, str, Counted], ...]
    by_day: tuple[tuple[date, Counted], ...]


async def count_resolution(tx: Transaction, workspace_id: int, days: Days) -> Resolution:
    """Everything at once, by shop (id, name) and by day of the workspace's time zone."""
    rows = await tx.fetch(
        f"{FACTS} select f.fate, f.shop_id, s.name as shop, (f.created_at at time zone $6)::date as day, count(*)::int as n"
        " from fates f join shops s on s.workspace_id = $1 and s.id = f.shop_id group by 1, 2, 3, 4 order by 4, 2",
        workspace_id,
        days.start,
        days.end,
        days.shop_id,
        days.shops,
        days.zone,
    )
    shops = {row["shop_id"]: row["shop"] for row in rows}
    dates = sorted({row["day"] for row in rows})
    return Resolution(
        _sum(rows),
        tuple((id, name, _sum([row for row in rows if row["shop_id"] == id])) for id, name in sorted(shops.items())),
        tuple((day, _sum([row for row in rows if row["day"] == day])) for day in dates),
    )


def _sum(rows: list[Any]) -> Counted:
    counts: dict[Key, int] = dict.fromkeys(KEYS, 0)
    for row in rows:
        counts[row["fate"]] += row["n"]
    return Counted(counts)


async def list_resolved(
    tx: Transaction, workspace_id: int, days: Days, key: Key, before_id: int, limit: int
) -> list[int]:
    """Ids of the conversations behind a number, newest first."""
    rows = await tx.fetch(
        f"{FACTS} select id from fates where fate = $6 and id < $7 order by id desc limit $8",
        workspace_id,
        days.start,
        days.end,
        days.shop_id,
        days.shops,
        key,
        before_id,
        limit,
    )
    return [row["id"] for row in rows]
