"""Lets a waiting version of a document live, or holds it because golden questions would get worse."""

from collections.abc import Mapping

from yingke.assistants.engine import Engine
from yingke.assistants.evaluate.compare import Comparison, compare_runs, held_reason, unchecked_reason
from yingke.assistants.evaluate.run_golden import LAST_ATTEMPT, run_golden
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job
from yingke.knowledge.documents import tell_document
from yingke.knowledge.golden.gate import read_gate
from yingke.knowledge.golden.questions import count_golden
from yingke.knowledge.library import Library, read_version
from yingke.knowledge.versions.activate import activate

KIND = "golden_gate"


async def golden_gate(db: Database, engine: Engine, library: Library, job: Job) -> None:
    """The job `golden_gate`, data {document_id, version}. Safe to repeat: a finished check is not made again."""
    workspace_id, document_id, version = job.workspace_id, int(job.data["document_id"]), int(job.data["version"])
    async with db.transaction(workspace_id) as tx:
        gate = await read_gate(tx, workspace_id)
        has_questions = await count_golden(tx, workspace_id) > 0
        is_waiting = await tx.fetchval(
            "select state = 'checking' and version = $3 and deleted_at is null from documents"
            " where workspace_id = $1 and id = $2",
            workspace_id,
            document_id,
            version,
        )
    if not is_waiting:
        await _forget(db, workspace_id, document_id, version)
        return
    if not gate.is_on or not has_questions:
        await activate(db, workspace_id, document_id, version)
        return
    try:
        comparison, run_id = await _check(db, engine, library, workspace_id, document_id, version)
    except Problem as problem:
        if job.attempts < LAST_ATTEMPT:
            raise
        async with db.transaction(workspace_id) as tx:
            await _hold(tx, workspace_id, document_id, version, unchecked_reason(problem))
        return
    if comparison.worse <= gate.most_worse:
        await _set_gate(db, workspace_id, run_id, "passed")
        await activate(db, workspace_id, document_id, version)
    else:
        async with db.transaction(workspace_id) as tx:
            await _hold(tx, workspace_id, document_id, version, held_reason(comparison, gate.most_worse))


async def _check(
    db: Database, engine: Engine, library: Library, workspace_id: int, document_id: int, version: int
) -> tuple[Comparison, int]:
    """(what would change against the knowledge of now, the run)."""
    against = await _baseline(db, engine, workspace_id, document_id)
    async with db.transaction(workspace_id) as tx:
        run_id = await _begin(tx, workspace_id, document_id, version, against)
    index = await library.preview(workspace_id, document_id, version)
    comparison = await run_golden(db, engine, workspace_id, run_id, index)
    if comparison is None:
        # Finished by an attempt that was cut off before it could decide.
        async with db.transaction(workspace_id) as tx:
            comparison = await compare_runs(tx, workspace_id, run_id, against)
    return comparison, run_id


async def _begin(tx: Transaction, workspace_id: int, document_id: int, version: int, against: int) -> int:
    """The run of this version: gone on with after a kill, begun anew when the version is offered again."""
    row = await tx.fetchrow(
        "select id, gate from golden_runs where workspace_id = $1 and kind = 'gate' and document_id = $2"
        " and document_version = $3",
        workspace_id,
        document_id,
        version,
    )
    if row is not None and row["gate"] == "checking":
        return int(row["id"])
    if row is not None:
        await tx.execute("delete from golden_runs where workspace_id = $1 and id = $2", workspace_id, row["id"])
    run_id: int = await tx.fetchval(
        "insert into golden_runs (workspace_id, kind, cause, cause_ref, cause_name, document_id, document_version,"
        " against_id, gate) select $1, 'gate', 'document', $4, d.name, $2, $3, $5, 'checking' from documents d"
        " where d.workspace_id = $1 and d.id = $2 returning id",
        workspace_id,
        document_id,
        version,
        f"document:{show_id(document_id)}",
        against,
    )
    return run_id


async def _baseline(db: Database, engine: Engine, workspace_id: int, document_id: int) -> int:
    """A finished run over the knowledge of now: the last one, or one made for this."""
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow(
            "select id, knowledge_version from golden_runs where workspace_id = $1 and kind = 'full' and state = 'done'"
            " and done = (select count(*) from golden_questions where workspace_id = $1 and deleted_at is null)"
            " and started_at > (select max(updated_at) from golden_questions where workspace_id = $1)"
            " order by id desc limit 1",
            workspace_id,
        )
        if row is not None and row["knowledge_version"] == await read_version(tx, workspace_id):
            return int(row["id"])
        # One that an attempt began before it was cut off goes on.
        run_id: int = await tx.fetchval(
            "select max(id) from golden_runs where workspace_id = $1 and kind = 'full' and state = 'running'"
            " and cause_ref = $2",
            workspace_id,
            f"document:{show_id(document_id)}",
        ) or await tx.fetchval(
            "insert into golden_runs (workspace_id, cause, cause_ref, cause_name, state)"
            " select $1, 'document', $3, name, 'running' from documents where workspace_id = $1 and id = $2 returning id",
            workspace_id,
            document_id,
            f"document:{show_id(document_id)}",
        )
    await run_golden(db, engine, workspace_id, run_id)
    return run_id


async def _set_gate(db: Database, workspace_id: int, run_id: int, gate: str) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update golden_runs set gate = $3 where workspace_id = $1 and id = $2", workspace_id, run_id, gate
        )


async def _hold(tx: Transaction, workspace_id: int, document_id: int, version: int, reason: Mapping[str, str]) -> None:
    held = await tx.fetchval(
        "update documents set state = 'held', reason = $4, updated_at = now() where workspace_id = $1 and id = $2"
        " and version = $3 and state = 'checking' returning id",
        workspace_id,
        document_id,
        version,
        dict(reason),
    )
    await tx.execute(
        "update golden_runs set gate = $4, reason = $5, state = case when state = 'done' then state else 'failed' end"
        " where workspace_id = $1 and kind = 'gate' and document_id = $2 and document_version = $3",
        workspace_id,
        document_id,
        version,
        "held" if held is not None else "off",
        dict(reason),
    )
    if held is not None:
        await tell_document(tx, workspace_id, document_id)


async def _forget(db: Database, workspace_id: int, document_id: int, version: int) -> None:
    """Nobody waits for the check any more: the document was paused, deleted or overtaken."""
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update golden_runs set gate = 'off', state = case when state = 'done' then state else 'cancelled' end"
            " where workspace_id = $1 and kind = 'gate' and document_id = $2 and document_version = $3"
            " and gate = 'checking'",
            workspace_id,
            document_id,
            version,
        )
