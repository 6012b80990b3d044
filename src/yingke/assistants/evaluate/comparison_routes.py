"""Two models on the golden questions, side by side, before customers meet the new one."""

from datetime import datetime
from typing import Any

from litestar import get, post
from msgspec import Struct

from yingke.assistants.evaluate.compare import Side, compare_sides
from yingke.assistants.evaluate.runs import get_run, start_comparison
from yingke.kit.db import Database
from yingke.kit.ids import read_id, show_id
from yingke.models.price import minor_of
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require
from yingke.workspaces.shapes import Page

READ = [require(role="agent", scope="knowledge:read")]
WRITE = [require(role="admin", scope="knowledge:write")]
TAGS = ["golden questions"]


class ModelComparisonWish(Struct):
    """A model, a version of the team (draft or not, as it is at this moment) or both. `against_id`: another model; null:
    the assistant as customers meet it now."""

    endpoint_id: str | None = None
    against_id: str | None = None
    version_id: str | None = None


class ModelSideView(Struct):
    """`name` of the endpoint, empty for the model in use; `version` of the team where that was tried; `engine` who really
    answered. Costs half up in minor units, null where no price is entered or no model was called."""

    run_id: str
    name: str
    version: int | None
    engine: str
    state: str
    done: int
    total: int
    passed: int
    ms_median: float | None
    ms_p95: float | None
    tokens: int
    cost_minor: int | None
    cost_micro: int
    currency: str | None


class ModelComparisonView(Struct):
    """The results one by one: GET /v1/golden-runs/{id}/results, where `was_…` is the old side. `same`: the same words;
    `better` and `worse` by the judge."""

    id: str
    endpoint_id: str | None
    created_at: datetime
    old: ModelSideView
    new: ModelSideView
    same: int
    different: int
    better: int
    worse: int


@post("/v1/model-comparisons", guards=WRITE, tags=TAGS, status_code=202)
async def post_comparison(data: ModelComparisonWish, db: Database, caller: Caller) -> ModelComparisonView:
    """Starts both runs, behind live answers. Customers notice nothing; the calls are counted and cost what they cost."""
    endpoint, against, version = (
        read_id(one) if one else None for one in (data.endpoint_id, data.against_id, data.version_id)
    )
    async with db.transaction(caller.workspace_id) as tx:
        run_id = await start_comparison(tx, caller, endpoint, against, version)
        return await _show(tx, caller.workspace_id, run_id)


@get("/v1/model-comparisons", guards=READ, tags=TAGS)
async def get_comparisons(
    db: Database, caller: Caller, after: str | None = None, limit: int = 10
) -> Page[ModelComparisonView]:
    """Newest first."""
    limit = min(max(limit, 1), 50)
    async with db.transaction(caller.workspace_id) as tx:
        rows = await tx.fetch(
            "select id from golden_runs where workspace_id = $1 and kind = 'trial' and against_id is not null"
            " and id < $2 order by id desc limit $3",
            caller.workspace_id,
            read_id(after) if after else 2**63 - 1,
            limit + 1,
        )
        views = [await _show(tx, caller.workspace_id, row["id"]) for row in rows[:limit]]
    return Page(views, views[-1].id if len(rows) > limit else None)


@get("/v1/model-comparisons/{id:str}", guards=READ, tags=TAGS)
async def get_comparison(id: str, db: Database, caller: Caller) -> ModelComparisonView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _show(tx, caller.workspace_id, read_id(id))


async def _show(tx: Any, workspace_id: int, run_id: int) -> ModelComparisonView:
    """Raises 404."""
    run = await get_run(tx, workspace_id, run_id)
    sides = await compare_sides(tx, workspace_id, run_id)
    return ModelComparisonView(
        show_id(run_id),
        show_id(run["endpoint_id"]) if run["endpoint_id"] is not None else None,
        run["created_at"],
        _side(sides.old),
        _side(sides.new),
        sides.same,
        sides.different,
        sides.better,
        sides.worse,
    )


def _side(side: Side) -> ModelSideView:
    return ModelSideView(
        show_id(side.run_id),
        side.name,
        side.version,
        side.engine,
        side.state,
        side.done,
        side.total,
        side.passed,
        side.ms_median,
        side.ms_p95,
        side.tokens,
        minor_of(side.cost_micro) if side.currency is not None else None,
        side.cost_micro,
        side.currency,
    )


ROUTES = [post_comparison, get_comparisons, get_comparison]
