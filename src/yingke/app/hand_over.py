"""转人工: by the visitor's button, by his words, or because nobody else may speak."""

from yingke.app.panel_shapes import PanelHours, PersonAsked, QueuePlace
from yingke.assistants.engine import Question
from yingke.assistants.needs_person import needs_person
from yingke.assistants.reception import Reception
from yingke.assistants.turns import Turn
from yingke.assistants.wants_person import wants_person
from yingke.contacts.visitor import Visitor
from yingke.conversations.announce import announce
from yingke.conversations.open_conversation import find_open_conversation
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem, conflict
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job
from yingke.kit.live import Hub
from yingke.routing.hand_off import HandedOff, hand_off


class HandOver(Reception):
    def __init__(self, db: Database, hub: Hub) -> None:
        self._db = db
        self._hub = hub

    async def wants(self, question: Question, turn: Turn) -> bool:
        """Obeys a wish for a person in any wording, at once. False when the conversation changed hands meanwhile."""
        if not any(wants_person(text) for text in question.texts):
            return False
        return await self._hand_off(turn, "asked")

    def need(self, question: Question) -> str | None:
        return next((found for text in question.texts if (found := needs_person(text))), None)

    async def follow_up(self, turn: Turn, need: str) -> None:
        """What no document can settle (one order of his own, a complaint) waits for a person after the first words."""
        await self._hand_off(turn, need)

    async def finish(self, job: Job) -> None:
        """The job `hand_off`: nothing is left to do unless the process that answered died right after."""
        async with self._db.transaction(job.workspace_id) as tx:
            done = await hand_off(
                tx,
                job.workspace_id,
                int(job.ref),
                generation=job.data["generation"],
                reason=job.data["reason"],
                through_seq=job.data["through_seq"],
            )
            self._announce(done)
        if done is not None:
            self._tell_place(done)

    async def _hand_off(self, turn: Turn, reason: str) -> bool:
        async with self._db.transaction(turn.workspace_id) as tx:
            done = await hand_off(
                tx,
                turn.workspace_id,
                turn.conversation_id,
                generation=turn.generation,
                reason=reason,
                through_seq=turn.last_seq,
            )
            self._announce(done)
        if done is not None:
            self._tell_place(done)
        return done is not None

    async def by_wish(self, workspace_id: int, conversation_id: int) -> PersonAsked:
        """The button. Returns what the visitor is told: who has it, his place, the hours."""
        async with self._db.transaction(workspace_id) as tx:
            done = await hand_off(tx, workspace_id, conversation_id, generation=None, reason="asked", through_seq=None)
            self._announce(done)
        if done is None:
            raise conflict(
                "conversation_closed",
                "这段会话已结束，请直接发新消息。",
                "This conversation has ended. Send a new message.",
            )
        self._tell_place(done)
        return shape_wish(conversation_id, done)

    async def conversation_of(self, visitor: Visitor) -> int:
        """The visitor's open conversation; an empty one when he has none."""
        async with self._db.transaction(visitor.workspace_id) as tx:
            found = await find_open_conversation(tx, visitor.workspace_id, visitor.identity_id)
            return found if found is not None else await _open_empty(tx, visitor)

    def _announce(self, done: HandedOff | None) -> None:
        if done is not None:
            announce(self._hub, done.change, lambda file_id, name: "")

    def _tell_place(self, done: HandedOff) -> None:
        if done.place is not None:
            self._hub.signal(
                done.change.conversation_id,
                {
                    "type": "queue",
                    "conversation_id": show_id(done.change.conversation_id),
                    "position": done.place.position,
                    "eta_seconds": done.place.eta_seconds,
                },
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
