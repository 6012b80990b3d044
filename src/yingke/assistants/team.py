"""The assistants of one process: what a workspace's shop lets them do, looked up rarely, and their answer to a turn."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from yingke.assistants import skills, tools
from yingke.assistants.consider import Considered
from yingke.assistants.engine import Question, Reply
from yingke.assistants.serve import serve
from yingke.assistants.skills.contract import Skill
from yingke.assistants.tools.contract import Session, Tool
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.assistants.tools.pieces.model_box import ModelBox
from yingke.commerce.contract import Shops
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.plug_ins import load_plug_ins

KEEP_SECONDS = 10.0
MOST_WORKSPACES = 10_000


@dataclass(frozen=True, slots=True)
class _Shop:
    """What there is to work with, until when that is believed."""

    has_orders: bool
    has_products: bool
    zone: ZoneInfo
    until: float


_NOTHING = _Shop(False, False, ZoneInfo("UTC"), 0.0)


class Team:
    """Asks at most every 10 s whether a workspace has products and orders; a turn costs no query of its own."""

    def __init__(self, db: Database, shops: Shops) -> None:
        self._db = db
        self._shops = shops
        self._skills: list[Skill] = [skill() for skill in load_plug_ins(skills, Skill)]  # type: ignore[type-abstract]
        self._tools: list[Tool] = [tool() for tool in load_plug_ins(tools, Tool)]  # type: ignore[type-abstract]
        self._known: OrderedDict[int, _Shop] = OrderedDict()
        self._looking: dict[int, asyncio.Task[_Shop]] = {}

    async def serve(self, considered: Considered, degraded_level: int = 0) -> Reply:
        """The answer of the skills and the knowledge together. Raises nothing that the knowledge alone would not."""
        belt = await self.belt(considered.question, considered.tag)
        return await serve(considered, belt, self._skills, degraded_level)

    async def box(self, considered: Considered) -> ModelBox:
        """The same tools as a language model may use them; a change is left to the skills, which ask for a yes."""
        belt = await self.belt(considered.question, considered.tag)
        return ModelBox(belt, frozenset(tool.name for tool in belt.tools() if tool.changes))

    async def belt(self, question: Question, tag: str) -> ToolBelt:
        """The tools of one turn; none where the shop has nothing to look at."""
        shop = await self._shop(question.workspace_id)
        moment = question.otherwise.at or datetime.now(UTC)
        session = Session(
            db=self._db,
            shops=self._shops,
            workspace_id=question.workspace_id,
            shop_id=question.shop_id,
            conversation_id=question.conversation_id,
            through_seq=question.through_seq,
            language=tag,
            now=moment.astimezone(shop.zone),
        )
        there = {"products": shop.has_products, "orders": shop.has_orders and bool(question.conversation_id)}
        return ToolBelt(session, [tool for tool in self._tools if there[tool.needs]])

    async def _shop(self, workspace_id: int) -> _Shop:
        known = self._known.get(workspace_id)
        if known is not None and time.monotonic() < known.until:
            return known
        looking = self._looking.get(workspace_id)
        if looking is None:
            looking = asyncio.create_task(self._look(workspace_id))
            self._looking[workspace_id] = looking
        return await asyncio.shield(looking)

    async def _look(self, workspace_id: int) -> _Shop:
        try:
            async with self._db.transaction(workspace_id) as tx:
                row = await tx.fetchrow(
                    "select time_zone, exists (select 1 from orders where workspace_id = $1) as has_orders,"
                    " exists (select 1 from products where workspace_id = $1 and is_listed) as has_products"
                    " from workspaces where id = $1",
                    workspace_id,
                )
        except Problem:
            # The database is away: what was known goes on.
            return self._known.get(workspace_id, _NOTHING)
        finally:
            del self._looking[workspace_id]
        if row is None:
            return _NOTHING
        until = time.monotonic() + KEEP_SECONDS
        shop = _Shop(row["has_orders"], row["has_products"], ZoneInfo(row["time_zone"]), until)
        self._known[workspace_id] = shop
        self._known.move_to_end(workspace_id)
        if len(self._known) > MOST_WORKSPACES:
            self._known.popitem(last=False)
        return shop
