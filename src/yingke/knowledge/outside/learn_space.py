"""Gives every passage a vector by the model that a workspace chose, while the embedded encoder goes on serving."""

from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob
from yingke.kit.secrets import SealBroken
from yingke.knowledge.fold import fold
from yingke.knowledge.knowledge_version import raise_version
from yingke.knowledge.outside.choice import lock_choice, write_choice
from yingke.knowledge.outside.outside import OutsideModels
from yingke.knowledge.outside.wish_learn import wish_learn
from yingke.knowledge.read_entries import FOUND, SOURCES
from yingke.models.contract import ModelError, ModelRefused
from yingke.models.embedding import EmbeddingModel

CALL_SECONDS = 60.0
_MISSING = (
    f"from {SOURCES} where p.workspace_id = $1 and p.is_live and {FOUND} and not exists (select 1 from passage_embeddings e"
    " where e.workspace_id = $1 and e.space = $2 and e.passage_id = p.id)"
)


async def learn_space(db: Database, models: OutsideModels, job: Job) -> None:
    """The handler of jobs of kind "learn_space". What was learned stays; run it as often as you like.

    An endpoint that refuses the key stops it, with the reason on the screen; one that is busy or away is asked again.
    """
    workspace_id = job.workspace_id
    async with db.transaction(workspace_id) as tx:
        choice = (await lock_choice(tx, workspace_id)).embedding
        await tx.execute(
            "delete from passage_embeddings e where workspace_id = $1 and (space <> $2 or not exists"
            " (select 1 from passages p where p.workspace_id = $1 and p.id = e.passage_id))",
            workspace_id,
            choice.space if choice else "",
        )
    if choice is None or not choice.is_allowed:
        return
    try:
        model = models.embedding(workspace_id, choice)
        while await _learn_some(db, model, workspace_id, choice.space):
            pass
    except (ModelError, SealBroken) as problem:
        is_final = isinstance(problem, ModelRefused | SealBroken) or job.attempts >= MAX_ATTEMPTS
        await _note(db, workspace_id, choice.space, {"zh": problem.zh, "en": problem.en})
        if is_final:
            return
        raise RetryJob(problem.retry_after or min(300.0, 5 * 2.0**job.attempts), problem.code) from problem
    await _finish(db, workspace_id, choice.space)


async def _learn_some(db: Database, model: EmbeddingModel, workspace_id: int, space: str) -> bool:
    """One batch: read, call with no transaction open, store. False when nothing is left or the choice has changed."""
    async with db.transaction(workspace_id) as tx:
        rows = await tx.fetch(
            f"select p.id, p.search_text {_MISSING} order by p.id limit {model.batch}", workspace_id, space
        )
    if not rows:
        return False
    embedded = await model.embed([fold(row["search_text"]) for row in rows], timeout_s=CALL_SECONDS)
    async with db.transaction(workspace_id) as tx:
        choice = await lock_choice(tx, workspace_id)
        if choice.embedding is None or choice.embedding.space != space:
            return False
        await tx.executemany(
            "insert into passage_embeddings (workspace_id, space, passage_id, embedding) values ($1, $2, $3, $4)"
            " on conflict do nothing",
            [(workspace_id, space, row["id"], vector) for row, vector in zip(rows, embedded.vectors, strict=True)],
        )
        choice.embedding.tokens += embedded.tokens
        choice.embedding.failed = None
        await write_choice(tx, workspace_id, choice)
    return True


async def _finish(db: Database, workspace_id: int, space: str) -> None:
    """From here on every process searches by the new vectors."""
    async with db.transaction(workspace_id) as tx:
        choice = await lock_choice(tx, workspace_id)
        if choice.embedding is None or choice.embedding.space != space:
            return
        learned, total = await count_passages(tx, workspace_id, space)
        if learned < total:
            await wish_learn(tx, workspace_id)
            return
        choice.embedding.is_ready = True
        choice.embedding.failed = None
        await write_choice(tx, workspace_id, choice)
        await raise_version(tx, workspace_id)


async def count_passages(tx: Transaction, workspace_id: int, space: str) -> tuple[int, int]:
    """(with a vector of this space, all) of what can be found."""
    row = await tx.fetchrow(
        "select count(e.passage_id) as learned, count(*) as total"
        f" from {SOURCES} left join passage_embeddings e on e.workspace_id = $1 and e.space = $2 and e.passage_id = p.id"
        f" where p.workspace_id = $1 and p.is_live and {FOUND}",
        workspace_id,
        space,
    )
    return row["learned"], row["total"]


async def _note(db: Database, workspace_id: int, space: str, failed: dict[str, str]) -> None:
    async with db.transaction(workspace_id) as tx:
        choice = await lock_choice(tx, workspace_id)
        if choice.embedding is not None and choice.embedding.space == space:
            choice.embedding.failed = failed
            await write_choice(tx, workspace_id, choice)
