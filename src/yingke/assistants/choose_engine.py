"""Picks the engine of a workspace: its own enabled models, or the embedded one."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.assistants.engines.chat import ChatEngine, ToolBoxes
from yingke.assistants.engines.embedded import EmbeddedEngine
from yingke.assistants.engines.ladder import limits_of
from yingke.assistants.engines.scripted import ScriptedEngine
from yingke.assistants.engines.step_down import reason_of
from yingke.assistants.team import Team
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.library import Library
from yingke.models.line import Line
from yingke.models.switchboard import Switchboard

MOST_WORKSPACES = 10_000
KEEP_NAMES_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Known:
    """The engine made for a line-up; another line-up needs another engine."""

    line: Line
    engine: Engine
    until: float


class ChosenEngine(Engine):
    """One per process. `boxes` makes the tools of a turn for models; `team` serves where no model speaks."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        library: Library,
        switchboard: Switchboard,
        boxes: ToolBoxes | None = None,
        team: Team | None = None,
    ) -> None:
        self._limits = limits_of(settings)
        self._db = db
        self._library = library
        self._switchboard = switchboard
        self._boxes = boxes
        self._team = team
        self._embedded = EmbeddedEngine(library, team)
        self._stand_in = EmbeddedEngine(library, team, degraded_level=2)
        self._known: OrderedDict[int, _Known] = OrderedDict()

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        if question.otherwise.engine == "embedded":
            return await self._embedded.answer(question, on_delta)
        engine = await self._engine_of(question.workspace_id)
        reply = await engine.answer(question, on_delta)
        self._switchboard.levels[reply.degraded_level] += 1
        if reply.degraded_level and (why := reason_of(reply.trace)) is not None:
            self._switchboard.steps_down[why] += 1
        return reply

    async def _engine_of(self, workspace_id: int) -> Engine:
        line = await self._switchboard.line_of(workspace_id)
        known = self._known.get(workspace_id)
        now = time.monotonic()
        if known is None or known.line is not line or now > known.until:
            known = _Known(line, await self._make(line), now + KEEP_NAMES_SECONDS)
            self._known[workspace_id] = known
            self._known.move_to_end(workspace_id)
            if len(self._known) > MOST_WORKSPACES:
                self._known.popitem(last=False)
        return known.engine

    async def _make(self, line: Line) -> Engine:
        if line.has_lost_keys and not line.of("answer"):
            return self._stand_in
        if not (line.of("answer") or line.of("small")):
            return self._embedded
        names = await self._shop_names(line.workspace_id)
        return ChatEngine(self._library, line, names, self._limits, self._boxes, self._team)

    async def _shop_names(self, workspace_id: int) -> dict[int, str]:
        """Read once a minute; none with the database away."""
        try:
            async with self._db.transaction(workspace_id) as tx:
                return {row["id"]: row["name"] for row in await tx.fetch("select id, name from shops")}
        except Problem:
            return {}


def build_engine(
    settings: Settings,
    db: Database,
    library: Library,
    encoder: Encoder,
    outgoing: Outgoing,
    secrets: Secrets,
    switchboard: Switchboard | None = None,
    boxes: ToolBoxes | None = None,
    team: Team | None = None,
) -> Engine:
    """The engine of one process. `encoder` encodes the questions; `settings.scripted_model` replaces all thinking by a
    fixed sentence; without a `switchboard` of the process it has one of its own."""
    if settings.scripted_model:
        return ScriptedEngine()
    library.encoder = encoder
    board = switchboard or Switchboard(db, outgoing, secrets, settings)
    return ChosenEngine(settings, db, library, board, boxes, team)
