"""What the tests of pairs share: a document that is learned, and a pair of it."""

from collections.abc import Sequence
from typing import Any

from tests.conftest import Ground
from yingke.kit.db import Database
from yingke.knowledge.pairs.propose_pair import propose_pair


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


async def change(db: Database, workspace_id: int, statement: str, *values: Any) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(statement, *values)
