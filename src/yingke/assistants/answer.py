"""One answer per turn, started right after commit in the process that stored the message, finished by any other."""

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from yingke.assistants.engine import Engine, Question, Reply, Said, Stopped
from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.memory import HISTORY, Known, Memory
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once
from yingke.assistants.mood.sense import sense
from yingke.assistants.mood.soothe import is_comfort, soothe
from yingke.assistants.pace import Pace
from yingke.assistants.pauses import Pauses
from yingke.assistants.reception import BY_RULE, Reception
from yingke.assistants.sense_later import sense_later
from yingke.assistants.turns import Turn, read_turn
from yingke.assistants.wording import FURIOUS, answer_of, frame_of, is_about_danger, is_furious, mood_of
from yingke.conversations.receive import LEASE_SECONDS, Incoming, Received
from yingke.conversations.reply import Replied, Replier
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.live import Hub
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold
from yingke.knowledge.languages import read_language, warm

log = structlog.get_logger("answers")

RESTARTS = 2


@dataclass(slots=True)
class _Open:
    """One conversation with unanswered messages in this process."""

    turn: Turn
    task: "asyncio.Task[None] | None" = None
    restarts: int = 0
    is_shown: bool = False
    is_stopped: bool = False
    is_leaving: bool = False
    """The customer is angry: nothing more is said, a person is called."""
    comfort: str = ""
    reply_id: str = ""
    deltas: int = 0
    started: float = field(default_factory=time.monotonic)


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
    ) -> None:
        self._db = db
        self._hub = hub
        self._replier = replier
        self._engine = engine
        self._owner = owner
        self._before = before
        self._encoder = encoder
        self._pace = pace or Pace()
        self._open: dict[int, _Open] = {}
        self._memory = Memory()
        self._pauses = Pauses()
        self._listening: set[asyncio.Task[None]] = set()
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
            self._listen(entry, message.text or "")
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

    def _listen(self, entry: _Open, text: str) -> None:
        """An answer is under way and the customer writes on: anger ends it, by the rules at once, by its vector soon.

        What is dangerous is answered by its own sentence, in the turn that begins next.
        """
        if self._pace.is_waiting(entry.turn.conversation_id):
            self._pace.said(entry.turn.conversation_id, text)
        elif _is_angry((text,)):
            self._leave(entry)
        elif self._encoder is not None and text and danger_of(text) is None:
            task = asyncio.create_task(self._listen_closely(self._encoder, entry, text))
            self._listening.add(task)
            task.add_done_callback(self._listening.discard)

    async def _listen_closely(self, encoder: Encoder, entry: _Open, text: str) -> None:
        with contextlib.suppress(Problem):
            vectors = await encoder.encode([fold(text)])
            mood = sense(text, vectors[0], self._memory.of(entry.turn.conversation_id).mood)
            if mood.label == "angry" and mood.confidence >= FURIOUS:
                self._leave(entry)

    def _leave(self, entry: _Open) -> None:
        """Nothing more of the assistant is shown or stored; the conversation goes to a person."""
        if entry.is_leaving or self._open.get(entry.turn.conversation_id) is not entry:
            return
        entry.is_leaving = True
        self._withdraw(entry, "angry")
        speaking = entry.task
        self._work(entry, self._call_person(entry))
        if speaking is not None:
            speaking.cancel()

    async def _call_person(self, entry: _Open) -> None:
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
        self._withdraw(entry, "taken_over")
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
                await self._renew()
                async with self._db.system() as tx:
                    rows = await tx.fetch("select * from claim_answers($1, $2, 200)", self._owner, LEASE_SECONDS)
                for row in rows:
                    if row["handled_by"] != "assistant":
                        async with self._db.system() as tx:
                            await tx.execute("select drop_owed_answers($1)", [row["conversation_id"]])
                    elif row["conversation_id"] not in self._open:
                        turn = Turn(
                            workspace_id=row["workspace_id"],
                            conversation_id=row["conversation_id"],
                            shop_id=row["shop_id"],
                            generation=row["generation"],
                            knowledge_version=row["knowledge_version"],
                            is_partial=True,
                        )
                        turn.through_seq = row["through_seq"]
                        self._start(turn)

    async def _renew(self) -> None:
        old = [key for key, entry in self._open.items() if time.monotonic() - entry.started > LEASE_SECONDS / 4]
        if old:
            async with self._db.system() as tx:
                await tx.execute("select renew_answers($1, $2, $3)", self._owner, old, LEASE_SECONDS)

    def _start(self, turn: Turn) -> None:
        entry = _Open(turn)
        self._open[turn.conversation_id] = entry
        self._work(entry, self._run(entry))

    def _work(self, entry: _Open, work: Coroutine[Any, Any, None]) -> None:
        entry.task = asyncio.create_task(work)
        entry.task.add_done_callback(lambda task: self._ended(entry, task))

    def _done(self, entry: _Open) -> None:
        if entry.task is asyncio.current_task() and self._open.get(entry.turn.conversation_id) is entry:
            del self._open[entry.turn.conversation_id]

    def _ended(self, entry: _Open, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("answer failed", error=type(error).__name__, exc_info=error)
            self._withdraw(entry, "failed")

    async def _run(self, entry: _Open) -> None:
        conversation_id = entry.turn.conversation_id
        try:
            while True:
                await self._pauses.wait(conversation_id)
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
            self._withdraw(entry, "failed")
        finally:
            self._done(entry)

    async def _one_answer(self, entry: _Open) -> str:
        turn = entry.turn
        known = await self._know(turn)
        if not turn.texts:
            async with self._db.system() as tx:
                await tx.execute("select drop_owed_answers($1)", [turn.conversation_id])
            return "answered"
        question = turn.question(known)
        turn.through_seq = turn.last_seq
        asked = len(turn.texts)
        if await self._before.wants(question, turn):
            return "handed_off"
        if _is_angry(question.texts) and await self._before.angry(turn):
            return "handed_off"
        entry.reply_id, entry.deltas, entry.is_shown, entry.is_stopped = f"r{time.monotonic_ns():x}", 0, False, False
        entry.comfort = ""
        try:
            reply = await self._engine.answer(question, lambda text: self._show(entry, text))
        except Stopped:
            return "newer"
        if is_furious(reply):
            self._withdraw(entry, "angry")
            if await self._before.angry(turn):
                return "handed_off"
        if not is_about_danger(reply) and await self._before.ruled(question, turn, reply):
            self._withdraw(entry, "taken_over")
            return "handed_off"
        self._soothe(entry, question, reply)
        return await self._store(entry, question, reply, asked)

    async def _know(self, turn: Turn) -> Known:
        if turn.is_partial:
            self._memory.keep(turn.conversation_id, await read_turn(self._db, turn, HISTORY))
        return self._memory.of(turn.conversation_id)

    async def _store(self, entry: _Open, question: Question, reply: Reply, asked: int) -> str:
        turn, known = entry.turn, self._memory.of(entry.turn.conversation_id)
        need = await self._need(turn, question, reply)
        may_restart = entry.restarts < RESTARTS and not entry.is_shown
        answer = answer_of(turn, reply, need=need, may_restart=may_restart, known=known)
        replied = await self._replier.reply(answer)
        if replied.outcome == "newer":
            entry.restarts += 1
        elif replied.outcome == "stored":
            entry.restarts = 0
            self.answered += 1
            self._remember(turn, asked, reply, replied, answer.understood or {})
            self._deliver(entry, reply, replied)
            if need is not None:
                await self._before.follow_up(turn, need)
        else:
            self._withdraw(entry, "taken_over")
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

    def _soothe(self, entry: _Open, question: Question, reply: Reply) -> None:
        """Puts comfort before the words; where they were shown already, what was shown stands in the stored text too."""
        if is_about_danger(reply):
            return
        if not entry.is_shown and reply.may_comfort and not is_comfort(reply.text):
            before = self._memory.of(entry.turn.conversation_id).mood
            label, sure = mood_of(reply.trace, question.texts, before)
            language = reply.trace.get("language") or "zh"
            entry.comfort = soothe(label, sure, language, question.history, _number(entry.turn))
        if entry.comfort:
            reply.text = f"{entry.comfort}\n{reply.text}"
            reply.trace["soothed"] = True

    def _deliver(self, entry: _Open, reply: Reply, replied: Replied) -> None:
        assert replied.seq is not None
        frame = frame_of(entry.turn, reply, replied, entry.reply_id if entry.deltas else None)
        self._hub.deliver(entry.turn.conversation_id, replied.seq, frame)

    def _show(self, entry: _Open, text: str) -> bool:
        if entry.is_stopped or entry.is_leaving:
            return False
        if not entry.is_shown:
            if entry.turn.last_seq > entry.turn.through_seq and entry.restarts < RESTARTS:
                entry.restarts += 1
                raise Stopped
            entry.is_shown = True
            text = self._with_comfort(entry, text)
        entry.deltas += 1
        frame: dict[str, Any] = {
            "type": "reply_delta",
            "reply_id": entry.reply_id,
            "conversation_id": str(entry.turn.conversation_id),
            "n": entry.deltas,
            "text": text,
        }
        self._hub.signal(entry.turn.conversation_id, frame)
        return True

    def _withdraw(self, entry: _Open, reason: str) -> None:
        if entry.deltas:
            entry.deltas = 0
            conversation_id = entry.turn.conversation_id
            frame = {"type": "reply_dropped", "reply_id": entry.reply_id, "conversation_id": str(conversation_id)}
            self._hub.signal(conversation_id, {**frame, "reason": reason})

    def _with_comfort(self, entry: _Open, text: str) -> str:
        """The first words of a streamed answer: the mood is told from the customer's words alone, in time."""
        known, said = self._memory.of(entry.turn.conversation_id), "\n".join(entry.turn.texts)
        mood = sense(said, None, known.mood)
        language = read_language(said, known.language or entry.turn.language)
        if not is_comfort(text):
            entry.comfort = soothe(mood.label, mood.confidence, language, known.history, _number(entry.turn))
        return f"{entry.comfort}\n{text}" if entry.comfort else text

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


def _number(turn: Turn) -> int:
    return turn.conversation_id + turn.through_seq


def _is_angry(texts: Sequence[str]) -> bool:
    """By the rules. Danger goes before anger: it has a sentence of its own."""
    return any(map(is_angry_at_once, texts)) and not any(map(danger_of, texts))
