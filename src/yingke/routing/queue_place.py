"""Where a waiting visitor stands and for how long, as far as anybody can honestly say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.routing.presence import is_anybody_there
from yingke.routing.queue_rules import QueueRules

LOOK_BACK_MINUTES = 30
FEWEST_TAKE_OVERS = 3
EVENTS_READ = 2000


@dataclass(frozen=True)
class Place:
    """`position` counts from 1. `eta_seconds` is None when there is too little to tell it from, or nobody is there."""

    position: int
    eta_seconds: int | None


async def queue_place(tx: Transaction, workspace_id: int, conversation_id: int) -> Place | None:
    """None when the conversation does not wait in a queue."""
    return (await queue_places(tx, workspace_id, [conversation_id])).get(conversation_id)


async def queue_places(tx: Transaction, workspace_id: int, conversation_ids: Sequence[int]) -> dict[int, Place]:
    """Places of several conversations of one workspace; who waits no more is left out.

    Each group has its own queue, and each shop one for what belongs to no group; whoever is more urgent stands before.
    """
    step = await tx.fetchval(
        "select coalesce((select step_minutes from routing_settings where workspace_id = $1), $2)",
        workspace_id,
        QueueRules.step_minutes,
    )
    rows = await tx.fetch(
        "select id, shop_id, group_id, position from (select id, shop_id, group_id, row_number() over ("
        "partition by group_id, case when group_id is null then shop_id end order by queued_at"
        " - make_interval(mins => coalesce(priority, 0) * $3::int), id) as position from conversations"
        " where workspace_id = $1 and status = 'open' and queued_at is not null) w where id = any($2)",
        workspace_id,
        list(conversation_ids),
        step,
    )
    gaps: dict[tuple[int | None, int], float | None] = {}
    for key in {(row["group_id"], row["shop_id"]) for row in rows}:
        gaps[key] = await _seconds_per_customer(tx, workspace_id, *key)
    return {
        row["id"]: Place(row["position"], _eta(row["position"], gaps[row["group_id"], row["shop_id"]])) for row in rows
    }


def _eta(position: int, gap: float | None) -> int | None:
    """Rounded up to half minutes: more precision than that would be invented."""
    return None if gap is None else math.ceil(position * gap / 30) * 30


async def _seconds_per_customer(tx: Transaction, workspace_id: int, group_id: int | None, shop_id: int) -> float | None:
    """How often somebody was taken out of this queue in the last half hour, among the newest events."""
    if not await is_anybody_there(tx, workspace_id, shop_id):
        return None
    row = await tx.fetchrow(
        "select count(*) as taken, extract(epoch from now() - min(created_at))::float8 as seconds from"
        " (select type, data, created_at from events where workspace_id = $1 order by tx desc, id desc limit $2) e"
        " where type = 'conversation_taken_over' and data->>'from' = 'queue' and case when $5::text is null"
        " then data->>'shop_id' = $3 and data->>'group_id' is null else data->>'group_id' = $5 end"
        " and created_at > now() - make_interval(mins => $4)",
        workspace_id,
        EVENTS_READ,
        str(shop_id),
        LOOK_BACK_MINUTES,
        str(group_id) if group_id is not None else None,
    )
    if row is None or row["taken"] < FEWEST_TAKE_OVERS:
        return None
    return float(row["seconds"]) / int(row["taken"])
