"""Conversations per agent-hour: before (the chats imported from the time before) and now, measured in the same way.

Worked hours are known of neither time, so an agent-hour is an hour of the clock in which an agent said something to a
customer: it stands in the messages of both. Pauses inside such an hour count, hours of silence do not.
"""

from dataclasses import dataclass

from yingke.insights.resolution import FACTS, Days
from yingke.kit.db import Transaction

ENOUGH_HOURS = 20
ENOUGH_TALKS = 50
"""Below either, nothing is claimed."""

DEFINITION = (
    "客服小时：某位客服在某个整点小时内对客户说过话，就记 1 小时（导入的历史和现在用同一种算法；没有工时记录，所以不等于上班时长）。"
    "每客服小时会话数 = 有人或 AI 答复过的会话 ÷ 客服小时。按店铺看时，只算在该店铺说过话的小时。"
    f"任何一边不足 {ENOUGH_HOURS} 个客服小时或 {ENOUGH_TALKS} 段会话，就不下结论。",
    "An agent-hour is an hour of the clock in which an agent said something to a customer, counted alike in the imported"
    " chats and now; worked hours are not known. Conversations answered by a person or the AI, divided by agent-hours. Of one"
    f" shop only hours of talk there count. Below {ENOUGH_HOURS} agent-hours or {ENOUGH_TALKS} conversations on either side"
    " nothing is claimed.",
)
_PAST_OF = (
    " past_conversations c join past_imports i on i.workspace_id = c.workspace_id and i.id = c.import_id and i.state = 'ready'"
    " and ($2::bigint is null or i.shop_id = $2) and ($3::bigint[] is null or i.shop_id = any($3))"
)
_PAST = f"""
with said as (
  select c.id, c.agent_name, m.sender, m.sent_at
  from {_PAST_OF} join past_messages m on m.workspace_id = c.workspace_id and m.past_conversation_id = c.id
  where c.workspace_id = $1 and m.sender in ('agent', 'assistant') and m.sent_at is not null
)
select count(distinct id)::int as conversations, count(distinct id) filter (where sender = 'agent')::int as by_people,
  (select count(*) from (select distinct agent_name, date_trunc('hour', sent_at) from said where sender = 'agent') h)::int as hours
from said
"""
_NOW = f"""{FACTS}, answered as (
  select f.id, p.has_agent from fates f cross join lateral (
    select bool_or(m.author = 'agent') as has_agent from messages m
    where m.conversation_id = f.id and m.author in ('agent', 'assistant')) p
  where f.fate <> 'open' and p.has_agent is not null
)
select count(*)::int as conversations, count(*) filter (where has_agent)::int as by_people,
  (select count(*) from (select distinct m.sender_id, date_trunc('hour', m.created_at) from answered a
    join messages m on m.conversation_id = a.id and m.author = 'agent' and m.sender_id is not null where a.has_agent) h)::int as hours
from answered
"""


@dataclass(frozen=True)
class Pace:
    """`by_people`: conversations in which an agent said something, of all `conversations` that were answered."""

    conversations: int
    by_people: int
    hours: int

    @property
    def is_enough(self) -> bool:
        return self.hours >= ENOUGH_HOURS and self.conversations >= ENOUGH_TALKS

    @property
    def per_hour(self) -> float | None:
        return self.conversations / self.hours if self.is_enough else None


@dataclass(frozen=True)
class Compared:
    before: Pace
    now: Pace

    @property
    def times(self) -> float | None:
        """How many times as many as before; None where either is too little to tell."""
        if self.before.per_hour is None or self.now.per_hour is None:
            return None
        return self.now.per_hour / self.before.per_hour


async def compare_agent_hours(tx: Transaction, workspace_id: int, days: Days) -> Compared:
    """`before` is everything imported, of the shop asked for; `now` the days."""
    past = await tx.fetchrow(_PAST, workspace_id, days.shop_id, days.shops)
    now = await tx.fetchrow(_NOW, workspace_id, days.start, days.end, days.shop_id, days.shops)
    assert past is not None
    assert now is not None
    return Compared(Pace(**dict(past)), Pace(**dict(now)))
