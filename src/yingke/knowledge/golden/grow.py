"""Golden questions that grow out of what is there: clusters of questions, pairs, documents."""

from collections.abc import Sequence

from yingke.kit.db import Transaction
from yingke.knowledge.golden.add_golden import NewGolden

MOST_OF_DOCUMENT = 30


async def from_clusters(tx: Transaction, workspace_id: int, cluster_ids: Sequence[int]) -> list[NewGolden]:
    """One each, in the customers' words. Where a person has written the answer, a right answer quotes it."""
    rows = await tx.fetch(
        "select c.question, c.shop_id, c.answered_pair_id, c.coverage,"
        " exists (select 1 from asked_questions q where q.workspace_id = $1 and q.cluster_id = c.id and q.origin = 'live') as is_live"
        " from question_clusters c where c.workspace_id = $1 and c.id = any($2) order by c.id",
        workspace_id,
        list(cluster_ids),
    )
    return [
        NewGolden(
            row["question"],
            shop_id=row["shop_id"],
            qa_pair_id=row["answered_pair_id"],
            origin="gap" if row["is_live"] else "past",
        )
        for row in rows
    ]


async def from_pairs(tx: Transaction, workspace_id: int, pair_ids: Sequence[int]) -> list[NewGolden]:
    """Each pair's question, in its last wording rather than its first where it has several."""
    rows = await tx.fetch(
        "select id, questions, shop_ids, document_id from qa_pairs where workspace_id = $1 and id = any($2)"
        " and deleted_at is null and audience = 'customer' order by id",
        workspace_id,
        list(pair_ids),
    )
    return [
        NewGolden(
            row["questions"][-1],
            shop_id=row["shop_ids"][0] if row["shop_ids"] else None,
            qa_pair_id=None if row["document_id"] is not None else row["id"],
            document_id=row["document_id"],
            origin="document" if row["document_id"] is not None else "person",
        )
        for row in rows
    ]


async def from_document(tx: Transaction, workspace_id: int, document_id: int) -> list[NewGolden]:
    """Questions that the pairs made from a document ask, thirty at most; a right answer quotes the document."""
    rows = await tx.fetch(
        "select id from qa_pairs where workspace_id = $1 and document_id = $2 and deleted_at is null"
        " and state in ('proposed', 'live') and audience = 'customer' order by state = 'live' desc, id limit $3",
        workspace_id,
        document_id,
        MOST_OF_DOCUMENT,
    )
    return await from_pairs(tx, workspace_id, [row["id"] for row in rows])
