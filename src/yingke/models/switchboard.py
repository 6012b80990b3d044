"""Everything of one process that calls language models: who is asked, in which order, within which limits."""

import asyncio
import time
from collections import Counter, OrderedDict
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import structlog

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.kit.ids import show_id
from yingke.kit.secrets import SealBroken, Secrets
from yingke.kit.settings import Settings
from yingke.models.breaker import Breaker, Breakers
from yingke.models.budget import Budget, read_budget
from yingke.models.call import CallLimits, Text
from yingke.models.contract import ChatMessage, ModelBusy, ModelError
from yingke.models.endpoints import PURPOSES, Endpoint, choose_models, make_model
from yingke.models.line import Line
from yingke.models.meter import Meter
from yingke.models.ready_model import ReadyModel
from yingke.models.turnstile import Turnstile
from yingke.models.usage import read_spent

log = structlog.get_logger("models")

KEEP_SECONDS = 5.0
MOST_WORKSPACES = 10_000


@dataclass(slots=True)
class _Known:
    line: Line
    until: float
    endpoints: list[Endpoint]
    budget: Budget
    offset: int


class Switchboard:
    """One per process. Looks at most every 5 s what a workspace has set; never once per call."""

    def __init__(self, db: Database, outgoing: Outgoing, secrets: Secrets, settings: Settings) -> None:
        self.breakers = Breakers()
        self.meter = Meter(db)
        self.turnstile = Turnstile(settings.model_calls, settings.model_calls_each)
        self.levels: Counter[int] = Counter()
        """How many answers were given at each step of the ladder."""
        self.steps_down: Counter[str] = Counter()
        """Why answers came from further down than the first step, in words of `assistants.engines.step_down`."""
        self._db = db
        self._outgoing = outgoing
        self._secrets = secrets
        self._settings = settings
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._looking: dict[int, asyncio.Task[Line]] = {}

    async def line_of(self, workspace_id: int) -> Line:
        """Empty where no endpoint is enabled or the database is away and nothing is known."""
        known = self._known.get(workspace_id)
        if known is not None and time.monotonic() < known.until:
            return known.line
        looking = self._looking.get(workspace_id)
        if looking is None:
            looking = asyncio.create_task(self._look(workspace_id))
            self._looking[workspace_id] = looking
        return await asyncio.shield(looking)

    async def write(
        self, workspace_id: int, purpose: str, messages: list[ChatMessage], limits: CallLimits
    ) -> str | None:
        """A whole text by the first model of `purpose` that manages it; None where none is set or the budget is spent.

        Raises the last ModelError. Never inside a transaction.
        """
        line = await self.line_of(workspace_id)
        models = line.of(purpose)
        if not models or line.why_not() is not None:
            return None
        problem: ModelError = ModelBusy("none")
        for ready in models:
            said = []
            try:
                async with aclosing(ready(messages, limits=limits)) as progress:
                    async for step in progress:
                        if isinstance(step, Text):
                            said.append(step.text)
                return "".join(said)
            except ModelError as found:
                problem = found
        raise problem

    def trial_of(self, workspace_id: int, endpoint: Endpoint) -> Line:
        """One endpoint alone, with a breaker of its own: for golden questions. Raises SealBroken."""
        known = self._known.get(workspace_id)
        ready = self._ready(workspace_id, endpoint, "trial", known.budget if known else Budget(), Breaker())
        return Line(workspace_id, {"answer": (ready,)}, known.budget if known else Budget(), self.meter)

    def breaker_of(self, workspace_id: int, endpoint: Endpoint) -> Breaker:
        return self.breakers.of(f"{workspace_id}:{show_id(endpoint.id)}:{endpoint.base_url}", endpoint.model)

    def forget(self, workspace_id: int) -> None:
        """Somebody changed the line-up or the budget here: look again. Other processes do within seconds."""
        known = self._known.get(workspace_id)
        if known is not None:
            known.until = 0.0

    async def close(self) -> None:
        """Writes what was counted."""
        await self.meter.close()

    async def _look(self, workspace_id: int) -> Line:
        known = self._known.get(workspace_id)
        try:
            async with self._db.transaction(workspace_id) as tx:
                endpoints = await choose_models(tx, workspace_id)
                budget, spent, offset = Budget(), None, 0
                if endpoints:
                    budget = await read_budget(tx, workspace_id)
                    spent = await read_spent(tx, workspace_id)
                    offset = await _utc_offset(tx, workspace_id)
        except Problem:
            # The database is away: what was known goes on; nothing new is called.
            return known.line if known is not None else Line(workspace_id)
        finally:
            del self._looking[workspace_id]
        if spent is not None:
            self.meter.know(workspace_id, spent, budget)
        if known is None or (known.endpoints, known.budget, known.offset) != (endpoints, budget, offset):
            line = self._line(workspace_id, endpoints, budget, offset)
            known = _Known(line, 0.0, endpoints, budget, offset)
            self._known[workspace_id] = known
        known.until = time.monotonic() + KEEP_SECONDS
        self._known.move_to_end(workspace_id)
        if len(self._known) > MOST_WORKSPACES:
            self._known.popitem(last=False)
        return known.line

    def _line(self, workspace_id: int, endpoints: list[Endpoint], budget: Budget, offset: int) -> Line:
        models: dict[str, tuple[ReadyModel, ...]] = {}
        has_lost_keys = False
        for endpoint in endpoints:
            try:
                ready = self._ready(workspace_id, endpoint, "answer", budget, self.breaker_of(workspace_id, endpoint))
            except SealBroken:
                log.warning("model key cannot be opened", endpoint=endpoint.id)
                has_lost_keys = True
                continue
            for purpose in PURPOSES:
                if purpose in endpoint.purposes:
                    models[purpose] = (*models.get(purpose, ()), ready.for_purpose(purpose))
        return Line(workspace_id, models, budget, self.meter, offset, has_lost_keys)

    def _ready(
        self, workspace_id: int, endpoint: Endpoint, purpose: str, budget: Budget, breaker: Breaker
    ) -> ReadyModel:
        return ReadyModel(
            model=make_model(endpoint, self._outgoing, self._secrets, self._settings),
            breaker=breaker,
            workspace_id=workspace_id,
            endpoint_id=endpoint.id,
            name=endpoint.name,
            can_use_tools=endpoint.can_use_tools,
            price=endpoint.price,
            purpose=purpose,
            meter=self.meter,
            turnstile=self.turnstile,
            most_at_once=budget.concurrent,
        )


async def _utc_offset(tx: Any, workspace_id: int) -> int:
    offset: int = await tx.fetchval(
        "select extract(epoch from (now() at time zone time_zone) - (now() at time zone 'UTC'))::int from workspaces"
        " where id = $1",
        workspace_id,
    )
    return offset
