"""The job of a shadow run: answers every question unseen, a few at a time, behind everything else."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yingke.assistants.ask import answer_unseen
from yingke.assistants.engine import Engine, Reply
from yingke.assistants.shadow.cases_of import Case, Talk, cases_of
from yingke.assistants.shadow.judge import Judgement, with_comparison, without_comparison
from yingke.assistants.shadow.read_talks import list_talk_ids, read_talks
from yingke.kit.db import Database
from yingke.kit.erase import erase
from yingke.kit.errors import Problem
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.library import read_version
from yingke.knowledge.past.alike import compare

SHADOW = "shadow_run"
PRIORITY = -20
CHUNK = 12
AT_ONCE = 3
_PAGE = 100
_PAUSE_SECONDS = 0.02
GAVE_UP = {
    "code": "shadow_failed",
    "zh": "多次尝试都没能跑完。已跑完的结果留在下面；请稍后再开始一次，或联系管理员查看日志。",
    "en": "The run failed several times. What it finished is kept below; start another one later, or ask the operator for the log.",
}


async def run_shadow(db: Database, engine: Engine, encoder: Encoder, job: Job) -> None:
    """The handler. After a kill it goes on with the cases that have no result yet; a cancelled run ends at once."""
    workspace_id, run_id = job.workspace_id, int(job.data["run_id"])
    run = await _claim(db, workspace_id, run_id)
    if run is None:
        return
    if job.attempts >= MAX_ATTEMPTS:
        await _end(db, workspace_id, run_id, "failed", GAVE_UP)
        return
    try:
        cases, left_out = await _plan(db, workspace_id, run)
        known = await _begin(db, workspace_id, run_id, len(cases), left_out)
        waiting = [case for case in cases if case.key not in known]
        for start in range(0, len(waiting), CHUNK):
            if not await _chunk(db, engine, encoder, workspace_id, run, waiting[start : start + CHUNK]):
                return
            await asyncio.sleep(_PAUSE_SECONDS)
    except Problem as problem:
        raise RetryJob(min(60.0, 2.0**job.attempts), problem.code) from problem
    await _end(db, workspace_id, run_id, "done", None)


async def _claim(db: Database, workspace_id: int, run_id: int) -> Any:
    """Notes the knowledge that the run begins with; a resumed run keeps its note."""
    async with db.transaction(workspace_id) as tx:
        version = await read_version(tx, workspace_id)
        return await tx.fetchrow(
            "update shadow_runs r set state = 'running', started_at = coalesce(r.started_at, now()),"
            " knowledge_version = coalesce(r.knowledge_version, $2) from workspaces w"
            " where r.id = $1 and w.id = r.workspace_id and r.state in ('queued', 'running')"
            " returning r.id, r.import_id, r.from_at, r.to_at, r.most, w.language",
            run_id,
            version,
        )


async def _plan(db: Database, workspace_id: int, run: Any) -> tuple[list[Case], int]:
    """The newest `most` questions, and how many older conversations were not looked at."""
    start: datetime | None = run["from_at"]
    async with db.transaction(workspace_id) as tx:
        ids = await list_talk_ids(tx, workspace_id, run["import_id"], start, run["to_at"])
    cases: list[Case] = []
    for at in range(0, len(ids), _PAGE):
        async with db.transaction(workspace_id) as tx:
            talks = await read_talks(tx, workspace_id, run["import_id"], ids[at : at + _PAGE])
        cases += await asyncio.to_thread(_cut, talks)
        if len(cases) >= run["most"]:
            return cases[: run["most"]], max(0, len(ids) - at - _PAGE)
    return cases, 0


def _cut(talks: Sequence[Talk]) -> list[Case]:
    return [case for talk in talks for case in cases_of(talk)]


async def _begin(
    db: Database, workspace_id: int, run_id: int, total: int, left_out: int
) -> set[tuple[int | None, int | None, int]]:
    """Notes what is planned; the keys of the cases that an earlier try has finished."""
    async with db.transaction(workspace_id) as tx:
        rows = await tx.fetch(
            "select past_conversation_id, conversation_id, seq from shadow_cases where workspace_id = $1 and run_id = $2",
            workspace_id,
            run_id,
        )
        await tx.execute(
            "update shadow_runs set total = $2, done = $3, left_out = $4 where id = $1",
            run_id,
            total,
            len(rows),
            left_out,
        )
    return {(row["past_conversation_id"], row["conversation_id"], row["seq"]) for row in rows}


async def _chunk(
    db: Database, engine: Engine, encoder: Encoder, workspace_id: int, run: Any, cases: Sequence[Case]
) -> bool:
    """Answers and stores some cases; False when the run was cancelled meanwhile."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def answer(case: Case) -> Reply:
        async with slots:
            return await answer_unseen(
                db,
                engine,
                workspace_id,
                case.texts,
                shop_id=case.shop_id,
                language=run["language"],
                history=case.history,
            )

    replies = await asyncio.gather(*map(answer, cases))
    judged = await _judge(encoder, cases, replies)
    async with db.transaction(workspace_id) as tx:
        going = await tx.fetchval(
            "select true from shadow_runs where id = $1 and state = 'running' for update", run["id"]
        )
        if not going:
            return False
        await tx.executemany(
            "insert into shadow_cases (workspace_id, run_id, past_conversation_id, conversation_id, seq, asked_at, question,"
            " history, agent_answer, assistant_answer, outcome, similarity, confidence, cited, contradicts)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing",
            [
                _row(workspace_id, run["id"], case, reply, judgement)
                for case, reply, judgement in zip(cases, replies, judged, strict=True)
            ],
        )
        await tx.execute(
            "update shadow_runs set done = (select count(*) from shadow_cases where workspace_id = $2 and run_id = $1),"
            " engine = $3 where id = $1",
            run["id"],
            workspace_id,
            _engine_of(replies),
        )
    return True


async def _judge(encoder: Encoder, cases: Sequence[Case], replies: Sequence[Reply]) -> list[Judgement]:
    quick = [without_comparison(reply, case.agent_answer) for case, reply in zip(cases, replies, strict=True)]
    pairs = [
        (case.agent_answer, reply.text)
        for case, reply, judgement in zip(cases, replies, quick, strict=True)
        if judgement is None
    ]
    compared = iter(await compare(encoder, pairs))
    return [judgement if judgement is not None else with_comparison(*next(compared)) for judgement in quick]


def _row(workspace_id: int, run_id: int, case: Case, reply: Reply, judgement: Judgement) -> tuple[Any, ...]:
    """What is stored holds nothing personal, also when the conversation was the workspace's own."""
    history = [{"from": said.author, "text": erase(said.text)[0][:1000]} for said in case.history]
    decision = reply.trace.get("decision", {})
    return (
        workspace_id,
        run_id,
        case.past_id,
        case.live_id,
        case.seq,
        case.asked_at,
        erase("\n".join(case.texts))[0][:2000],
        history,
        erase(case.agent_answer)[0],
        erase(reply.text)[0][:4000],
        judgement.outcome,
        judgement.similarity,
        decision.get("confidence"),
        reply.citations,
        judgement.contradicts,
    )


def _engine_of(replies: Sequence[Reply]) -> str:
    """The engine that said most; notices are nobody's."""
    names = [
        " ".join(filter(None, (str(reply.generated_by.get("engine", "")), str(reply.generated_by.get("model", "")))))
        for reply in replies
        if reply.generated_by.get("engine") != "notice"
    ]
    return max(set(names), key=names.count) if names else "embedded"


async def _end(db: Database, workspace_id: int, run_id: int, state: str, reason: dict[str, str] | None) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update shadow_runs set state = $2, reason = $3, finished_at = now() where id = $1 and state = 'running'",
            run_id,
            state,
            reason,
        )
