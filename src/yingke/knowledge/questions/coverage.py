"""Does the knowledge of today answer what customers ask? The decision that answers customers says so."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from yingke.kit.db import Database, Transaction
from yingke.knowledge.consult import Consulted, consult
from yingke.knowledge.entry import Scope
from yingke.knowledge.library import Library, read_version

Coverage = Literal["covered", "partly", "none"]
BATCH = 40
TRIED = 3
"""Beside the question shown, so many other wordings are tried."""
PAUSE_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Tried:
    """One question put to the knowledge as a customer would put it. `answer` is empty where it does not answer."""

    question: str
    is_answered: bool
    confidence: float
    answer: str


async def try_questions(
    library: Library, workspace_id: int, version: int, questions: Sequence[str], shop_id: int | None
) -> list[Tried]:
    """Nothing is stored. Pauses between questions, so that live answers are never held up."""
    index = await library.index_for(workspace_id, version)
    scope = Scope(datetime.now(UTC), shop_id)
    tried = []
    for question in questions:
        found = await consult(index, library.encoder, [question], scope=scope)
        is_answered = _is_answered(found)
        tried.append(Tried(question, is_answered, found.confidence, found.composed.text if is_answered else ""))
        await asyncio.sleep(PAUSE_SECONDS)
    return tried


def _is_answered(found: Consulted) -> bool:
    return bool(found.findings) and all(finding.decision.answer for finding in found.findings)


def coverage_of(tried: Sequence[Tried]) -> Coverage:
    answered = sum(one.is_answered for one in tried)
    if answered == len(tried):
        return "covered"
    return "partly" if answered else "none"


async def check_coverage(db: Database, library: Library, workspace_id: int) -> int:
    """Checks one batch of clusters against the knowledge of today, the most asked first; returns how many."""
    async with db.transaction(workspace_id) as tx:
        version = await read_version(tx, workspace_id)
        rows = await tx.fetch(
            "select c.id, c.question, c.shop_id, array(select distinct on (md5(q.text)) q.text from asked_questions q"
            "   where q.workspace_id = $1 and q.cluster_id = c.id and q.text <> c.question order by md5(q.text)"
            f"   limit {TRIED}) as others"
            " from question_clusters c where c.workspace_id = $1 and c.dismissed_at is null"
            " and c.checked_version is distinct from $2 order by c.times desc, c.id limit $3",
            workspace_id,
            version,
            BATCH,
        )
    found = [
        await try_questions(library, workspace_id, version, [row["question"], *row["others"]], row["shop_id"])
        for row in rows
    ]
    async with db.transaction(workspace_id) as tx:
        for row, tried in zip(rows, found, strict=True):
            await note_coverage(tx, workspace_id, row["id"], version, tried)
    return len(rows)


async def note_coverage(
    tx: Transaction, workspace_id: int, cluster_id: int, version: int, tried: Sequence[Tried]
) -> None:
    """Puts down what `try_questions` found for a cluster at `version`; the first one tried is the question shown."""
    await tx.execute(
        "update question_clusters set coverage = $3, confidence = $4, checked_version = $5"
        " where workspace_id = $1 and id = $2",
        workspace_id,
        cluster_id,
        coverage_of(tried),
        tried[0].confidence,
        version,
    )
