"""What was spent on models: read for budgets and for the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.kit.db import Transaction
from yingke.models.budget import Spent

_TODAY = "(select (now() at time zone w.time_zone)::date from workspaces w where w.id = $1)"


async def read_spent(tx: Transaction, workspace_id: int) -> Spent:
    """Today and this month in the workspace's own time zone."""
    rows = await tx.fetch(
        f"with today as (select {_TODAY} as day) select u.currency,"
        " coalesce(sum(u.tokens_in + u.tokens_out) filter (where u.day = t.day), 0)::bigint as tokens_day,"
        " sum(u.tokens_in + u.tokens_out)::bigint as tokens_month,"
        " coalesce(sum(u.cost_micro) filter (where u.day = t.day), 0)::bigint as cost_day,"
        " sum(u.cost_micro)::bigint as cost_month"
        " from model_usage u, today t where u.workspace_id = $1 and u.day >= date_trunc('month', t.day)::date"
        " and u.day <= t.day group by u.currency",
        workspace_id,
    )
    return spent_of(rows)


def spent_of(rows: Sequence[Any]) -> Spent:
    """One row a currency; null where nothing was spent today."""
    return Spent(
        sum(row["tokens_day"] or 0 for row in rows),
        sum(row["tokens_month"] or 0 for row in rows),
        tuple((row["currency"], row["cost_day"] or 0) for row in rows),
        tuple((row["currency"], row["cost_month"] or 0) for row in rows),
    )


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One day, endpoint and purpose."""

    day: Any
    endpoint_id: int
    purpose: str
    model: str
    currency: str
    calls: int
    failures: int
    estimated: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    cost_micro: int


async def list_usage(tx: Transaction, workspace_id: int, days: int) -> list[UsageRow]:
    """The last `days` days, today among them, newest first."""
    rows = await tx.fetch(
        f"select {', '.join(UsageRow.__slots__)} from model_usage where workspace_id = $1 and day > {_TODAY} - $2::int"
        " order by day desc, endpoint_id, purpose, currency",
        workspace_id,
        days,
    )
    return [UsageRow(**dict(row)) for row in rows]
