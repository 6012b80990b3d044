"""How often each skill served lately, and how two versions do beside each other; read from traces of recent talks."""

from dataclasses import dataclass
from datetime import datetime

from yingke.kit.db import Transaction

MOST = 5_000
"""So many of the latest conversations are looked at."""
_RECENT = (
    "select id, hand_off_reason from conversations where workspace_id = $1 and last_message_at >= $2"
    f" order by last_message_at desc limit {MOST}"
)


@dataclass(frozen=True, slots=True)
class VersionFigures:
    """Of conversations that the version answered; `good` of `rated` were rated good."""

    number: int
    conversations: int
    handed_over: int
    rated: int
    good: int


async def count_skills(tx: Transaction, workspace_id: int, since: datetime) -> dict[str, int]:
    """Skill → requests that it served in conversations since then; `knowledge` is among them."""
    rows = await tx.fetch(
        f"with recent as materialized ({_RECENT})"
        " select part->>1 as skill, count(*) as served from recent join traces t on t.conversation_id = recent.id"
        " cross join lateral jsonb_array_elements(coalesce(t.data->'skills', '[]')) as part"
        " where t.workspace_id = $1 and t.created_at >= $2 group by 1",
        workspace_id,
        since,
    )
    return {row["skill"]: row["served"] for row in rows}


async def figures_by_version(tx: Transaction, workspace_id: int, since: datetime) -> list[VersionFigures]:
    """0 is the team as built. A conversation counts for every version that answered in it."""
    rows = await tx.fetch(
        f"with recent as materialized ({_RECENT}), served as (select distinct recent.id, recent.hand_off_reason,"
        " coalesce((t.data->>'team')::int, 0) as number from recent join traces t on t.conversation_id = recent.id"
        " where t.workspace_id = $1 and t.created_at >= $2)"
        " select number, count(*) as conversations, count(hand_off_reason) as handed_over, count(r.score) as rated,"
        " count(*) filter (where r.score = 'good') as good from served"
        " left join ratings r on r.workspace_id = $1 and r.conversation_id = served.id group by 1 order by 1",
        workspace_id,
        since,
    )
    return [VersionFigures(**dict(row)) for row in rows]
