"""Finds pairs that ask the same, so that a person can merge them: a job, bounded, after pairs were written."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database
from yingke.kit.jobs import Job
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.qa_pairs import ENCODED_QUESTIONS, mean_directions

ALIKE = 0.85
"""Cosine of the mean directions of two pairs' phrasings. Measured on questions of shoppers: what asks the same in other
words lies at 0.55–0.89, what asks something else at 0.40–0.84; only what is all but the same is shown."""
MOST_PAIRS = 20_000
BATCH = 64
ROWS_AT_ONCE = 256
_EITHER = re.compile(r"(.)不\1")  # 能不能, 是不是: a question, not a denial
_TELLING = re.compile(r"[a-z0-9]+|[红黄蓝绿黑白灰粉紫橙棕青]色?|不")
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Standing:
    """A proposed or live pair, as it is compared. `place` is the passage it was made from, if any."""

    id: int
    is_live: bool
    is_new: bool
    phrasings: frozenset[str]
    telling: frozenset[str]
    shop_ids: frozenset[int] | None
    place: tuple[int, bytes] | None


@dataclass(frozen=True, slots=True)
class Likeness:
    """`pair_id` asks the same as `other_id`, which was there before."""

    pair_id: int
    other_id: int
    similarity: float


async def find_duplicates(db: Database, encoder: Encoder, job: Job) -> None:
    """The handler of jobs of kind "pair_duplicates". Encodes what has no direction yet, then compares what is new."""
    while await _encode(db, encoder, job.workspace_id):
        pass
    async with db.transaction(job.workspace_id) as tx:
        rows = await tx.fetch(
            "select id, state, questions, shop_ids, document_id, source_hash, vector, compared_at from qa_pairs"
            " where workspace_id = $1 and state in ('proposed', 'live') and deleted_at is null"
            " and vector is not null order by id desc limit $2",
            job.workspace_id,
            MOST_PAIRS,
        )
        apart = await tx.fetch(
            "select left_id, right_id from qa_pairs_distinct where workspace_id = $1", job.workspace_id
        )
    if not any(row["compared_at"] is None for row in rows):
        return
    told_apart = {(row["left_id"], row["right_id"]) for row in apart}
    found = await asyncio.to_thread(_compare, rows, told_apart)
    await _record(db, job.workspace_id, [row["id"] for row in rows if row["compared_at"] is None], found)


async def _encode(db: Database, encoder: Encoder, workspace_id: int) -> bool:
    """One batch; False when none is left. A live pair's direction is that of its passage."""
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update qa_pairs q set vector = p.embedding from passages p where q.workspace_id = $1 and q.vector is null"
            " and q.state = 'live' and q.deleted_at is null and p.workspace_id = $1 and p.qa_pair_id = q.id",
            workspace_id,
        )
        rows = await tx.fetch(
            "select id, questions from qa_pairs where workspace_id = $1 and state in ('proposed', 'live')"
            " and deleted_at is null and vector is null order by id limit $2",
            workspace_id,
            BATCH,
        )
    if not rows:
        return False
    vectors = await mean_directions(encoder, [row["questions"] for row in rows])
    async with db.transaction(workspace_id) as tx:
        await tx.executemany(
            "update qa_pairs set vector = $3 where id = $1 and questions = $2",
            [(row["id"], row["questions"], vector) for row, vector in zip(rows, vectors, strict=True)],
        )
    return True


def _compare(rows: Sequence[Any], told_apart: set[tuple[int, int]]) -> list[Likeness]:
    """For each new pair the one most like it, if any is alike enough. `rows` newest first."""
    pairs = [_standing(row) for row in rows]
    vectors = np.asarray([row["vector"] for row in rows], dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    by_phrasing: dict[str, list[int]] = {}
    for at, pair in enumerate(pairs):
        for text in pair.phrasings:
            by_phrasing.setdefault(text, []).append(at)
    fresh = [at for at, pair in enumerate(pairs) if pair.is_new]
    found: dict[int, Likeness] = {}
    for start in range(0, len(fresh), ROWS_AT_ONCE):
        part = fresh[start : start + ROWS_AT_ONCE]
        near = vectors[part] @ vectors.T
        for row, at in zip(near, part, strict=True):
            for text in pairs[at].phrasings:
                row[by_phrasing[text]] = 1.0
            _keep_best(pairs, at, row, told_apart, found)
    return list(found.values())


def _keep_best(
    pairs: Sequence[Standing], at: int, near: Matrix, told_apart: set[tuple[int, int]], found: dict[int, Likeness]
) -> None:
    """The likeness is noted at the pair that came later; a live pair stands before a proposed one."""
    candidates = np.flatnonzero(near >= ALIKE)
    for other in candidates[np.argsort(-near[candidates], kind="stable")]:
        one, two = pairs[at], pairs[int(other)]
        if one.id == two.id or not _may_be_same(one, two, float(near[other])):
            continue
        if (min(one.id, two.id), max(one.id, two.id)) in told_apart:
            continue
        before, after = sorted((one, two), key=lambda pair: (not pair.is_live, pair.id))
        if after.id not in found or found[after.id].similarity < near[other]:
            found[after.id] = Likeness(after.id, before.id, min(1.0, float(near[other])))
        return


def _may_be_same(one: Standing, two: Standing, similarity: float) -> bool:
    """Rows of one table, other figures, codes or colours, and other shops are other questions."""
    if one.place and two.place and one.place[0] == two.place[0] and one.place != two.place and similarity < 1:
        return False
    if one.shop_ids is not None and two.shop_ids is not None and not one.shop_ids & two.shop_ids:
        return False
    return similarity >= 1 or one.telling == two.telling


def _standing(row: Any) -> Standing:
    folded = [re.sub(r"[\s?？!！。.,，~～]+", "", fold(text)) for text in row["questions"][:ENCODED_QUESTIONS]]
    place = (row["document_id"], row["source_hash"]) if row["document_id"] and row["source_hash"] else None
    return Standing(
        row["id"],
        row["state"] == "live",
        row["compared_at"] is None,
        frozenset(filter(None, folded)),
        frozenset(_TELLING.findall(_EITHER.sub(r"\1", fold(row["questions"][0])))),
        frozenset(row["shop_ids"]) if row["shop_ids"] is not None else None,
        place,
    )


async def _record(db: Database, workspace_id: int, looked_at: list[int], found: list[Likeness]) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update qa_pairs set compared_at = now(), duplicate_of = null, similarity = null where id = any($1)",
            looked_at,
        )
        await tx.executemany(
            "update qa_pairs set duplicate_of = $2, similarity = $3 where id = $1"
            " and state in ('proposed', 'live') and deleted_at is null",
            [(one.pair_id, one.other_id, one.similarity) for one in found],
        )
