"""What models cost and may cost, over HTTP."""

from datetime import date
from typing import Any

from litestar import get, put
from msgspec import Struct

from yingke.kit.db import Database
from yingke.kit.ids import show_id
from yingke.models.budget import INPUT_TOKENS, OUTPUT_TOKENS, Budget, BudgetWish, change_budget, read_budget, share_of
from yingke.models.price import minor_of
from yingke.models.switchboard import Switchboard
from yingke.models.usage import UsageRow, list_usage, read_spent
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

ADMIN = [require(role="admin")]
TAGS = ["models"]
MOST_DAYS = 92


class ModelUsageView(Struct):
    """One day (of the workspace's zone), endpoint and purpose. `cost_minor` is rounded half up from exact sums;
    `estimated` of the `calls` were counted by us because the provider did not tell."""

    day: date
    endpoint_id: str
    purpose: str
    model: str
    currency: str
    calls: int
    failures: int
    estimated: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost_minor: int


class ModelCostView(Struct):
    currency: str
    cost_minor: int


class ModelBudgetView(Struct):
    """Limits (null: none), what is spent, and the share of the tightest limit that is gone (1.0: all of it)."""

    tokens_day: int | None
    tokens_month: int | None
    cost_day_minor: int | None
    cost_month_minor: int | None
    currency: str
    visitor_tokens_day: int | None
    concurrent: int | None
    input_tokens: int | None
    output_tokens: int | None
    default_input_tokens: int
    default_output_tokens: int
    spent_tokens_day: int
    spent_tokens_month: int
    spent_day: list[ModelCostView]
    spent_month: list[ModelCostView]
    share_day: float
    share_month: float


@get("/v1/model-usage", guards=ADMIN, tags=TAGS)
async def get_usage(db: Database, caller: Caller, days: int = 30) -> list[ModelUsageView]:
    """The last `days` days (at most 92), newest first. Counts are some seconds late."""
    async with db.transaction(caller.workspace_id) as tx:
        rows = await list_usage(tx, caller.workspace_id, min(max(days, 1), MOST_DAYS))
    return [_show(row) for row in rows]


@get("/v1/model-budget", guards=ADMIN, tags=TAGS)
async def get_budget(db: Database, caller: Caller) -> ModelBudgetView:
    async with db.transaction(caller.workspace_id) as tx:
        return await _show_budget(tx, caller, await read_budget(tx, caller.workspace_id))


@put("/v1/model-budget", guards=ADMIN, tags=TAGS)
async def put_budget(data: BudgetWish, db: Database, switchboard: Switchboard, caller: Caller) -> ModelBudgetView:
    """What is left out stays. At 80 % an event tells, at 100 % answers are quoted from the knowledge."""
    async with db.transaction(caller.workspace_id) as tx:
        view = await _show_budget(tx, caller, await change_budget(tx, caller, data))
    switchboard.forget(caller.workspace_id)
    return view


async def _show_budget(tx: Any, caller: Caller, budget: Budget) -> ModelBudgetView:
    spent = await read_spent(tx, caller.workspace_id)
    return ModelBudgetView(
        **{name: getattr(budget, name) for name in Budget.__slots__},
        default_input_tokens=INPUT_TOKENS,
        default_output_tokens=OUTPUT_TOKENS,
        spent_tokens_day=spent.tokens_day,
        spent_tokens_month=spent.tokens_month,
        spent_day=[ModelCostView(currency, minor_of(cost)) for currency, cost in spent.cost_day],
        spent_month=[ModelCostView(currency, minor_of(cost)) for currency, cost in spent.cost_month],
        share_day=round(share_of(budget, spent, "day"), 4),
        share_month=round(share_of(budget, spent, "month"), 4),
    )


def _show(row: UsageRow) -> ModelUsageView:
    return ModelUsageView(
        row.day,
        show_id(row.endpoint_id),
        row.purpose,
        row.model,
        row.currency,
        row.calls,
        row.failures,
        row.estimated,
        row.tokens_in,
        row.tokens_cached,
        row.tokens_out,
        minor_of(row.cost_micro),
    )


ROUTES = [get_usage, get_budget, put_budget]
