"""Golden runs over HTTP: start, follow, compare, cancel, and how well intents are understood."""

from datetime import datetime
from typing import Any

from litestar import get, post
from msgspec import Struct

from yingke.assistants.evaluate import comparison_routes
from yingke.assistants.evaluate.compare import wilson
from yingke.assistants.evaluate.runs import (
    Change,
    Figures,
    cancel_run,
    get_run,
    intent_figures,
    list_results,
    list_runs,
    start_run,
)
from yingke.kit.db import Database
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["golden questions"]


class GoldenRunView(Struct):
    """`kind`: full (the knowledge as it is), gate (with a version that waits), trial. `gate`: off, checking, passed,
    held, released. `better` and `worse` count against the run `against_id`."""

    id: str
    kind: str
    cause: str
    cause_ref: str
    cause_name: str
    state: str
    gate: str
    reason_zh: str
    reason_en: str
    engine: str
    knowledge_version: int | None
    total: int
    done: int
    passed: int
    better: int
    worse: int
    intent_total: int
    intent_right: int
    against_id: str | None
    document_id: str | None
    created_at: datetime
    finished_at: datetime | None


class GoldenResultView(Struct):
    """`reason`: refused, answered, handed_off, not_handed_off, lacks, says, wrong_source, failed; `detail` the words
    meant. `was_…`: the same question in the run before, null where that did not ask it. `cost_micro`: millionths of a
    minor unit, null where no model was called."""

    question_id: str
    question: str
    expects: str
    is_passed: bool
    reason: str
    detail: str
    answer: str
    confidence: float | None
    intent: str | None
    expected_intent: str | None
    was_passed: bool | None
    was_answer: str | None
    was_reason: str | None
    milliseconds: float
    was_milliseconds: float | None
    cost_micro: int | None
    was_cost_micro: int | None


class IntentView(Struct):
    """`precision`: of those understood as this, the share that meant it; `recall`: of those that meant it, the share
    understood. Null without any."""

    name: str
    items: int
    precision: float | None
    recall: float | None


class ConfusionView(Struct):
    expected: str
    understood: str
    times: int


class IntentFiguresView(Struct):
    """`low` and `high`: 95 % confidence interval of `accuracy` (Wilson); null without items."""

    run_id: str | None
    items: int
    right: int
    accuracy: float | None
    low: float | None
    high: float | None
    intents: list[IntentView]
    confusion: list[ConfusionView]


@get("/v1/golden-runs", guards=READ, tags=TAGS)
async def get_runs(db: Database, caller: Caller, after: str | None = None, limit: int = 30) -> Page[GoldenRunView]:
    """Newest first."""
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_runs(tx, caller.workspace_id, read_id(after) if after else None, limit + 1)
    views = [show_run(row) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@post("/v1/golden-runs", guards=WRITE, tags=TAGS, status_code=202)
async def post_run(db: Database, caller: Caller, endpoint_id: str | None = None) -> GoldenRunView:
    """Starts one, or joins the one that waits. With `endpoint_id` another model is tried: it answers these questions
    only, and the result stands beside the last run."""
    async with db.transaction(caller.workspace_id) as tx:
        run_id = await start_run(tx, caller, read_id(endpoint_id) if endpoint_id else None)
        return show_run(await get_run(tx, caller.workspace_id, run_id))


@get("/v1/golden-runs/{id:str}", guards=READ, tags=TAGS)
async def get_one_run(id: str, db: Database, caller: Caller) -> GoldenRunView:
    async with db.transaction(caller.workspace_id) as tx:
        return show_run(await get_run(tx, caller.workspace_id, read_id(id)))


@get("/v1/golden-runs/{id:str}/results", guards=READ, tags=TAGS)
async def get_results(
    id: str, db: Database, caller: Caller, change: Change = "all", after: str | None = None, limit: int = 50
) -> Page[GoldenResultView]:
    """`change`: all, better, worse, changed (another answer), failed, wrong_intent."""
    limit = min(max(limit, 1), 200)
    async with db.transaction(caller.workspace_id) as tx:
        run = await get_run(tx, caller.workspace_id, read_id(id))
        rows = await list_results(tx, caller.workspace_id, run, change, read_id(after) if after else 0, limit + 1)
    views = [show_result(row) for row in rows[:limit]]
    return Page(views, views[-1].question_id if len(rows) > limit else None)


@post("/v1/golden-runs/{id:str}/cancellation", guards=WRITE, tags=TAGS, status_code=204)
async def post_cancellation(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await cancel_run(tx, caller, read_id(id))


@get("/v1/intent-figures", guards=READ, tags=TAGS)
async def get_intent_figures(db: Database, caller: Caller, run_id: str | None = None) -> IntentFiguresView:
    """How well the intent of golden questions is understood, in one run or the last finished one."""
    async with db.transaction(caller.workspace_id) as tx:
        return show_figures(await intent_figures(tx, caller.workspace_id, read_id(run_id) if run_id else None))


def show_run(row: Any) -> GoldenRunView:
    reason = row["reason"] or {}
    return GoldenRunView(
        id=show_id(row["id"]),
        kind=row["kind"],
        cause=row["cause"],
        cause_ref=row["cause_ref"],
        cause_name=row["cause_name"],
        state=row["state"],
        gate="released" if row["is_released"] else row["gate"],
        reason_zh=reason.get("zh", ""),
        reason_en=reason.get("en", ""),
        engine=row["engine"],
        knowledge_version=row["knowledge_version"],
        total=row["total"],
        done=row["done"],
        passed=row["passed"],
        better=row["better"],
        worse=row["worse"],
        intent_total=row["intent_total"],
        intent_right=row["intent_right"],
        against_id=show_id(row["against_id"]) if row["against_id"] is not None else None,
        document_id=show_id(row["document_id"]) if row["document_id"] is not None else None,
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


def show_result(row: Any) -> GoldenResultView:
    return GoldenResultView(
        question_id=show_id(row["question_id"]),
        question=row["question"],
        expects=row["expects"],
        is_passed=row["is_passed"],
        reason=row["reason"],
        detail=row["detail"],
        answer=row["answer"],
        confidence=row["confidence"],
        intent=row["intent"],
        expected_intent=row["expected_intent"],
        was_passed=row["was_passed"],
        was_answer=row["was_answer"],
        was_reason=row["was_reason"],
        milliseconds=row["milliseconds"],
        was_milliseconds=row["was_milliseconds"],
        cost_micro=row["cost_micro"],
        was_cost_micro=row["was_cost_micro"],
    )


def show_figures(figures: Figures) -> IntentFiguresView:
    low, high = wilson(figures.right, figures.items)
    is_any = figures.items > 0
    return IntentFiguresView(
        run_id=show_id(figures.run_id) if figures.run_id is not None else None,
        items=figures.items,
        right=figures.right,
        accuracy=round(figures.right / figures.items, 4) if is_any else None,
        low=round(low, 4) if is_any else None,
        high=round(high, 4) if is_any else None,
        intents=[
            IntentView(
                one.name,
                one.items,
                round(one.right / one.understood, 4) if one.understood else None,
                round(one.right / one.items, 4) if one.items else None,
            )
            for one in figures.labels
        ],
        confusion=[ConfusionView(*one) for one in figures.confusion],
    )


ROUTES = [
    get_runs, post_run, get_one_run, get_results, post_cancellation, get_intent_figures, *comparison_routes.ROUTES,
]  # fmt: skip
