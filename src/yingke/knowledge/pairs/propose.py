"""Makes pairs from a document that has just gone live: a job of its own, in small steps, that goes on where it died."""

import asyncio
from dataclasses import dataclass

import structlog

from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import Job
from yingke.knowledge.fold import fold
from yingke.knowledge.pairs.draft import Draft, Source
from yingke.knowledge.pairs.from_model import BadAnswer, pairs_by_model
from yingke.knowledge.pairs.model_door import ModelDoor, Writer
from yingke.knowledge.pairs.propose_pair import propose_pair
from yingke.knowledge.pairs.retire import retire_pairs
from yingke.knowledge.pairs.rules import rules
from yingke.knowledge.title import show_title
from yingke.models.contract import ModelError

log = structlog.get_logger("pairs")

PROPOSE = "propose_pairs"
MOST_PAIRS = 200
"""Of one document: what a person can look through."""
MOST_ROW_PAIRS = 90
MOST_MODEL_CALLS = 60
MOST_MODEL_FAILURES = 3
BATCH = 20
BREATH_SECONDS = 0.02
SHORTEST_FOR_MODEL = 30


@dataclass
class Run:
    """One document's version: passages below the ordinal `done` are read, `made` pairs proposed."""

    workspace_id: int
    document_id: int
    version: int
    title: str
    done: int
    total: int
    made: int
    rows_left: int
    calls_left: int = MOST_MODEL_CALLS
    failures_left: int = MOST_MODEL_FAILURES


async def propose_pairs(db: Database, door: ModelDoor, job: Job) -> None:
    """The handler of jobs of kind "propose_pairs", data {document_id, version}. Idempotent; stops at 200 pairs."""
    run = await _begin(db, job)
    if run is None:
        return
    writer = await door.find_writer(db, run.workspace_id)
    while run.done < run.total and run.made < MOST_PAIRS:
        batch = await _read(db, run, 1 if writer is not None else BATCH)
        if not batch:
            break
        drafts = await _drafts(run, writer, batch)
        if not await _record(db, run, drafts):
            return
        await asyncio.sleep(BREATH_SECONDS)
    await _finish(db, run)


async def _begin(db: Database, job: Job) -> Run | None:
    """None when a newer version, or none, is live."""
    document_id, version = int(job.data["document_id"]), int(job.data["version"])
    async with db.transaction(job.workspace_id) as tx:
        row = await tx.fetchrow(
            "select d.name, (select max(ordinal) + 1 from passages p where p.workspace_id = $1 and p.document_id = $2"
            "   and p.is_live and p.version = $3) as total,"
            " (select count(*) from qa_pairs q where q.workspace_id = $1 and q.document_id = $2"
            "   and q.deleted_at is null and q.state in ('proposed', 'live') and q.maker like 'rule:row%') as of_rows"
            " from documents d"
            " where d.workspace_id = $1 and d.id = $2 and d.deleted_at is null",
            job.workspace_id,
            document_id,
            version,
        )
        if row is None or not row["total"]:
            return None
        await retire_pairs(tx, job.workspace_id, document_id)
        run = await tx.fetchrow(
            "insert into pair_runs (workspace_id, document_id, version, total) values ($1, $2, $3, $4)"
            " on conflict (workspace_id, document_id) do update set version = $3, total = $4, updated_at = now(),"
            " done = case when pair_runs.version = $3 then pair_runs.done else 0 end,"
            " made = case when pair_runs.version = $3 then pair_runs.made else 0 end,"
            " is_finished = pair_runs.version = $3 and pair_runs.is_finished"
            " returning done, made, is_finished",
            job.workspace_id,
            document_id,
            version,
            row["total"],
        )
    if run["is_finished"]:
        return None
    title = show_title(row["name"])
    rows_left = MOST_ROW_PAIRS - row["of_rows"]
    return Run(job.workspace_id, document_id, version, title, run["done"], row["total"], run["made"], rows_left)


async def _read(db: Database, run: Run, limit: int) -> list[Source]:
    """The next passages in reading order; table rows only as long as pairs are made of them."""
    async with db.transaction(run.workspace_id) as tx:
        rows = await tx.fetch(
            "select ordinal, kind, heading, text, row, content_hash from passages where workspace_id = $1"
            " and document_id = $2 and version = $3 and is_live and ordinal >= $4 and (kind <> 'row' or $5)"
            " order by ordinal limit $6",
            run.workspace_id,
            run.document_id,
            run.version,
            run.done,
            run.rows_left > 0,
            limit,
        )
    return [Source(**dict(row), title=run.title) for row in rows]


async def _drafts(run: Run, writer: Writer | None, batch: list[Source]) -> list[tuple[Source, list[Draft]]]:
    """A model reads prose; tables and written questions speak for themselves. Rules step in where it fails."""
    if writer is None:
        return await asyncio.to_thread(lambda: [(source, rules(source)) for source in batch])
    found = []
    for source in batch:
        written = await _written(run, writer, source)
        found.append((source, rules(source) if written is None else written))
    return found


async def _written(run: Run, writer: Writer, source: Source) -> list[Draft] | None:
    """None where the model is not asked or fails."""
    is_prose = source.kind == "text" and len(source.text) >= SHORTEST_FOR_MODEL
    if not is_prose or run.calls_left <= 0 or run.failures_left <= 0:
        return None
    run.calls_left -= 1
    try:
        drafts = await pairs_by_model(writer, source)
    except (ModelError, BadAnswer) as problem:
        run.failures_left -= 1
        log.info("pairs made by rules instead", document=run.document_id, problem=type(problem).__name__)
        return None
    run.failures_left = MOST_MODEL_FAILURES
    return drafts


async def _record(db: Database, run: Run, found: list[tuple[Source, list[Draft]]]) -> bool:
    """False when the version is no longer the live one: what is live now has a job of its own."""
    async with db.transaction(run.workspace_id) as tx:
        held = await tx.fetchval(
            "select done from pair_runs where workspace_id = $1 and document_id = $2 and version = $3 for update",
            run.workspace_id,
            run.document_id,
            run.version,
        )
        if held != run.done:
            return False
        made = await _propose(tx, run, found)
        done = found[-1][0].ordinal + 1
        await tx.execute(
            "update pair_runs set done = $3, made = made + $4, updated_at = now()"
            " where workspace_id = $1 and document_id = $2",
            run.workspace_id,
            run.document_id,
            done,
            made,
        )
    run.done = done
    run.made += made
    return True


async def _propose(tx: Transaction, run: Run, found: list[tuple[Source, list[Draft]]]) -> int:
    """A question is asked once a document; the first passage that settles it gives the answer."""
    standing = await tx.fetch(
        "select questions[1] as question from qa_pairs where workspace_id = $1 and document_id = $2"
        " and deleted_at is null and state in ('proposed', 'live')",
        run.workspace_id,
        run.document_id,
    )
    asked = {fold(row["question"]) for row in standing}
    made = 0
    for source, drafts in found:
        for draft in drafts:
            question = fold(draft.questions[0])
            is_of_row = draft.maker.startswith("rule:row")
            if question in asked or run.made + made >= MOST_PAIRS or (is_of_row and run.rows_left <= 0):
                continue
            pair_id = await propose_pair(
                tx,
                run.workspace_id,
                questions=draft.questions,
                answer=draft.answer,
                origin="document",
                maker=draft.maker,
                document_id=run.document_id,
                source_hash=source.content_hash,
                source_heading=source.heading,
                source_quote=draft.quote,
            )
            asked.add(question)
            made += pair_id is not None
            run.rows_left -= is_of_row and pair_id is not None
    return made


async def _finish(db: Database, run: Run) -> None:
    async with db.transaction(run.workspace_id) as tx:
        await tx.execute(
            "update pair_runs set is_finished = true, done = total, updated_at = now()"
            " where workspace_id = $1 and document_id = $2 and version = $3",
            run.workspace_id,
            run.document_id,
            run.version,
        )
