"""One answer per turn, started right after commit in the process that stored the message, finished by any other."""

import asyncio
import contextlib
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import structlog

from yingke.assistants.engine import Engine, Reply, Said, Stopped
from yingke.assistants.reception import Reception
from yingke.assistants.turns import Turn, read_turn
from yingke.conversations.receive import LEASE_SECONDS, Incoming, Received
from yingke.conversations.reply import Answer, Replied, Replier
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.live import Hub

log = structlog.get_logger("answers")

RESTARTS = 2
HISTORY = 8
REMEMBERED = 20_000
TYPING_SILENCE = 0.8
TYPING_PATIENCE = 3.0


@dataclass(slots=True)
class _Open:
    """One conversation with unanswered messages in this process."""

    turn: Turn
    task: "asyncio.Task[None] | None" = None
    restarts: int = 0
    is_shown: bool = False
    is_stopped: bool = False
    reply_id: str = ""
    deltas: int = 0
    started: float = field(default_factory=time.monotonic)


class Desk:
    """All turns of one process. `owner` is the name under which this process owes answers."""

    def __init__(self, db: Database, hub: Hub, replier: Replier, engine: Engine, owner: str, before: Reception) -> None:
        self._db = db
        self._hub = hub
        self._replier = replier
        self._engine = engine
        self._owner = owner
        self._before = before
        self._open: dict[int, _Open] = {}
        self._memory: OrderedDict[int, tuple[Said, ...]] = OrderedDict()
        self._typing: dict[int, float] = {}
        self.answered = 0
        hub.overhearers.append(self._overhear)

    def received(self, message: Incoming, stored: Received) -> None:
        """Called right after the commit of a contact's message; starts or prolongs its turn."""
        if not stored.is_new:
            return
        if stored.handled_by != "assistant":
            self._remember(stored.conversation_id, Said("contact", message.text or ""))
            return
        conversation_id = stored.conversation_id
        # What was typed before is this message; only typing after it holds the answer back.
        self._typing.pop(conversation_id, None)
        entry = self._open.get(conversation_id)
        if entry is not None:
            entry.turn.add(stored.seq, message.text or "", message.type)
            return
        turn = Turn(
            workspace_id=message.workspace_id,
            conversation_id=conversation_id,
            shop_id=stored.shop_id,
            generation=stored.generation,
            knowledge_version=stored.knowledge_version,
        )
        turn.add(stored.seq, message.text or "", message.type)
        # Something older is unanswered, or this process has not seen the talk so far: read it from the log.
        turn.is_partial = stored.answered_through < stored.seq - 1 and conversation_id not in self._memory
        self._start(turn)

    def typing(self, conversation_id: int) -> None:
        """The visitor is writing on: the answer waits until he pauses."""
        if len(self._typing) > 10_000:
            self._typing.clear()
        self._typing[conversation_id] = time.monotonic()

    def stop(self, conversation_id: int, reply_id: str) -> None:
        """The visitor pressed stop: what was shown becomes the answer."""
        entry = self._open.get(conversation_id)
        if entry is not None and entry.reply_id == reply_id:
            entry.is_stopped = True

    def taken_over(self, conversation_id: int) -> None:
        """A person has it: no further delta leaves this process. The database refuses the answer in any case."""
        entry = self._open.get(conversation_id)
        if entry is None or entry.task is None:
            return
        self._withdraw(entry, "taken_over")
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
        entry.task = asyncio.create_task(self._run(entry))
        entry.task.add_done_callback(lambda task: self._ended(entry, task))

    def _ended(self, entry: _Open, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("answer failed", error=type(error).__name__, exc_info=error)
            self._withdraw(entry, "failed")

    async def _run(self, entry: _Open) -> None:
        conversation_id = entry.turn.conversation_id
        try:
            while True:
                outcome = await self._one_answer(entry)
                entry.started = time.monotonic()
                if outcome == "stored" and entry.turn.last_seq <= entry.turn.through_seq:
                    return
                if outcome in ("stored", "newer"):
                    continue
                # Somebody else answered, a person took it, or it is gone: the log knows; watchers read it there.
                self._memory.pop(conversation_id, None)
                self._hub.hint(conversation_id)
                return
        except Problem as problem:
            # Not stored: the owed row stays, and any process tries again when the lease ends.
            log.warning("answer postponed", code=problem.code)
            self._withdraw(entry, "failed")
        finally:
            if self._open.get(conversation_id) is entry:
                del self._open[conversation_id]

    async def _one_answer(self, entry: _Open) -> str:
        turn = entry.turn
        await self._wait_for_silence(turn.conversation_id)
        if turn.is_partial:
            found = await read_turn(self._db, turn, HISTORY)
            self._memory[turn.conversation_id] = found.history
            if not turn.texts:
                async with self._db.system() as tx:
                    await tx.execute("select drop_owed_answers($1)", [turn.conversation_id])
                return "answered"
        question = turn.question(self._memory.get(turn.conversation_id, ()))
        turn.through_seq = turn.last_seq
        asked = len(turn.texts)
        if await self._before.wants(question, turn):
            self._after(turn, asked, None)
            return "handed_off"
        entry.reply_id, entry.deltas, entry.is_shown, entry.is_stopped = f"r{time.monotonic_ns():x}", 0, False, False
        try:
            reply = await self._engine.answer(question, lambda text: self._show(entry, text))
        except Stopped:
            return "newer"
        need = self._before.need(question)
        replied = await self._replier.reply(self._wording(entry, reply, need))
        if replied.outcome == "newer":
            entry.restarts += 1
        elif replied.outcome == "stored":
            entry.restarts = 0
            self.answered += 1
            self._after(turn, asked, reply)
            self._deliver(entry, reply, replied)
            if need is not None:
                await self._before.follow_up(turn, need)
        else:
            self._withdraw(entry, "taken_over")
        return replied.outcome

    def _wording(self, entry: _Open, reply: Reply, need: str | None) -> Answer:
        turn = entry.turn
        payload: dict[str, Any] = {"offers_person": True} if reply.offers_person else {}
        if need is not None:
            payload["hand_off"] = need
        return Answer(
            workspace_id=turn.workspace_id,
            conversation_id=turn.conversation_id,
            generation=turn.generation,
            through_seq=turn.through_seq,
            text=reply.text,
            payload=payload or None,
            generated_by=reply.generated_by,
            citations=reply.citations or None,
            degraded_level=reply.degraded_level,
            trace=reply.trace or None,
            may_restart=entry.restarts < RESTARTS and not entry.is_shown,
            gap=reply.gap[:300] if reply.gap else None,
        )

    def _deliver(self, entry: _Open, reply: Reply, replied: Replied) -> None:
        assert replied.seq is not None
        self._hub.deliver(
            entry.turn.conversation_id,
            replied.seq,
            {
                "id": replied.message_id,
                "workspace_id": entry.turn.workspace_id,
                "conversation_id": entry.turn.conversation_id,
                "seq": replied.seq,
                "author": "assistant",
                "sender_id": None,
                "kind": "direct",
                "type": "text",
                "text": reply.text,
                "payload": {"offers_person": True} if reply.offers_person else None,
                "client_message_id": None,
                "generated_by": reply.generated_by,
                "citations": reply.citations or None,
                "degraded_level": reply.degraded_level,
                "trace_id": replied.trace_id,
                "answers_through_seq": entry.turn.through_seq,
                "created_at": replied.created_at,
                "reply_id": entry.reply_id if entry.deltas else None,
            },
        )

    def _show(self, entry: _Open, text: str) -> bool:
        if entry.is_stopped:
            return False
        if not entry.is_shown:
            if entry.turn.last_seq > entry.turn.through_seq and entry.restarts < RESTARTS:
                entry.restarts += 1
                raise Stopped
            entry.is_shown = True
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
            self._hub.signal(
                entry.turn.conversation_id,
                {
                    "type": "reply_dropped",
                    "reply_id": entry.reply_id,
                    "conversation_id": str(entry.turn.conversation_id),
                    "reason": reason,
                },
            )

    def _after(self, turn: Turn, asked: int, reply: Reply | None) -> None:
        for text in turn.texts[:asked]:
            self._remember(turn.conversation_id, Said("contact", text))
        turn.drop(asked)
        if reply is not None:
            self._remember(turn.conversation_id, Said("assistant", reply.text, reply.cited))

    def _remember(self, conversation_id: int, said: Said) -> None:
        self._memory[conversation_id] = (*self._memory.get(conversation_id, ()), said)[-HISTORY:]
        self._memory.move_to_end(conversation_id)
        while len(self._memory) > REMEMBERED:
            self._memory.popitem(last=False)

    async def _wait_for_silence(self, conversation_id: int) -> None:
        began = time.monotonic()
        while conversation_id in self._typing:
            now = time.monotonic()
            left = TYPING_SILENCE - (now - self._typing[conversation_id])
            if left <= 0 or now - began > TYPING_PATIENCE:
                self._typing.pop(conversation_id, None)
                return
            await asyncio.sleep(left)
