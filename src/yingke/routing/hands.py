"""The agents who could take a conversation now: who is there, how much each has and may have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction
from yingke.routing.judge import Group
from yingke.routing.presence import ONLINE_SECONDS
from yingke.routing.queue_rules import QueueRules

MISSED_SECONDS = 300
"""So long an agent who let a conversation lapse comes after his colleagues."""


@dataclass(frozen=True)
class Hand:
    """An agent seen within 30 s. `shops` None = every shop; `has` counts his open conversations."""

    agent_id: int
    work_name: str
    state: str
    has: int
    most: int
    given_at: datetime | None
    has_missed: bool
    shops: frozenset[int]
    unanswered: int = 0
    longest_since: datetime | None = None
    """Of his conversations those in which the customer waits for a reply, and since when the first of them."""

    @property
    def has_room(self) -> bool:
        return self.state == "online" and self.has < self.most


async def load_hands(tx: Transaction, workspace_id: int, rules: QueueRules) -> list[Hand]:
    """Everybody who is connected and not "offline" by his own choice, by id; one query."""
    rows = await tx.fetch(
        "select a.id, a.work_name, seen.state, coalesce(l.most_open, $2) as most, l.given_at,"
        " coalesce(l.missed_at > now() - make_interval(secs => $4), false) as has_missed,"
        " (select count(*) from conversations c where c.workspace_id = $1 and c.agent_id = a.id and c.status = 'open'"
        " and c.handled_by = 'agent') as has, w.unanswered, w.longest_since,"
        " array(select s.id from shops s where s.workspace_id = $1 and (s.all_agents or exists (select 1 from"
        " shop_agents x where x.workspace_id = $1 and x.shop_id = s.id and x.agent_id = a.id))) as shops"
        " from agents a join lateral (select p.state, p.last_seen from agent_presence p"
        " where p.workspace_id = a.workspace_id and p.agent_id = a.id order by p.last_seen desc limit 1) seen on true"
        " cross join lateral (select count(*) as unanswered, min(c.waiting_since) as longest_since from conversations c"
        " where c.workspace_id = $1 and c.agent_id = a.id and c.status = 'open' and c.handled_by = 'agent'"
        " and c.waiting_since is not null) w"
        " left join agent_loads l on l.workspace_id = a.workspace_id and l.agent_id = a.id"
        " where a.workspace_id = $1 and a.disabled_at is null and seen.state <> 'offline'"
        " and seen.last_seen > now() - make_interval(secs => $3) order by a.id",
        workspace_id,
        rules.most_open,
        ONLINE_SECONDS,
        MISSED_SECONDS,
    )
    return [
        Hand(
            row["id"], row["work_name"], row["state"], row["has"], row["most"], row["given_at"], row["has_missed"],
            frozenset(row["shops"]), row["unanswered"], row["longest_since"],
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """`hand` None: those who would take it are there and full. `source`: group, fallback or shop."""

    hand: Hand | None
    source: str
    candidates: int


def choose_hand(
    hands: Sequence[Hand],
    shop_id: int,
    group: Group | None,
    fallback: Group | None,
    passed: Sequence[int] = (),
) -> Choice:
    """The one with the least in hand for his weight, of equals the one who has had nothing for longest.

    Of the group; when nobody of it is there, of the fallback group; then everybody who serves the shop. `passed`:
    agents who let this conversation lapse.
    """
    for source, chosen in (("group", group), ("fallback", fallback), ("shop", None)):
        if source != "shop" and chosen is None:
            continue
        weights = chosen.weights if chosen is not None else {}
        there = [
            hand
            for hand in hands
            if (hand.agent_id in weights if chosen is not None else shop_id in hand.shops)
            and hand.state in ("online", "busy")
            and hand.agent_id not in passed
        ]
        if not there and source != "shop":
            continue
        free = [hand for hand in there if hand.has_room]
        best = min(free, key=lambda hand: _rank(hand, weights.get(hand.agent_id, 1)), default=None)
        return Choice(best, source, len(free))
    return Choice(None, "shop", 0)


def _rank(hand: Hand, weight: int) -> tuple[bool, float, float, int]:
    idle_since = hand.given_at.timestamp() if hand.given_at is not None else 0.0
    return hand.has_missed, hand.has / weight, idle_since, hand.agent_id
