"""The assistants of one process: what a workspace's shop lets them do, looked up rarely, and their answer to a turn."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from yingke.assistants.consider import Considered
from yingke.assistants.engine import Question, Reply
from yingke.assistants.goods.shelf import Shelf
from yingke.assistants.goods.shelves import Shelves
from yingke.assistants.guarding.planted import without_planted
from yingke.assistants.own_tools.own_tool import OwnTool
from yingke.assistants.own_tools.own_tools import OwnTools
from yingke.assistants.serve import CONTINUES, serve
from yingke.assistants.skills.contract import Skill
from yingke.assistants.skills.pieces.ask_contact import after_answer
from yingke.assistants.skills.pieces.changing import propose
from yingke.assistants.skills.pieces.talk import Pending, Talk
from yingke.assistants.skills.pieces.work import Request, Work
from yingke.assistants.team_versions.config import SKILLS, TOOLS, read_config
from yingke.assistants.team_versions.version import BUILT, TeamVersion, choose_version, live_and_candidate
from yingke.assistants.tools.contract import Session, Tool
from yingke.assistants.tools.pieces.belt import ToolBelt
from yingke.assistants.tools.pieces.model_box import ModelBox
from yingke.commerce.connections.live import Live
from yingke.commerce.contract import Shops
from yingke.commerce.finding.listings import Listings
from yingke.commerce.prices.kept_offers import KeptOffers
from yingke.commerce.words.own_words import hearing
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.knowledge.encoder import Encoder

KEEP_SECONDS = 10.0
DOERS = ("after_sales", "complaint", "payment", "contact_taking")
"""Skills that have something done. From `DOES` on they take a turn also where a model answers the others."""
DOES = 0.9
MOST_WORKSPACES = 10_000


@dataclass(frozen=True, slots=True)
class _Shop:
    """What there is to work with, until when that is believed."""

    has_orders: bool
    has_products: bool
    zone: ZoneInfo
    until: float
    live: TeamVersion = BUILT
    candidate: TeamVersion | None = None
    own: tuple[OwnTool, ...] = ()
    """What the merchant made himself, and switched on."""


_NOTHING = _Shop(False, False, ZoneInfo("UTC"), 0.0)


class Team:
    """Asks at most every 10 s what a workspace has and how its team works; a turn costs no query of its own."""

    def __init__(self, db: Database, shops: Shops, encoder: Encoder | None = None, own: OwnTools | None = None) -> None:
        self._own = own
        self._shelves = Shelves(db, encoder) if encoder is not None else None
        self._db = db
        self._shops = shops
        self._live = Live(db, shops)
        self._listings, self._offers = Listings(db), KeptOffers()
        self._skills: list[Skill] = [skill() for skill in SKILLS]
        self._tools: list[Tool] = [tool() for tool in TOOLS]
        self._known: OrderedDict[int, _Shop] = OrderedDict()
        self._looking: dict[int, asyncio.Task[_Shop]] = {}

    async def serve(self, considered: Considered, degraded_level: int = 0, used_before: int = 0) -> Reply:
        """The answer of the skills and the knowledge together. Raises nothing that the knowledge alone would not.

        `used_before`: calls of tools that a model made in this turn before it failed.
        """
        belt = await self.belt(considered.question, considered.tag)
        belt.used_before = used_before
        version = self._version(considered.question)
        skills = [skill for skill in self._skills if skill.name not in version.config.skills_off]
        shelf = await self._shelf(considered.question.workspace_id)
        with hearing(shelf.own_words if shelf is not None else None):
            reply = await serve(
                considered, belt, skills, version.wordings, degraded_level, version.config.contact, shelf
            )
        self.sign(considered.question, reply)
        return reply

    def sign(self, question: Question, reply: Reply) -> None:
        """Notes on an answer which version of the team gave it, and what that version wants beside it."""
        version = self._version(question)
        reply.may_comfort = reply.may_comfort and version.config.comforts
        if version.number:
            reply.trace["team"] = version.number

    def comforts(self, workspace_id: int, conversation_id: int) -> bool:
        """Whether the version that serves this conversation wants comfort before an answer, also before a streamed one."""
        shop = self._known.get(workspace_id, _NOTHING)
        return choose_version(shop.live, shop.candidate, conversation_id).config.comforts

    def version_of(self, question: Question) -> TeamVersion:
        """Which version serves a turn whose tools were asked for a moment ago."""
        return self._version(question)

    async def box(self, considered: Considered) -> ModelBox:
        """The same tools as a language model may use them; a change it may only propose, see `complete`."""
        question = considered.question
        said = [*(one.text for one in question.history if one.author == "contact"), *question.texts]
        return ModelBox(await self.belt(question, considered.tag), said, without_planted)

    async def takes(self, considered: Considered) -> bool:
        """True when a skill serves the turn whatever the engine: it answers what the skill asked for, or wants something
        done, and what is done is decided by rules."""
        if considered.shortcut is not None and not considered.question.talk:
            return False
        work = await self._work(considered)
        off = self._version(considered.question).config.skills_off
        usable = [one for one in self._skills if one.name not in off and all(map(work.belt.has, one.tools))]
        whole = Request(work.text, work.text, considered.intent)
        sure = {one.name: one.claims(work, whole) for one in usable}
        is_awaited = work.talk.asked is not None and max(sure.values(), default=0.0) >= CONTINUES
        return is_awaited or max((sure.get(name, 0.0) for name in DOERS), default=0.0) >= DOES

    async def complete(self, considered: Considered, reply: Reply, box: ModelBox) -> None:
        """Puts under a model's answer what only the house may say: the question for the yes to a change it proposed, and
        what becomes of details that the customer left."""
        work = await self._work(considered)
        talk = work.talk
        before = talk.shown()
        if talk.asked == "confirm":
            # Something else came in between: a later yes would be a yes to that.
            talk.asked = talk.pending = None
        reply.hand_off = reply.hand_off or box.hand_off
        if (proposal := box.proposal) is not None:
            order = proposal.order
            pending = Pending(proposal.kind, order["id"], order["number"], [*proposal.items], reason=work.text[:200])
            served = propose(work, pending, order)
            talk.skill = pending.owner
            reply.hand_off = reply.hand_off or served.hand_off
            reply.text = "\n".join(part for part in (reply.text.strip(), served.text) if part)
            # A question of the house is no promise of the model.
            reply.facts += (served.text or "",)
            reply.settles_order = True
        await after_answer(work, considered, reply, [], [])
        if talk.shown() != before:
            reply.talk = talk.shown()

    async def _work(self, considered: Considered) -> Work:
        question = considered.question
        belt, version = await self.belt(question, considered.tag), self._version(question)
        return Work(
            belt,
            Talk.of(question.talk),
            considered.tag,
            question.texts,
            version.wordings,
            contact=version.config.contact,
            language_before=question.language,
        )

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
            live=self._live,
            listings=self._listings,
            offers=self._offers,
        )
        is_talk = bool(question.conversation_id)
        there = {"products": shop.has_products, "orders": shop.has_orders and is_talk, "talk": is_talk}
        off = self._version(question).config.tools_off
        tools = [tool for tool in self._tools if there[tool.needs] and tool.name not in off]
        # Questions that no customer waits for (previews, golden runs) leave the merchant's systems alone.
        own = [tool for tool in shop.own if is_talk and tool.ready.serves(question.shop_id)]
        return ToolBelt(session, [*tools, *own])

    def _version(self, question: Question) -> TeamVersion:
        """The one that `belt` looked up a moment ago."""
        if question.otherwise.team is not None:
            return question.otherwise.team
        shop = self._known.get(question.workspace_id, _NOTHING)
        return choose_version(shop.live, shop.candidate, question.conversation_id)

    async def _shelf(self, workspace_id: int) -> Shelf | None:
        """Looked up after `belt`, which says whether there are goods."""
        has_goods = self._known.get(workspace_id, _NOTHING).has_products
        return await self._shelves.of(workspace_id) if has_goods and self._shelves is not None else None

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
                    " exists (select 1 from products where workspace_id = $1 and is_listed) as has_products,"
                    " (select jsonb_agg(jsonb_build_array(state, number, percent, config)) from team_versions"
                    "  where workspace_id = $1 and state in ('live', 'candidate')) as versions,"
                    " (select string_agg(id || '.' || version, ' ' order by id) from own_tools"
                    "  where workspace_id = $1 and is_on and deleted_at is null) as own_tools"
                    " from workspaces where id = $1",
                    workspace_id,
                )
            own = (
                await self._own.of(workspace_id, row["own_tools"]) if row is not None and self._own is not None else ()
            )
        except Problem:
            # The database is away: what was known goes on.
            return self._known.get(workspace_id, _NOTHING)
        finally:
            del self._looking[workspace_id]
        if row is None:
            return _NOTHING
        until = time.monotonic() + KEEP_SECONDS
        live, candidate = live_and_candidate(
            [
                (state, TeamVersion(number, read_config(config), percent))
                for state, number, percent, config in row["versions"] or []
            ]
        )
        shop = _Shop(row["has_orders"], row["has_products"], ZoneInfo(row["time_zone"]), until, live, candidate, own)
        self._known[workspace_id] = shop
        self._known.move_to_end(workspace_id)
        if len(self._known) > MOST_WORKSPACES:
            self._known.popitem(last=False)
        return shop
