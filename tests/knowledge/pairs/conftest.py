"""What the tests of pairs share: documents that are learned, jobs worked on demand, pairs as the database has them."""

from collections.abc import Sequence
from typing import Any

from tests.conftest import Ground
from tests.learning import Learning
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.pairs.duplicates import find_duplicates
from yingke.knowledge.pairs.model_door import ModelDoor
from yingke.knowledge.pairs.propose import propose_pairs
from yingke.knowledge.pairs.propose_pair import propose_pair
from yingke.models.breaker import Breakers


async def read_pair(ground: Ground, pair_id: int) -> dict[str, Any]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        row = await tx.fetchrow("select * from qa_pairs where id = $1", pair_id)
    assert row is not None
    return dict(row)


async def propose(ground: Ground, questions: Sequence[str], answer: str, **more: Any) -> int | None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return await propose_pair(
            tx, ground.workspace_id, questions=questions, answer=answer, **{"origin": "agent", **more}
        )


async def must_propose(ground: Ground, questions: Sequence[str], answer: str, **more: Any) -> int:
    pair_id = await propose(ground, questions, answer, **more)
    assert pair_id is not None
    return pair_id


async def change(db: Database, workspace_id: int, statement: str, *values: Any) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(statement, *values)


def door_of(outgoing: Outgoing, secrets: Secrets) -> ModelDoor:
    return ModelDoor(outgoing, secrets, Settings(allow_private_urls=True), Breakers())


def job_of(workspace_id: int, kind: str, **data: Any) -> Job:
    return Job(1, workspace_id, "pairs", kind, "", data, 1)


async def make_pairs(ground: Ground, door: ModelDoor, document_id: int) -> list[dict[str, Any]]:
    """Works the job of a document's live version; its pairs in the order they were made."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        version = await tx.fetchval("select max(version) from passages where document_id = $1 and is_live", document_id)
    job = job_of(ground.workspace_id, "propose_pairs", document_id=document_id, version=version)
    await propose_pairs(ground.db, door, job)
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch(
            "select * from qa_pairs where document_id = $1 and deleted_at is null order by id", document_id
        )
    return [dict(row) for row in rows]


async def compare(ground: Ground, learning: Learning) -> None:
    await find_duplicates(ground.db, learning.encoder, job_of(ground.workspace_id, "pair_duplicates"))
