"""Picks the engine of a workspace: its own enabled endpoint, or the embedded one."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

import structlog

from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.engines.chat import ChatEngine
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.assistants.engines.scripted import ScriptedEngine
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.kit.ids import show_id
from yingke.kit.secrets import SealBroken, Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.library import Library
from yingke.models.breaker import Breakers
from yingke.models.endpoints import Endpoint, find_enabled_endpoint, make_model

log = structlog.get_logger("engines")

KEEP_SECONDS = 5.0
MOST_WORKSPACES = 10_000


@dataclass(slots=True)
class _Known:
    """A workspace's engine and until when it may be used without looking again."""

    engine: Engine
    until: float
    endpoint: Endpoint | None = None
    shop_names: dict[int, str] | None = None


class ChosenEngine(Engine):
    """One per process. Looks at most every 5 s whether a workspace has an endpoint of its own; never once per turn."""

    def __init__(
        self, settings: Settings, db: Database, library: Library, outgoing: Outgoing, secrets: Secrets
    ) -> None:
        self.breakers = Breakers()
        self._settings = settings
        self._db = db
        self._library = library
        self._outgoing = outgoing
        self._secrets = secrets
        self._embedded = EmbeddedEngine(library)
        self._stand_in = EmbeddedEngine(library, degraded_level=2)
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._looking: dict[int, asyncio.Task[Engine]] = {}

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        if question.otherwise.engine == "embedded":
            return await self._embedded.answer(question, on_delta)
        engine = await self._engine_of(question.workspace_id)
        return await engine.answer(question, on_delta)

    async def _engine_of(self, workspace_id: int) -> Engine:
        known = self._known.get(workspace_id)
        if known is not None and time.monotonic() < known.until:
            return known.engine
        looking = self._looking.get(workspace_id)
        if looking is None:
            looking = asyncio.create_task(self._look(workspace_id))
            self._looking[workspace_id] = looking
        return await asyncio.shield(looking)

    async def _look(self, workspace_id: int) -> Engine:
        known = self._known.get(workspace_id)
        try:
            async with self._db.transaction(workspace_id) as tx:
                endpoint = await find_enabled_endpoint(tx)
                rows = await tx.fetch("select id, name from shops") if endpoint is not None else []
        except Problem:
            # The database is away: what was known goes on; nothing new is called.
            return known.engine if known is not None else self._embedded
        finally:
            del self._looking[workspace_id]
        names = {row["id"]: row["name"] for row in rows}
        if known is None or known.endpoint != endpoint or known.shop_names != names:
            known = _Known(self._make(workspace_id, endpoint, names), 0.0, endpoint, names)
            self._known[workspace_id] = known
        known.until = time.monotonic() + KEEP_SECONDS
        self._known.move_to_end(workspace_id)
        if len(self._known) > MOST_WORKSPACES:
            self._known.popitem(last=False)
        return known.engine

    def _make(self, workspace_id: int, endpoint: Endpoint | None, shop_names: dict[int, str]) -> Engine:
        if endpoint is None:
            return self._embedded
        try:
            model = make_model(endpoint, self._outgoing, self._secrets, self._settings)
        except SealBroken:
            log.warning("model key cannot be opened", endpoint=endpoint.id)
            return self._stand_in
        breaker = self.breakers.of(f"{workspace_id}:{show_id(endpoint.id)}:{endpoint.base_url}", endpoint.model)
        return ChatEngine(self._library, model, breaker, shop_names)


def build_engine(
    settings: Settings, db: Database, library: Library, encoder: Encoder, outgoing: Outgoing, secrets: Secrets
) -> Engine:
    """The engine of one process. `encoder` encodes the questions; `settings.scripted_model` replaces all thinking by a fixed sentence."""
    if settings.scripted_model:
        return ScriptedEngine()
    library.encoder = encoder
    return ChosenEngine(settings, db, library, outgoing, secrets)
