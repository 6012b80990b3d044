"""Counts every model call of one process and writes the counts in batches: one write for all workspaces."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, fields

import structlog

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.events import record_event
from yingke.models.budget import LOW, Budget, Period, Spent, share_of
from yingke.models.contract import Usage
from yingke.models.price import Price
from yingke.models.usage import spent_of

log = structlog.get_logger("models")

FLUSH_SECONDS = 2.0
ASK_AGAIN_SECONDS = 60.0
MOST_WORKSPACES = 10_000
MOST_VISITORS = 50_000


@dataclass(slots=True)
class _Count:
    model: str
    calls: int = 0
    failures: int = 0
    estimated: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost_micro: int = 0


_FIGURES = [field.name for field in fields(_Count)]
Key = tuple[int, int, str, str]
"""Workspace, endpoint, purpose, currency."""


class Meter:
    """One per process. What a kill loses is at most the last two seconds of counting, never an answer."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._counts: dict[Key, _Count] = {}
        self._spent: OrderedDict[int, Spent] = OrderedDict()
        self._visitors: OrderedDict[tuple[int, int], tuple[int, int]] = OrderedDict()
        self._budgets: dict[int, Budget] = {}
        self._states: dict[tuple[int, int], str] = {}
        self._health: dict[tuple[int, int], tuple[str, str]] = {}
        self._told: dict[tuple[int, Period, int], float] = {}
        self._flushing: asyncio.Task[None] | None = None

    def note(
        self, workspace_id: int, endpoint_id: int, purpose: str, model: str, price: Price, usage: Usage, *, failed: bool
    ) -> None:
        """One call that came to its end, well or badly."""
        key = (workspace_id, endpoint_id, purpose, price.currency)
        count = self._counts.setdefault(key, _Count(model))
        count.calls += 1
        count.failures += failed
        count.estimated += usage.is_estimated
        count.tokens_in += usage.prompt_tokens
        count.tokens_cached += usage.cached_tokens
        count.tokens_out += usage.completion_tokens
        count.cost_micro += price.cost_micro(usage)
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush_soon())

    def note_health(self, workspace_id: int, endpoint_id: int, state: str, cause: str) -> None:
        """The breaker after a call, and what went wrong with it ("" for nothing); kept for the screen of all processes."""
        key = (workspace_id, endpoint_id)
        if cause or self._states.get(key, "closed") != state:
            self._states[key] = state
            self._health[key] = (state, cause or self._health.get(key, ("", ""))[1])

    def note_visitor(self, workspace_id: int, conversation_id: int, day: int, tokens: int) -> None:
        """What one talk has used on `day`, in this process."""
        known_day, used = self._visitors.pop((workspace_id, conversation_id), (day, 0))
        self._visitors[workspace_id, conversation_id] = (day, tokens + (used if known_day == day else 0))
        if len(self._visitors) > MOST_VISITORS:
            self._visitors.popitem(last=False)

    def visitor_spent(self, workspace_id: int, conversation_id: int, day: int) -> int:
        known_day, used = self._visitors.get((workspace_id, conversation_id), (day, 0))
        return used if known_day == day else 0

    def know(self, workspace_id: int, spent: Spent, budget: Budget) -> None:
        """What the database says now; what this process has not written yet comes on top."""
        self._spent[workspace_id] = spent
        self._spent.move_to_end(workspace_id)
        self._budgets[workspace_id] = budget
        if len(self._spent) > MOST_WORKSPACES:
            gone, _ = self._spent.popitem(last=False)
            self._budgets.pop(gone, None)

    def spent(self, workspace_id: int) -> Spent:
        known = self._spent.get(workspace_id, Spent())
        own = [(key, count) for key, count in self._counts.items() if key[0] == workspace_id]
        if not own:
            return known
        tokens = sum(count.tokens_in + count.tokens_out for _, count in own)
        day, month = dict(known.cost_day), dict(known.cost_month)
        for (_, _, _, currency), count in own:
            day[currency] = day.get(currency, 0) + count.cost_micro
            month[currency] = month.get(currency, 0) + count.cost_micro
        return Spent(known.tokens_day + tokens, known.tokens_month + tokens, tuple(day.items()), tuple(month.items()))

    async def flush(self) -> None:
        """Writes what was counted. With the database away the counts stay for the next time."""
        counts, self._counts = self._counts, {}
        if not counts:
            return
        await self._write_health()
        try:
            async with self._db.system() as tx:
                rows = await tx.fetch(
                    "select * from meter_models($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", *_columns(counts)
                )
        except Problem:
            self._keep(counts)
            return
        by_workspace: dict[int, list[object]] = {}
        for row in rows:
            by_workspace.setdefault(row["workspace_id"], []).append(row)
        for workspace_id, found in by_workspace.items():
            if workspace_id in self._spent:
                self._spent[workspace_id] = spent_of(found)
            await self._tell(workspace_id, spent_of(found))

    async def close(self) -> None:
        if self._flushing is not None:
            self._flushing.cancel()
        await self.flush()

    async def _flush_soon(self) -> None:
        while self._counts:
            await asyncio.sleep(FLUSH_SECONDS)
            await self.flush()

    def _keep(self, counts: dict[Key, _Count]) -> None:
        for key, count in counts.items():
            newer = self._counts.setdefault(key, _Count(count.model))
            for name in _FIGURES[1:]:
                setattr(newer, name, getattr(newer, name) + getattr(count, name))

    async def _write_health(self) -> None:
        health, self._health = self._health, {}
        for workspace_id in sorted({key[0] for key in health}):
            rows = [(key[1], *found) for key, found in sorted(health.items()) if key[0] == workspace_id]
            try:
                async with self._db.transaction(workspace_id) as tx:
                    await tx.execute(
                        "update model_endpoints e set breaker = h.state, breaker_at = now(),"
                        " last_error = case when h.cause = '' then e.last_error else h.cause end,"
                        " last_error_at = case when h.cause = '' then e.last_error_at else now() end"
                        " from unnest($2::bigint[], $3::text[], $4::text[]) as h(id, state, cause)"
                        " where e.workspace_id = $1 and e.id = h.id",
                        workspace_id,
                        *[list(column) for column in zip(*rows, strict=True)],
                    )
            except Problem:
                log.warning("health of models not written", workspace=workspace_id)

    async def _tell(self, workspace_id: int, spent: Spent) -> None:
        """An event when 80 % or all of a budget is gone, once a period."""
        budget = self._budgets.get(workspace_id)
        if budget is None:
            return
        periods: tuple[Period, ...] = ("day", "month")
        for period in periods:
            share = share_of(budget, spent, period)
            level = 100 if share >= 1.0 else 80 if share >= LOW else 0
            now, key = time.monotonic(), (workspace_id, period, level)
            if level and now > self._told.get(key, 0.0):
                self._told[key] = now + ASK_AGAIN_SECONDS
                await self._tell_once(workspace_id, period, level, share)

    async def _tell_once(self, workspace_id: int, period: Period, level: int, share: float) -> None:
        try:
            async with self._db.transaction(workspace_id) as tx:
                is_new = await tx.fetchval(
                    "insert into model_budget_notices (workspace_id, period, starts_on, level)"
                    " select w.id, $2, date_trunc($2, now() at time zone w.time_zone)::date, $3 from workspaces w"
                    " where w.id = $1 on conflict do nothing returning true",
                    workspace_id,
                    period,
                    level,
                )
                if is_new:
                    type = "model_budget_low" if level < 100 else "model_budget_spent"
                    await record_event(tx, workspace_id, type, {"period": period, "percent": int(share * 100)})
        except Problem:
            log.warning("budget notice postponed", workspace=workspace_id)


def _columns(counts: dict[Key, _Count]) -> list[list[object]]:
    keys = sorted(counts)
    columns: list[list[object]] = [[key[place] for key in keys] for place in range(4)]
    return columns + [[getattr(counts[key], name) for key in keys] for name in _FIGURES]
