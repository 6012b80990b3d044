"""Shadow runs over HTTP."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, delete, get, patch, post
from msgspec import Meta, Struct

from yingke.assistants.shadow.cases import (
    Change,
    ShadowCaseView,
    Verdict,
    add_golden_cases,
    judge_case,
    list_cases,
    show_case,
    write_csv,
)
from yingke.assistants.shadow.judge import Outcome
from yingke.assistants.shadow.runs import (
    MOST_CASES,
    ShadowRunView,
    cancel_run,
    check_most,
    delete_run,
    get_run,
    list_runs,
    show_run,
    start_run,
)
from yingke.kit.asked_language import asked_language
from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.ids import read_id, show_id
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

Asking = Request[Any, Any, Any]
READ = [require(role="admin", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["shadow"]


class ShadowWish(Struct):
    """`import_id` left out: the workspace's own conversations that agents answered. `most` newest questions."""

    import_id: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    most: int = MOST_CASES


class CaseVerdict(Struct):
    """null takes the judgement back."""

    verdict: Verdict | None


class ShadowCaseIds(Struct):
    case_ids: Annotated[list[str], Meta(max_length=100)]


class ShadowGoldenAdded(Struct):
    added: int


@post("/v1/shadow/runs", guards=WRITE, tags=TAGS)
async def post_run(data: ShadowWish, request: Asking, db: Database, caller: Caller) -> Response[ShadowRunView]:
    """Begins in the background. Nobody sees the answers; a configured chat model is called once a question."""
    wanted = read_id(data.import_id) if data.import_id else None
    most = check_most(data.most)

    async def start(tx: Transaction) -> str:
        return show_id(await start_run(tx, caller, wanted, data.from_at, data.to_at, most))

    key = request.headers.get("idempotency-key")
    result = await run_once(
        db, Sending(caller.workspace_id, caller.owner, key, "POST /v1/shadow/runs", data), str, start
    )
    return Response(await _shown(db, request, caller, result.answer), status_code=result.status)


@get("/v1/shadow/runs", guards=READ, tags=TAGS)
async def get_runs(
    request: Asking, db: Database, caller: Caller, limit: int = 20, after: str | None = None
) -> Page[ShadowRunView]:
    """Newest first."""
    limit = min(max(limit, 1), 50)
    language = asked_language(request.headers)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_runs(tx, caller.workspace_id, read_id(after) if after else 2**63 - 1, limit + 1)
        views = [await show_run(tx, row, language) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@get("/v1/shadow/runs/{id:str}", guards=READ, tags=TAGS)
async def get_one_run(id: str, request: Asking, db: Database, caller: Caller) -> ShadowRunView:
    return await _shown(db, request, caller, id)


@post("/v1/shadow/runs/{id:str}/cancellation", guards=WRITE, tags=TAGS, status_code=202)
async def post_cancellation(id: str, request: Asking, db: Database, caller: Caller) -> ShadowRunView:
    async with db.transaction(caller.workspace_id) as tx:
        await cancel_run(tx, read_id(id))
    return await _shown(db, request, caller, id)


@delete("/v1/shadow/runs/{id:str}", guards=WRITE, tags=TAGS)
async def remove_run(id: str, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await delete_run(tx, caller, read_id(id))


@get("/v1/shadow/runs/{id:str}/cases", guards=READ, tags=TAGS)
async def get_cases(
    id: str,
    db: Database,
    caller: Caller,
    outcome: Outcome | None = None,
    changed: Change | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page[ShadowCaseView]:
    """`changed`: better or worse than in the run before over the same conversations."""
    limit = min(max(limit, 1), 200)
    place = read_id(after) if after else 0
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_cases(
            tx, caller.workspace_id, read_id(id), outcome=outcome, changed=changed, after=place, limit=limit + 1
        )
    return Page([show_case(row) for row in rows[:limit]], show_id(rows[limit - 1]["id"]) if len(rows) > limit else None)


@get("/v1/shadow/runs/{id:str}/table", guards=READ, tags=TAGS)
async def get_table(id: str, request: Asking, db: Database, caller: Caller) -> Response[bytes]:
    """All cases as csv (UTF-8 with a mark)."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_cases(tx, caller.workspace_id, read_id(id), limit=MOST_CASES)
    headers = {"Content-Disposition": f'attachment; filename="shadow-run-{read_id(id)}.csv"'}
    content = write_csv(rows, asked_language(request.headers))
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@patch("/v1/shadow/cases/{id:str}", guards=WRITE, tags=TAGS, status_code=204)
async def patch_case(id: str, data: CaseVerdict, db: Database, caller: Caller) -> None:
    async with db.transaction(caller.workspace_id) as tx:
        await judge_case(tx, caller.workspace_id, read_id(id), data.verdict)


@post("/v1/shadow/golden-questions", guards=WRITE, tags=TAGS)
async def post_golden(
    data: ShadowCaseIds, request: Asking, db: Database, caller: Caller
) -> Response[ShadowGoldenAdded]:
    """Golden questions of single cases."""
    wanted = [read_id(id) for id in data.case_ids]

    async def add(tx: Transaction) -> ShadowGoldenAdded:
        return ShadowGoldenAdded(await add_golden_cases(tx, caller, wanted))

    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, "POST /v1/shadow/golden-questions", data)
    result = await run_once(db, sending, ShadowGoldenAdded, add)
    return Response(result.answer, status_code=result.status)


async def _shown(db: Database, request: Asking, caller: Caller, id: str) -> ShadowRunView:
    async with db.transaction(caller.workspace_id) as tx:
        row = await get_run(tx, caller.workspace_id, read_id(id))
        return await show_run(tx, row, asked_language(request.headers))


ROUTES = [
    post_run, get_runs, get_one_run, post_cancellation, remove_run, get_cases, get_table, patch_case, post_golden,
]  # fmt: skip
