"""Lists of what customers ask, for the screen: how often, how it ended, and whether the knowledge answers it today."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found

View = Literal["frequent", "gaps", "badly_rated", "worth", "dismissed"]
_CURSOR = re.compile(r"([0-9]{1,9})-([0-9]{1,19})")
SAMPLES = 3

# What is asked often and answered by nothing is worth most; what is half answered half as much.
_WORTH = "a.times * case c.coverage when 'none' then 2 when 'partly' then 1 else 0 end"
_OPEN = "c.dismissed_at is null"
# Between the question and the next check of the knowledge, what became of it tells.
_UNCOVERED = (
    f"{_OPEN} and (c.coverage in ('none', 'partly')"
    " or c.coverage = 'unknown' and a.unanswered + a.handed_off + a.by_agent > 0)"
)
_VIEWS: dict[str, tuple[str, str]] = {
    "frequent": (_OPEN, "a.times"),
    "gaps": (_UNCOVERED, "a.times"),
    "badly_rated": (f"{_OPEN} and a.badly_rated > 0", "a.badly_rated"),
    "worth": (f"{_OPEN} and c.coverage in ('none', 'partly')", _WORTH),
    "dismissed": ("c.dismissed_at is not null", "a.times"),
}
"""View → (which clusters, what they are ordered by)."""


@dataclass(frozen=True)
class Span:
    """What is looked at: asked in [start, end), in one shop or in all that `shops` allow (None = every shop)."""

    start: datetime
    end: datetime
    shop_id: int | None = None
    shops: list[int] | None = None


_ASKED = """
with asked as (
  select cluster_id,
    count(*) filter (where asked_at >= $2)::int as times, count(*) filter (where asked_at < $2)::int as times_before,
    count(*) filter (where asked_at >= $2 and outcome = 'answered')::int as answered,
    count(*) filter (where asked_at >= $2 and outcome = 'unanswered')::int as unanswered,
    count(*) filter (where asked_at >= $2 and outcome = 'handed_off')::int as handed_off,
    count(*) filter (where asked_at >= $2 and outcome = 'by_agent')::int as by_agent,
    count(*) filter (where asked_at >= $2 and outcome = 'badly_rated')::int as badly_rated,
    max(asked_at) as last_at
  from asked_questions
  where workspace_id = $1 and cluster_id is not null and asked_at >= $2 - ($3::timestamptz - $2::timestamptz) and asked_at < $3
    and ($4::bigint is null or shop_id = $4) and ($5::bigint[] is null or shop_id is null or shop_id = any($5))
  group by cluster_id
)
"""


def read_place(after: str | None) -> tuple[int, int]:
    """The cursor of a list; raises 400."""
    if after is None:
        return 2**31 - 1, 2**63 - 1
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise bad_input({"after": "not a cursor of this list / 不是本列表给出的游标"})
    return int(found[1]), min(int(found[2]), 2**63 - 1)


async def list_clusters(
    tx: Transaction, workspace_id: int, view: View, span: Span, place: tuple[int, int], limit: int
) -> list[Any]:
    """Clusters asked in `span`, the first by the view's order; `rank` goes into the cursor."""
    which, order = _VIEWS[view]
    rows = await tx.fetch(
        f"{_ASKED} select c.id, c.question, c.coverage, c.confidence, c.shop_id, c.answered_at, c.dismissed_at, a.*,"
        f" ({order})::int as rank from asked a join question_clusters c on c.workspace_id = $1 and c.id = a.cluster_id"
        f" where a.times > 0 and {which} and (({order})::int, c.id) < ($6, $7) order by rank desc, c.id desc limit $8",
        workspace_id,
        span.start,
        span.end,
        span.shop_id,
        span.shops,
        *place,
        limit,
    )
    return list(rows)


async def count_asked(tx: Transaction, workspace_id: int, span: Span) -> Any:
    """total, covered (by what the knowledge answers today), unsorted: numbers over everything asked in `span`."""
    return await tx.fetchrow(
        "select count(*)::int as total, count(*) filter (where c.coverage = 'covered')::int as covered,"
        " count(*) filter (where q.cluster_id is null)::int as unsorted,"
        " count(*) filter (where q.outcome = 'badly_rated')::int as badly_rated"
        " from asked_questions q left join question_clusters c on c.workspace_id = q.workspace_id and c.id = q.cluster_id"
        " where q.workspace_id = $1 and q.asked_at >= $2 and q.asked_at < $3 and ($4::bigint is null or q.shop_id = $4)"
        " and ($5::bigint[] is null or q.shop_id is null or q.shop_id = any($5))",
        workspace_id,
        span.start,
        span.end,
        span.shop_id,
        span.shops,
    )


async def list_samples(
    tx: Transaction, workspace_id: int, cluster_ids: Sequence[int], shops: list[int] | None, each: int = SAMPLES
) -> dict[int, list[Any]]:
    """Cluster → its newest questions, those that went wrong first; each wording once."""
    rows = await tx.fetch(
        "select q.* from unnest($2::bigint[]) c(id) cross join lateral (select * from ("
        "  select distinct on (a.text) a.id, a.cluster_id, a.text, a.outcome, a.asked_at, a.conversation_id,"
        "    a.past_conversation_id, a.seq, a.origin from asked_questions a"
        "  where a.workspace_id = $1 and a.cluster_id = c.id and ($3::bigint[] is null or a.shop_id is null or a.shop_id = any($3))"
        "  order by a.text, a.outcome = 'answered', a.asked_at desc) each"
        "  order by outcome = 'answered', asked_at desc limit $4) q",
        workspace_id,
        list(cluster_ids),
        shops,
        each,
    )
    samples: dict[int, list[Any]] = {}
    for row in rows:
        samples.setdefault(row["cluster_id"], []).append(row)
    return samples


async def get_cluster(tx: Transaction, workspace_id: int, cluster_id: int) -> Any:
    """Raises 404."""
    row = await tx.fetchrow(
        "select * from question_clusters where workspace_id = $1 and id = $2", workspace_id, cluster_id
    )
    if row is None:
        raise not_found()
    return row


async def list_wordings(tx: Transaction, workspace_id: int, cluster_id: int, limit: int) -> list[str]:
    """In how many words the same was asked: the most usual first."""
    rows = await tx.fetch(
        "select text from asked_questions where workspace_id = $1 and cluster_id = $2"
        " group by text order by count(*) desc, max(asked_at) desc limit $3",
        workspace_id,
        cluster_id,
        limit,
    )
    return [row["text"] for row in rows]
