"""How much a workspace may spend on models: reads, sets, and says how far it has come."""

from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input
from yingke.models.price import MICRO
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

LOW = 0.8
Period = Literal["day", "month"]
_LIMITS = ("tokens_day", "tokens_month", "cost_day_minor", "cost_month_minor", "visitor_tokens_day")
_CAPS = {"concurrent": (1, 1000), "input_tokens": (500, 200_000), "output_tokens": (50, 8000)}
INPUT_TOKENS = 6_000
OUTPUT_TOKENS = 800


@dataclass(frozen=True, slots=True)
class Budget:
    """None is no limit. Costs count only what was paid in `currency`."""

    tokens_day: int | None = None
    tokens_month: int | None = None
    cost_day_minor: int | None = None
    cost_month_minor: int | None = None
    currency: str = "CNY"
    visitor_tokens_day: int | None = None
    concurrent: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


UNLIMITED = Budget()


@dataclass(frozen=True, slots=True)
class Spent:
    """Of a workspace so far, all purposes; costs in millionths of a minor unit by currency."""

    tokens_day: int = 0
    tokens_month: int = 0
    cost_day: tuple[tuple[str, int], ...] = ()
    cost_month: tuple[tuple[str, int], ...] = ()


class BudgetWish(msgspec.Struct):
    """Null takes a limit away; what is left out stays."""

    tokens_day: int | UnsetType | None = UNSET
    tokens_month: int | UnsetType | None = UNSET
    cost_day_minor: int | UnsetType | None = UNSET
    cost_month_minor: int | UnsetType | None = UNSET
    currency: str | UnsetType = UNSET
    visitor_tokens_day: int | UnsetType | None = UNSET
    concurrent: int | UnsetType | None = UNSET
    input_tokens: int | UnsetType | None = UNSET
    output_tokens: int | UnsetType | None = UNSET


def share_of(budget: Budget, spent: Spent, period: Period) -> float:
    """How much of the tightest limit of `period` is gone: 1.0 is all of it; 0.0 without a limit."""
    is_day = period == "day"
    tokens, most_tokens = (spent.tokens_day, budget.tokens_day) if is_day else (spent.tokens_month, budget.tokens_month)
    costs = dict(spent.cost_day if is_day else spent.cost_month)
    most_cost = budget.cost_day_minor if is_day else budget.cost_month_minor
    shares = [0.0]
    if most_tokens:
        shares.append(tokens / most_tokens)
    if most_cost:
        shares.append(costs.get(budget.currency, 0) / (most_cost * MICRO))
    return max(shares)


def is_spent(budget: Budget, spent: Spent) -> bool:
    return max(share_of(budget, spent, "day"), share_of(budget, spent, "month")) >= 1.0


async def read_budget(tx: Transaction, workspace_id: int) -> Budget:
    row = await tx.fetchrow("select * from model_budgets where workspace_id = $1", workspace_id)
    return Budget(**{name: row[name] for name in Budget.__slots__}) if row is not None else Budget()


async def change_budget(tx: Transaction, caller: Caller, wish: BudgetWish) -> Budget:
    """Raises 400."""
    before = await read_budget(tx, caller.workspace_id)
    values: dict[str, Any] = {}
    for name in Budget.__slots__:
        wished = getattr(wish, name)
        values[name] = getattr(before, name) if wished is UNSET else _checked(name, wished)
    names = list(values)
    places = ", ".join(f"${number}" for number in range(2, len(names) + 2))
    await tx.execute(
        f"insert into model_budgets (workspace_id, {', '.join(names)}) values ($1, {places})"
        f" on conflict (workspace_id) do update set {', '.join(f'{name} = excluded.{name}' for name in names)},"
        " updated_at = now()",
        caller.workspace_id,
        *values.values(),
    )
    after = Budget(**values)
    if after != before:
        changed = {name: value for name, value in values.items() if getattr(before, name) != value}
        await record_audit(tx, caller, "model_budget.changed", "model_budget", changed)
    return after


def _checked(name: str, wished: Any) -> Any:
    if name == "currency":
        if not (isinstance(wished, str) and len(wished) == 3 and wished.isascii() and wished.isupper()):
            raise bad_input({"currency": "CNY, USD, …"})
        return wished
    if wished is None:
        return None
    low, high = _CAPS.get(name, (1, 10**15))
    if not low <= wished <= high:
        raise bad_input({name: f"{low} – {high}"})
    return wished
