"""转人工: by the visitor's button, by his words, by what he is about, or because nobody else may speak."""

import asyncio
import time

from yingke.app.panel_shapes import PanelHours, PersonAsked, QueuePlace
from yingke.app.rules_at_work import RulesAtWork
from yingke.assistants.engine import Question, Reply
from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.guarding.raise_danger import raise_danger
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once
from yingke.assistants.needs_person import needs_person
from yingke.assistants.reception import BY_RULE, Reception
from yingke.assistants.turns import Turn
from yingke.assistants.wants_person import wants_person
from yingke.contacts.visitor import Visitor
from yingke.conversations.announce import announce
from yingke.conversations.locked import Change
from yingke.conversations.open_conversation import find_open_conversation
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, conflict
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job
from yingke.kit.live import Frame, Hub
from yingke.routing.hand_off import HandedOff, hand_off
from yingke.routing.modes import Receptions
from yingke.routing.rules.rule import Rule
from yingke.routing.speak_for_people import Code, speak_for_people
from yingke.routing.staffing import Staffing
from yingke.routing.tell_queue import queue_frame
from yingke.routing.unanswered import should_hand_over

AGENT_PAUSE, AGENT_PATIENCE = 2.5, 5.0
"""Seconds of silence after an agent's keystroke before the assistant answers, and how long it waits at most."""
MOST_TYPING = 10_000
DANGER = "danger:"


class HandOver(Reception):
    """One per process. Reasons: danger:<topic>, asked, angry, rule:<id>:<name>, complaint, order, person_first, no_answer."""

    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub
        self._receptions = Receptions(db)
        self._rules = RulesAtWork(db, self._receptions)
        self._typing: dict[int, float] = {}
        hub.overhearers.append(self._overhear)

    async def wants(self, question: Question, turn: Turn) -> bool:
        """Obeys a wish for a person in any wording, at once, and a shop where people speak first or alone.

        True when no answer is owed any more: handed over, or told that only the assistant is on duty.
        """
        if any(wants_person(text) for text in question.texts):
            return await self._hand_off(turn, _danger(question) or "asked")
        if await self._ruled_before(question, turn):
            return True
        now = await self._receptions.of(turn.workspace_id, turn.shop_id)
        if now.mode == "assistant_suggests":
            return await self._hand_off(turn, _danger(question) or "person_first")
        if now.mode == "person_first":
            if now.staffing.should_leave_message:
                await self._say_alone(turn, "nobody_here", now.staffing, covers=False)
            elif await self._hand_off(turn, _danger(question) or "person_first", only_first=True):
                return True
        await self._let_agent_type(turn.conversation_id)
        return False

    async def ruled(self, question: Question, turn: Turn, reply: Reply) -> bool:
        """What the merchant's rules say of a reply that is about to be stored."""
        rule = await self._rules.after(question, turn, reply)
        if rule is None:
            return False
        reply.trace["rule"] = [rule.id, rule.name]
        if rule.act == "hand_over":
            return await self._hand_off(turn, _by_rule(rule))
        reply.hand_off = _by_rule(rule)
        return False

    async def _ruled_before(self, question: Question, turn: Turn) -> bool:
        """Danger and anger go before any rule: they have their own ways."""
        if _danger(question) is not None or any(map(is_angry_at_once, question.texts)):
            return False
        rule = await self._rules.before(question, turn)
        return rule is not None and await self._hand_off(turn, _by_rule(rule))

    def need(self, question: Question) -> str | None:
        return _danger(question) or next((found for text in question.texts if (found := needs_person(text))), None)

    async def angry(self, turn: Turn) -> bool:
        """The assistant says nothing more to somebody who is angry. False when it changed hands meanwhile."""
        return await self._hand_off(turn, "angry")

    async def unanswered(self, turn: Turn, reply: Reply) -> str | None:
        """A `reply` that is no answer is about to be stored: "no_answer" when it is one too many in a row."""
        async with self._db.transaction(turn.workspace_id) as tx:
            return "no_answer" if await should_hand_over(tx, turn.workspace_id, turn.conversation_id) else None

    async def follow_up(self, turn: Turn, need: str) -> None:
        """What no document can settle (one order of his own, a complaint) waits for a person after the first words."""
        await self._hand_off(turn, need)

    async def finish(self, job: Job) -> None:
        """The job `hand_off`: nothing is left to do unless the process that answered died right after."""
        async with self._db.transaction(job.workspace_id) as tx:
            shop_id = await tx.fetchval("select shop_id from conversations where id = $1", int(job.ref))
        if shop_id is None:
            return
        turn = Turn(job.workspace_id, int(job.ref), shop_id, job.data["generation"], 0)
        turn.last_seq = job.data["through_seq"]
        await self._hand_off(turn, job.data["reason"])

    async def _hand_off(self, turn: Turn, reason: str, *, only_first: bool = False) -> bool:
        now = await self._receptions.of(turn.workspace_id, turn.shop_id)
        if now.mode == "assistant_only" and not reason.startswith(DANGER):
            return await self._say_alone(turn, "assistant_only", now.staffing, covers=True)
        group_id = await self._rules.group_of(turn.workspace_id, reason)
        async with self._db.transaction(turn.workspace_id) as tx:
            done = await hand_off(
                tx,
                turn.workspace_id,
                turn.conversation_id,
                generation=turn.generation,
                reason=reason,
                through_seq=turn.last_seq,
                order=await _order_of(tx, turn.workspace_id, turn.conversation_id),
                only_first=only_first,
                group_id=group_id,
            )
            if done is not None and reason.startswith(DANGER):
                topic = reason.removeprefix(DANGER)
                await raise_danger(tx, turn.workspace_id, turn.conversation_id, topic, turn.last_seq)
            self._announce(done.change if done is not None else None)
        if done is not None:
            self._tell_place(done)
        return done is not None

    async def _say_alone(self, turn: Turn, code: Code, state: Staffing, *, covers: bool) -> bool:
        """`covers`: the line ends the turn; otherwise it stands once, before the assistant's first answer."""
        async with self._db.transaction(turn.workspace_id) as tx:
            change = await speak_for_people(
                tx,
                turn.workspace_id,
                turn.conversation_id,
                code,
                generation=turn.generation,
                through_seq=turn.last_seq if covers else None,
                opens_at=state.opens_at,
                only_once=not covers,
            )
            self._announce(change)
        return change is not None

    async def by_wish(self, workspace_id: int, conversation_id: int) -> PersonAsked:
        """The button. Returns what the visitor is told: who has it, his place, the hours."""
        async with self._db.transaction(workspace_id) as tx:
            shop_id = await tx.fetchval("select shop_id from conversations where id = $1", conversation_id)
        now = await self._receptions.of(workspace_id, shop_id)
        if now.mode == "assistant_only":
            return await self._wish_alone(workspace_id, conversation_id, now.staffing)
        async with self._db.transaction(workspace_id) as tx:
            order = await _order_of(tx, workspace_id, conversation_id)
            done = await hand_off(
                tx, workspace_id, conversation_id, generation=None, reason="asked", through_seq=None, order=order
            )
            self._announce(done.change if done is not None else None)
        if done is None:
            raise _closed()
        self._tell_place(done)
        return shape_wish(conversation_id, done)

    async def _wish_alone(self, workspace_id: int, conversation_id: int, state: Staffing) -> PersonAsked:
        """Only the assistant is on duty: the panel opens the form for leaving word."""
        async with self._db.transaction(workspace_id) as tx:
            change = await speak_for_people(
                tx,
                workspace_id,
                conversation_id,
                "assistant_only",
                generation=None,
                through_seq=None,
                opens_at=state.opens_at,
            )
            self._announce(change)
            handled_by = await tx.fetchval(
                "select handled_by from conversations where id = $1 and status = 'open'", conversation_id
            )
        if handled_by is None:
            raise _closed()
        return PersonAsked(show_id(conversation_id), handled_by, None, PanelHours(False, state.opens_at), False)

    async def conversation_of(self, visitor: Visitor) -> int:
        """The visitor's open conversation; an empty one when he has none."""
        async with self._db.transaction(visitor.workspace_id) as tx:
            found = await find_open_conversation(tx, visitor.workspace_id, visitor.identity_id)
            return found if found is not None else await _open_empty(tx, visitor)

    def _overhear(self, conversation_id: int, frame: Frame) -> None:
        if frame.get("type") == "typing" and frame.get("from") == "agent":
            if len(self._typing) > MOST_TYPING:
                self._typing.clear()
            self._typing[conversation_id] = time.monotonic()

    async def _let_agent_type(self, conversation_id: int) -> None:
        """An agent who has the conversation open is writing: his first message takes it over."""
        began = time.monotonic()
        while (typed := self._typing.get(conversation_id)) is not None:
            now = time.monotonic()
            left = min(typed + AGENT_PAUSE, began + AGENT_PATIENCE) - now
            if left <= 0:
                del self._typing[conversation_id]
                return
            await asyncio.sleep(left)

    def _announce(self, change: Change | None) -> None:
        announce(self._hub, change, lambda file_id, name: "")

    def _tell_place(self, done: HandedOff) -> None:
        if done.place is not None:
            self._hub.signal(done.change.conversation_id, queue_frame(done.change.conversation_id, done.place))


def _danger(question: Question) -> str | None:
    topic = next((found for text in question.texts if (found := danger_of(text))), None)
    return DANGER + topic if topic is not None else None


async def _order_of(tx: Transaction, workspace_id: int, conversation_id: int) -> tuple[int, str] | None:
    """Worth and number of the dearest order that was spoken of; a large one goes before others in the queue."""
    row = await tx.fetchrow(
        "select coalesce(o.paid_minor, o.total_minor) as minor, o.number from order_links l join orders o"
        " on o.workspace_id = l.workspace_id and o.id = l.order_id where l.workspace_id = $1 and l.conversation_id = $2"
        " order by 1 desc, o.id limit 1",
        workspace_id,
        conversation_id,
    )
    return (int(row["minor"]), str(row["number"])) if row is not None else None


def _by_rule(rule: Rule) -> str:
    return f"{BY_RULE}{rule.id}:{rule.name}"


def _closed() -> Problem:
    return conflict(
        "conversation_closed",
        "这段会话已结束，请直接发新消息。",
        "This conversation has ended. Send a new message.",
    )


async def _open_empty(tx: Transaction, visitor: Visitor) -> int:
    conversation_id = await tx.fetchval(
        "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id) values ($1, $2, $3, $4)"
        " on conflict (workspace_id, identity_id) where status = 'open' do update set status = 'open' returning id",
        visitor.workspace_id,
        visitor.shop_id,
        visitor.channel_account_id,
        visitor.identity_id,
    )
    if conversation_id is None:
        raise Problem(503, "busy", "请再试一次。", "Please try again.")
    await record_event(tx, visitor.workspace_id, "conversation_created", conversation_id=conversation_id)
    return int(conversation_id)


def shape_wish(conversation_id: int, done: HandedOff) -> PersonAsked:
    place = done.place
    return PersonAsked(
        show_id(conversation_id),
        done.change.handled_by,
        QueuePlace(place.position, place.eta_seconds) if place is not None else None,
        PanelHours(done.staffing.is_open, done.staffing.opens_at),
        done.staffing.agents_online,
    )
