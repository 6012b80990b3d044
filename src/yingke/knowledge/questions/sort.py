"""Sorts what was asked into clusters: encode outside the transaction, then put down where each question went."""

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np

from yingke.kit.db import Database, Transaction
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.questions.place import Cluster, Sorter, concepts_of

BATCH = 64
MOST_CLUSTERS = 20_000
"""The clusters asked most recently take part; older ones keep what they have."""


async def sort_questions(db: Database, encoder: Encoder, workspace_id: int) -> int:
    """Sorts one batch; returns how many questions it held. Run in one process at a time (a lane of jobs); what another
    has sorted meanwhile is left as it is. Raises the 503 Problem when encoder or database are away."""
    async with db.transaction(workspace_id) as tx:
        rows = await tx.fetch(
            "select id, text, asked_at, shop_id from asked_questions where workspace_id = $1 and cluster_id is null"
            " order by id limit $2",
            workspace_id,
            BATCH,
        )
        if not rows:
            return 0
        known = await _load(tx, workspace_id)
    vectors = await encoder.encode_many([fold(row["text"]) for row in rows])
    placed, gone = await asyncio.to_thread(_place, known, [row["text"] for row in rows], vectors)
    async with db.transaction(workspace_id) as tx:
        await _store(tx, workspace_id, rows, placed, gone)
    return len(rows)


def _place(known: Sequence[Any], texts: Sequence[str], vectors: Any) -> tuple[list[Cluster], list[Cluster]]:
    sorter = Sorter(
        [
            Cluster(
                row["id"],
                row["question"],
                np.asarray(row["embedding"], dtype=np.float32),
                row["times"],
                concepts_of(row["question"]),
            )
            for row in known
        ]
    )
    placed = [sorter.place(text, vector) for text, vector in zip(texts, vectors, strict=True)]
    return placed, sorter.join_alike()


async def _load(tx: Transaction, workspace_id: int) -> list[Any]:
    return list(
        await tx.fetch(
            "select id, question, embedding, times from question_clusters where workspace_id = $1"
            " order by last_at desc limit $2",
            workspace_id,
            MOST_CLUSTERS,
        )
    )


async def _store(
    tx: Transaction, workspace_id: int, rows: Sequence[Any], placed: Sequence[Cluster], gone: Sequence[Cluster]
) -> None:
    finals = list({id(one.final): one.final for one in (*placed, *gone)}.values())
    known = [target for target in finals if target.id]
    for target in finals:
        if not target.id:
            target.id = await tx.fetchval(
                "insert into question_clusters (workspace_id, question, embedding, first_at, last_at)"
                " values ($1, $2, $3, now(), now()) returning id",
                workspace_id,
                target.question,
                target.centre,
            )
    for lost in gone:
        if lost.id:
            await move_all(tx, workspace_id, lost.id, lost.final.id)
    await tx.execute(
        "update asked_questions q set cluster_id = n.cluster_id from unnest($2::bigint[], $3::bigint[]) as n (id, cluster_id)"
        " where q.workspace_id = $1 and q.id = n.id and q.cluster_id is null",
        workspace_id,
        [row["id"] for row in rows],
        [cluster.final.id for cluster in placed],
    )
    await tx.executemany(
        "update question_clusters set embedding = $3 where workspace_id = $1 and id = $2",
        [(workspace_id, target.id, target.centre) for target in known],
    )
    await count_again(tx, workspace_id, *(target.id for target in finals))


async def move_all(tx: Transaction, workspace_id: int, cluster_id: int, into_id: int) -> None:
    """All questions of a cluster go to another one, and the empty one goes away."""
    await tx.execute(
        "update asked_questions set cluster_id = $3 where workspace_id = $1 and cluster_id = $2",
        workspace_id,
        cluster_id,
        into_id,
    )
    await tx.execute("delete from question_clusters where workspace_id = $1 and id = $2", workspace_id, cluster_id)


async def count_again(tx: Transaction, workspace_id: int, *cluster_ids: int) -> None:
    """Times, first and last moment and the shop that asks most, from the questions themselves."""
    await tx.execute(
        "update question_clusters c set times = q.times, first_at = coalesce(q.first_at, c.first_at),"
        " last_at = coalesce(q.last_at, c.last_at), shop_id = q.shop_id,"
        # New words asked here may not be covered by what covered the old ones.
        " checked_version = case when q.times > 2 * c.times then null else c.checked_version end"
        " from unnest($2::bigint[]) as n (id), lateral (select count(*)::int as times, min(asked_at) as first_at,"
        "   max(asked_at) as last_at, mode() within group (order by shop_id) as shop_id"
        "   from asked_questions where workspace_id = $1 and cluster_id = n.id) q"
        " where c.workspace_id = $1 and c.id = n.id",
        workspace_id,
        list(cluster_ids),
    )
