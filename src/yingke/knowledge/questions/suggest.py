"""What agents said to the questions of a cluster: the answer that several gave alike comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.kit.db import Transaction
from yingke.knowledge.fold import fold
from yingke.knowledge.terms import bigrams

ALIKE = 0.5
MOST = 3
_LOOKED_AT = 100


@dataclass(slots=True)
class Suggestion:
    """`times`: so many agents' answers say about the same; `pair_id` is the proposed pair of the newest."""

    answer: str
    times: int
    pair_id: int
    conversation_id: int | None


async def suggest_answers(tx: Transaction, workspace_id: int, cluster_id: int) -> list[Suggestion]:
    """At most three, from the pairs proposed out of the cluster's conversations."""
    rows = await tx.fetch(
        "select p.id, p.answer, p.conversation_id from qa_pairs p where p.workspace_id = $1 and p.origin in ('agent', 'past')"
        " and p.state = 'proposed' and p.deleted_at is null and exists (select 1 from asked_questions q"
        "   where q.workspace_id = $1 and q.cluster_id = $2 and q.conversation_id = p.conversation_id"
        "   and q.text = p.questions[1]) order by p.id desc limit $3",
        workspace_id,
        cluster_id,
        _LOOKED_AT,
    )
    return group_alike(rows)


def group_alike(rows: Sequence[Any]) -> list[Suggestion]:
    """Rows with answer, id and conversation_id, the newest first."""
    groups: list[tuple[set[str], Suggestion]] = []
    for row in rows:
        pieces = set(bigrams(fold(row["answer"])))
        for known, group in groups:
            if known and len(known & pieces) / len(known | pieces) >= ALIKE:
                group.times += 1
                break
        else:
            groups.append((pieces, Suggestion(row["answer"], 1, row["id"], row["conversation_id"])))
    return sorted((group for _, group in groups), key=lambda group: -group.times)[:MOST]
