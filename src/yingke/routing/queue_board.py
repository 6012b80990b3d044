"""The queue at this moment: who waits where and for how long, and what everybody has in hand."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction
from yingke.routing.groups import load_groups
from yingke.routing.hands import Hand, load_hands
from yingke.routing.queue_rules import QueueRules, load_rules


@dataclass(frozen=True)
class Line:
    """One queue. `group_id` None: what belongs to no group. `oldest` is when the first of them was queued."""

    group_id: int | None
    name: str | None
    waiting: int
    urgent: int
    oldest: datetime | None
    members: tuple[int, ...]


@dataclass(frozen=True)
class Board:
    lines: list[Line]
    hands: list[Hand]
    rules: QueueRules


async def read_board(tx: Transaction, workspace_id: int, shops: list[int] | None) -> Board:
    """Of the shops the caller may see (None = all)."""
    rules = await load_rules(tx, workspace_id)
    groups = await load_groups(tx, workspace_id)
    rows = await tx.fetch(
        "select group_id, count(*) as waiting, count(*) filter (where priority > 1) as urgent, min(queued_at) as oldest"
        " from conversations where workspace_id = $1 and status = 'open' and queued_at is not null"
        " and ($2::bigint[] is null or shop_id = any($2)) group by group_id",
        workspace_id,
        shops,
    )
    found = {row["group_id"]: row for row in rows}
    lines = [
        Line(group.id, group.name, *_counts(found.get(group.id)), tuple(sorted(group.weights))) for group in groups
    ]
    if None in found or not groups:
        lines.append(Line(None, None, *_counts(found.get(None)), ()))
    hands = await load_hands(tx, workspace_id, rules)
    if shops is not None:
        hands = [hand for hand in hands if hand.shops & set(shops)]
    return Board(lines, hands, rules)


def _counts(row: "dict[str, object] | None") -> tuple[int, int, datetime | None]:
    if row is None:
        return 0, 0, None
    return row["waiting"], row["urgent"], row["oldest"]  # type: ignore[return-value]
