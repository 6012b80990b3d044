"""One run: every golden question answered as a customer's would be, unseen, a few at a time, behind live answers."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yingke.assistants.ask import answer_unseen
from yingke.assistants.engine import Engine, Reply, Said
from yingke.assistants.evaluate.compare import Comparison, compare_runs, find_baseline
from yingke.assistants.evaluate.judge import Verdict, judge, pairs_of
from yingke.assistants.evaluate.trial import TrialEngines, find_tried
from yingke.assistants.intents.labels import INTENTS
from yingke.assistants.team_versions.version import TeamVersion
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.ids import read_id
from yingke.kit.jobs import Job
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.library import read_version

KIND = "golden_run"
BATCH = 5
PAUSE_SECONDS = 0.03
"""After each answer, so that customers' turns come first; about a third of one core at most."""
LAST_ATTEMPT = 6


@dataclass(frozen=True)
class _Answered:
    question_id: int
    reply: Reply | None
    verdict: Verdict
    milliseconds: float
    expected_intent: str | None


async def run_job(db: Database, engine: Engine, trials: TrialEngines, job: Job) -> None:
    """The job `golden_run`, data {run_id}. Goes on where an earlier attempt ended; a cancelled run stays so."""
    run_id = read_id(str(job.data["run_id"]))
    try:
        async with db.transaction(job.workspace_id) as tx:
            tried = await find_tried(tx, job.workspace_id, run_id)
        if tried.endpoint_id is not None:
            engine = await trials.engine_of(job.workspace_id, tried.endpoint_id)
        await run_golden(db, engine, job.workspace_id, run_id, team=tried.team)
    except Problem as problem:
        if problem.status >= 500 and job.attempts < LAST_ATTEMPT:
            raise
        await _fail(db, job.workspace_id, run_id, problem)


async def run_golden(
    db: Database,
    engine: Engine,
    workspace_id: int,
    run_id: int,
    index: KnowledgeIndex | None = None,
    team: TeamVersion | None = None,
) -> Comparison | None:
    """Answers what the run has not answered yet and closes it. `index` stands in for the live knowledge, `team` for the
    version of the team that serves customers.

    None when it was cancelled or finished before. Raises the 503 Problem when the database is away.
    """
    async with db.transaction(workspace_id) as tx:
        if not await _begin(tx, workspace_id, run_id):
            return None
    while True:
        async with db.transaction(workspace_id) as tx:
            questions = await _next(tx, workspace_id, run_id)
        if not questions:
            break
        answered = [await _answer(db, engine, workspace_id, one, index, team) for one in questions]
        async with db.transaction(workspace_id) as tx:
            if not await _record(tx, workspace_id, run_id, questions, answered):
                return None
    async with db.transaction(workspace_id) as tx:
        return await _finish(tx, workspace_id, run_id)


async def _begin(tx: Transaction, workspace_id: int, run_id: int) -> bool:
    found = await tx.fetchval(
        "update golden_runs set state = 'running', started_at = coalesce(started_at, now()), knowledge_version = $3,"
        " total = (select count(*) from golden_questions where workspace_id = $1 and deleted_at is null),"
        " settings = settings || jsonb_build_object('endpoint', coalesce((select md5(concat_ws('|', m.id, m.base_url, m.model))"
        "   from model_endpoints m where m.workspace_id = $1 and m.is_enabled"
        "   and 'answer' = any(m.purposes) and (m.location <> 'abroad' or m.abroad_confirmed_at is not null)"
        "   order by m.position, m.id limit 1), ''))"
        " where workspace_id = $1 and id = $2 and state in ('queued', 'running') returning id",
        workspace_id,
        run_id,
        await read_version(tx, workspace_id),
    )
    return found is not None


async def _next(tx: Transaction, workspace_id: int, run_id: int) -> list[Any]:
    return list(
        await tx.fetch(
            "select g.* from golden_questions g where g.workspace_id = $1 and g.deleted_at is null and not exists"
            " (select 1 from golden_results r where r.workspace_id = $1 and r.run_id = $2 and r.question_id = g.id)"
            " order by g.id limit $3",
            workspace_id,
            run_id,
            BATCH,
        )
    )


async def _answer(
    db: Database,
    engine: Engine,
    workspace_id: int,
    golden: Mapping[str, Any],
    index: KnowledgeIndex | None,
    team: TeamVersion | None,
) -> Any:
    """(reply or None, milliseconds). A question whose shop is gone is no reason to stop."""
    began = time.perf_counter()
    try:
        reply = await answer_unseen(
            db,
            engine,
            workspace_id,
            (golden["question"],),
            shop_id=golden["shop_id"],
            language=golden["language"],
            history=[Said(said["from"], said["text"]) for said in golden["history"]],
            index=index,
            settings={"team": team},
        )
    except Problem as problem:
        if problem.status >= 500:
            raise
        reply = None
    spent = (time.perf_counter() - began) * 1000
    await asyncio.sleep(PAUSE_SECONDS)
    return reply, spent


async def _record(
    tx: Transaction, workspace_id: int, run_id: int, questions: Sequence[Any], answered: Sequence[Any]
) -> bool:
    """False when the run was cancelled meanwhile; nothing is kept then."""
    state = await tx.fetchval(
        "select state from golden_runs where workspace_id = $1 and id = $2 for update", workspace_id, run_id
    )
    if state != "running":
        return False
    pairs = await pairs_of(tx, workspace_id, [reply for reply, _ in answered if reply is not None])
    for golden, (reply, spent) in zip(questions, answered, strict=True):
        verdict = judge(golden, reply, pairs) if reply is not None else Verdict(False, "failed")
        await _keep(
            tx, workspace_id, run_id, _Answered(golden["id"], reply, verdict, spent, label_of(golden["intent"]))
        )
    await tx.execute(
        "update golden_runs set done = r.done, passed = r.passed, engine = case when engine = '' then $3 else engine end"
        " from (select count(*) as done, count(*) filter (where is_passed) as passed from golden_results"
        "   where workspace_id = $1 and run_id = $2) r where workspace_id = $1 and id = $2",
        workspace_id,
        run_id,
        next((engine_name(reply) for reply, _ in answered if reply is not None and engine_name(reply)), ""),
    )
    return True


async def _keep(tx: Transaction, workspace_id: int, run_id: int, one: _Answered) -> None:
    reply = one.reply
    spent = spent_in(reply.trace) if reply is not None else (None, None, None, None)
    await tx.execute(
        "insert into golden_results (workspace_id, run_id, question_id, is_passed, reason, detail, answer, cited, confidence,"
        " intent, expected_intent, milliseconds, tokens_in, tokens_out, cost_micro, currency)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        " on conflict (workspace_id, run_id, question_id) do nothing",
        workspace_id,
        run_id,
        one.question_id,
        one.verdict.is_passed,
        one.verdict.reason,
        one.verdict.detail,
        reply.text if reply is not None else "",
        reply.citations if reply is not None else [],
        reply.trace.get("decision", {}).get("confidence") if reply is not None else None,
        intent_in(reply.trace) if reply is not None else None,
        one.expected_intent,
        one.milliseconds,
        *spent,
    )


async def _finish(tx: Transaction, workspace_id: int, run_id: int) -> Comparison:
    against = await tx.fetchval(
        "select against_id from golden_runs where workspace_id = $1 and id = $2", workspace_id, run_id
    ) or await find_baseline(tx, workspace_id, run_id)
    comparison = await compare_runs(tx, workspace_id, run_id, against)
    await tx.execute(
        "update golden_runs set state = 'done', finished_at = now(), against_id = $3, better = $4, worse = $5,"
        " total = done, intent_total = i.total, intent_right = i.hits"
        " from (select count(*) filter (where expected_intent is not null) as total,"
        "   count(*) filter (where expected_intent is not null and expected_intent = intent) as hits"
        "   from golden_results where workspace_id = $1 and run_id = $2) i where workspace_id = $1 and id = $2",
        workspace_id,
        run_id,
        against,
        comparison.better,
        comparison.worse,
    )
    return comparison


async def _fail(db: Database, workspace_id: int, run_id: int, problem: Problem) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update golden_runs set state = 'failed', finished_at = now(), reason = $3"
            " where workspace_id = $1 and id = $2 and state in ('queued', 'running')",
            workspace_id,
            run_id,
            {"code": problem.code, "zh": problem.zh, "en": problem.en},
        )


def engine_name(reply: Reply) -> str:
    """The model's name, or the engine's; empty for fixed sentences that every engine says alike."""
    made = reply.generated_by
    return "" if made.get("engine") == "notice" else str(made.get("model") or made.get("engine") or "")


def intent_in(trace: Mapping[str, Any]) -> str | None:
    """The intent as understood: a label, or a label with how sure. Whoever wants a person is handed over before
    anything else is asked of his words, and that is understanding too."""
    intent = trace.get("intent")
    if intent is None and trace.get("hand_off") == "wants_person":
        return "contact_human"
    if isinstance(intent, dict):
        intent = intent.get("label")
    elif isinstance(intent, list | tuple):
        intent = intent[0] if intent else None
    return str(intent) if intent is not None else None


def spent_in(trace: Mapping[str, Any]) -> tuple[int | None, int | None, int | None, str | None]:
    """Tokens in and out, millionths of a minor unit and their currency, of all model calls that succeeded."""
    steps = [step for step in trace.get("steps", ()) if step.get("name") == "model" and "tokens" in step]
    if not steps:
        return None, None, None, None
    costs = [step["cost"] for step in steps if "cost" in step]
    return (
        sum(step["tokens"][0] for step in steps),
        sum(step["tokens"][1] for step in steps),
        sum(cost for cost, _ in costs),
        costs[-1][1] if costs else None,
    )


def label_of(name: str | None) -> str | None:
    """The intent that a person wrote down by its name in the program, in Chinese or in English; others stay."""
    if name is None:
        return None
    plain = name.strip().lower()
    for label, names in INTENTS.items():
        if plain == label or plain in (one.lower() for one in names):
            return label
    return name
