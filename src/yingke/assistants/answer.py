"""One answer per turn, started right after commit in the process that stored the message, finished by any other."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from yingke.assistants.engine import Engine, Question, Reply, Said, Stopped
from yingke.assistants.listen import Listener, is_angry
from yingke.assistants.memory import HISTORY, Known, Memory
from yingke.assistants.open_turn import OpenTurn
from yingke.assistants.owed import Owed
from yingke.assistants.pace import Pace
from yingke.assistants.pauses import Pauses
from yingke.assistants.reception import BY_RULE, Reception
from yingke.assistants.sense_later import sense_later
from yingke.assistants.showing import Comforts, Showing
from yingke.assistants.turns import Turn, read_turn
from yingke.assistants.wording import answer_of, is_about_danger, is_furious
from yingke.conversations.receive import Incoming, Received
from yingke.conversations.reply import Replied, Replier
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.live import Hub
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.languages import warm

log = structlog.get_logger("answers")


class Desk:
    """All turns of one process. `owner` is the name under which this process owes answers."""

    def __init__(
        self,
        db: Database,
        hub: Hub,
        replier: Replier,
        engine: Engine,
        owner: str,
        before: Reception,
        encoder: Encoder | None = None,
        pace: Pace | None = None,
        comforts: Comforts = lambda workspace_id, conversation_id: True,
    ) -> None:
        self._db = db
        self._hub = hub
        self._replier = replier
        self._engine = engine
        self._before = before
        self._pace = pace or Pace()
        self._open: dict[int, OpenTurn] = {}
        self._memory = Memory()
        self._pauses = Pauses()
        self._owed = Owed(db, owner)
        self._showing = Showing(hub, self._memory, comforts)
        self._listener = Listener(encoder, self._pace, self._memory, self._leave)
        self.answered = 0
        hub.overhearers.append(self._overhear)

    def received(self, message: Incoming, stored: Received) -> None:
        """Called right after the commit of a contact's message; starts or prolongs its turn."""
        if not stored.is_new or stored.handled_by != "assistant":
            return
        conversation_id = stored.conversation_id
        self._pauses.sent(conversation_id)
        entry = self._open.get(conversation_id)
        if entry is not None:
            entry.turn.add(stored.seq, message.text or "", message.type)
            self._listener.hear(entry, message.text or "")
            return
        turn = Turn(
            workspace_id=message.workspace_id,
            conversation_id=conversation_id,
            shop_id=stored.shop_id,
            generation=stored.generation,
            knowledge_version=stored.knowledge_version,
        )
        turn.add(stored.seq, message.text or "", message.type)
        # Something older is unanswered, or somebody else spoke meanwhile: read the talk from the log.
        turn.is_partial = not self._memory.is_complete(conversation_id, stored.seq)
        self._start(turn)

    def _leave(self, entry: OpenTurn) -> None:
        """Nothing more of the assistant is shown or stored; the conversation goes to a person."""
        if entry.is_leaving or self._open.get(entry.turn.conversation_id) is not entry:
            return
        entry.is_leaving = True
        self._showing.withdraw(entry, "angry")
        speaking = entry.task
        self._work(entry, self._call_person(entry))
        if speaking is not None:
            speaking.cancel()

    async def _call_person(self, entry: OpenTurn) -> None:
        """Should this process die here, the answer is still owed: whoever claims it hears the anger again."""
        turn = entry.turn
        try:
            turn.through_seq = turn.last_seq
            if await self._before.angry(turn):
                await sense_later(self._db, turn)
        except Problem as problem:
            log.warning("hand-over postponed", code=problem.code)
        finally:
            self._memory.forget(turn.conversation_id)
            self._hub.hint(turn.conversation_id)
            self._done(entry)

    def typing(self, conversation_id: int) -> None:
        """The visitor is writing on: the answer waits until he pauses."""
        self._pauses.typing(conversation_id)

    def stop(self, conversation_id: int, reply_id: str) -> None:
        """The visitor pressed stop: what was shown becomes the answer."""
        entry = self._open.get(conversation_id)
        if entry is not None and entry.reply_id == reply_id:
            entry.is_stopped = True

    def taken_over(self, conversation_id: int) -> None:
        """A person has it: no further delta leaves this process. The database refuses the answer in any case."""
        entry = self._open.get(conversation_id)
        if entry is None or entry.task is None or entry.is_leaving:
            return
        self._showing.withdraw(entry, "taken_over")
        if entry.task is not asyncio.current_task():
            entry.task.cancel()

    def _overhear(self, conversation_id: int, frame: dict[str, Any]) -> None:
        if frame.get("type") == "handled_by" and frame.get("handled_by") != "assistant":
            self.taken_over(conversation_id)

    async def close(self, seconds: float = 10) -> None:
        """Waits for running answers; what is left over another process finishes."""
        tasks = [entry.task for entry in self._open.values() if entry.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    async def recover(self) -> None:
        """Finishes what dead processes owe, renews the leases of slow answers of our own. Runs for ever."""
        await asyncio.to_thread(warm)
        while True:
            await asyncio.sleep(1)
            with contextlib.suppress(Problem):
                await self._owed.renew(self._open.values())
                for turn in await self._owed.claim():
                    if turn.conversation_id not in self._open:
                        self._start(turn)

    def _start(self, turn: Turn) -> None:
        entry = OpenTurn(turn)
        self._open[turn.conversation_id] = entry
        self._work(entry, self._run(entry))

    def _work(self, entry: OpenTurn, work: Coroutine[Any, Any, None]) -> None:
        entry.task = asyncio.create_task(work)
        entry.task.add_done_callback(lambda task: self._ended(entry, task))

    def _done(self, entry: OpenTurn) -> None:
        if entry.task is asyncio.current_task() and self._open.get(entry.turn.conversation_id) is entry:
            del self._open[entry.turn.conversation_id]

    def _ended(self, entry: OpenTurn, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("answer failed", error=type(error).__name__, exc_info=error)
            self._showing.withdraw(entry, "failed")

    async def _run(self, entry: OpenTurn) -> None:
        conversation_id = entry.turn.conversation_id
        try:
            while True:
                await self._pauses.wait(conversation_id)
                await self._pauses.gather(entry.turn)
                async with self._pace.admit(entry.turn):
                    outcome = await self._one_answer(entry)
                entry.started = time.monotonic()
                if outcome == "stored" and entry.turn.last_seq <= entry.turn.through_seq:
                    return
                if outcome in ("stored", "newer"):
                    continue
                # Somebody else answered, a person took it, or it is gone: the log knows; watchers read it there.
                self._memory.forget(conversation_id)
                self._hub.hint(conversation_id)
                if outcome in ("handed_off", "stale"):
                    await sense_later(self._db, entry.turn)
                return
        except Problem as problem:
            # Not stored: the owed row stays, and any process tries again when the lease ends.
            log.warning("answer postponed", code=problem.code)
            self._showing.withdraw(entry, "failed")
        finally:
            self._done(entry)

    async def _one_answer(self, entry: OpenTurn) -> str:
        turn = entry.turn
        known = await self._know(turn)
        if not turn.texts:
            await self._owed.drop(turn.conversation_id)
            return "answered"
        question = turn.question(known)
        turn.through_seq = turn.last_seq
        asked = len(turn.texts)
        if await self._before.wants(question, turn):
            return "handed_off"
        if is_angry(question.texts) and await self._before.angry(turn):
            return "handed_off"
        entry.begin()
        try:
            reply = await self._engine.answer(question, lambda text: self._showing.show(entry, text))
        except Stopped:
            return "newer"
        if is_furious(reply):
            self._showing.withdraw(entry, "angry")
            if await self._before.angry(turn):
                return "handed_off"
        if not is_about_danger(reply) and await self._before.ruled(question, turn, reply):
            self._showing.withdraw(entry, "taken_over")
            return "handed_off"
        self._showing.soothe(entry, question, reply)
        return await self._store(entry, question, reply, asked)

    async def _know(self, turn: Turn) -> Known:
        if turn.is_partial:
            self._memory.keep(turn.conversation_id, await read_turn(self._db, turn, HISTORY))
        return self._memory.of(turn.conversation_id)

    async def _store(self, entry: OpenTurn, question: Question, reply: Reply, asked: int) -> str:
        turn, known = entry.turn, self._memory.of(entry.turn.conversation_id)
        need = await self._need(turn, question, reply)
        answer = answer_of(turn, reply, need=need, may_restart=entry.may_restart, known=known)
        replied = await self._replier.reply(answer)
        if replied.outcome == "newer":
            entry.restarts += 1
        elif replied.outcome == "stored":
            entry.restarts = 0
            self.answered += 1
            self._remember(turn, asked, reply, replied, answer.understood or {})
            self._showing.deliver(entry, reply, replied)
            if need is not None:
                await self._before.follow_up(turn, need)
        else:
            self._showing.withdraw(entry, "taken_over")
        return replied.outcome

    async def _need(self, turn: Turn, question: Question, reply: Reply) -> str | None:
        """Why a person has to follow: a rule, the customer's words, what the engine says, too many answers that were none."""
        if is_about_danger(reply) or (reply.hand_off or "").startswith(BY_RULE):
            return reply.hand_off
        need = self._before.need(question)
        if need in ("order", "complaint") and reply.settles_order:
            need = None
        need = need or reply.hand_off
        return await self._before.unanswered(turn, reply) if need is None and reply.gap else need

    def _remember(self, turn: Turn, asked: int, reply: Reply, replied: Replied, understood: dict[str, Any]) -> None:
        known = self._memory.of(turn.conversation_id)
        said = (*(Said("contact", text) for text in turn.texts[:asked]), Said("assistant", reply.text, reply.cited))
        turn.drop(asked)
        self._memory.keep(
            turn.conversation_id,
            Known(
                # What came in between is still to be answered here; only then is this talk known to its end.
                last_seq=replied.seq or 0,
                history=(*known.history, *said),
                talk=known.talk if reply.talk is None else reply.talk,
                language=understood.get("language") or known.language,
                mood=understood.get("mood") or known.mood,
                understood=understood or known.understood,
            ),
        )
