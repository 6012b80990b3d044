"""A desk with the real hand-over, a scripted engine that speaks slowly, and one customer who watches."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import Ground
from yingke.app.hand_over import HandOver
from yingke.assistants.answer import Desk
from yingke.assistants.engine import Engine, OnDelta, Question, Reply
from yingke.conversations.receive import Incoming, Received, Receiver
from yingke.conversations.reply import Replier
from yingke.kit.live import Hub, Watcher
from yingke.knowledge.encoder import Encoder


@dataclass
class Speaker(Engine):
    """Says `words` one after the other; `trace` is what it claims to have understood."""

    words: tuple[str, ...] = ("好的。",)
    pause: float = 0.0
    trace: dict[str, Any] = field(default_factory=dict)
    gap: str | None = None
    heard: list[Question] = field(default_factory=list)
    is_streaming: bool = True

    async def answer(self, question: Question, on_delta: OnDelta) -> Reply:
        self.heard.append(question)
        said = ""
        for word in self.words:
            await asyncio.sleep(self.pause)
            if self.is_streaming and not on_delta(word):
                break
            said += word
        return Reply(said, {"engine": "notice"}, trace=dict(self.trace), gap=self.gap)


class Customer(Watcher):
    """Sees what a customer's socket would be given, and when."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.frames: list[tuple[float, dict[str, Any]]] = []

    def deliver(self, conversation_id: int, seq: int, message: dict[str, Any]) -> bool:
        self.messages.append(message)
        return True

    def signal(self, conversation_id: int, frame: dict[str, Any]) -> None:
        self.frames.append((time.monotonic(), frame))

    def cursor(self, conversation_id: int) -> int:
        return 0

    def seen(self, kind: str) -> list[tuple[float, dict[str, Any]]]:
        return [(at, frame) for at, frame in self.frames if frame["type"] == kind]


@dataclass
class Counter:
    ground: Ground
    engine: Speaker
    desk: Desk
    receiver: Receiver
    customer: Customer
    conversation_id: int
    identity_id: int
    sent: int = 0

    async def say(self, text: str, kind: str = "text") -> float:
        """Returns the moment of the commit."""
        self.sent += 1
        message = Incoming(
            self.ground.workspace_id, self.conversation_id, self.identity_id, f"c{self.sent}", kind, text, None
        )
        stored: Received = await self.receiver.receive(message)
        at = time.monotonic()
        self.desk.received(message, stored)
        return at

    async def until(self, is_so: Any, seconds: float = 10) -> None:
        async with asyncio.timeout(seconds):
            while not is_so():
                await asyncio.sleep(0.005)

    async def log(self) -> list[tuple[str, str | None]]:
        rows = await self.ask("select author, text from messages where conversation_id = $1 order by seq")
        return [tuple(row) for row in rows]

    async def state(self) -> Any:
        rows = await self.ask(
            "select handled_by, hand_off_reason, understood, language, talk, answered_through_seq from conversations where id = $1"
        )
        return rows[0]

    async def ask(self, query: str) -> list[Any]:
        async with self.ground.db.transaction(self.ground.workspace_id) as tx:
            return list(await tx.fetch(query, self.conversation_id))


async def open_counter(ground: Ground, encoder: Encoder | None, engine: Speaker, *, comforts: bool = True) -> Counter:
    hub, customer = Hub(), Customer()
    conversation_id, identity_id = await ground.new_conversation()
    hub.watch(conversation_id, customer)
    desk = Desk(
        ground.db,
        hub,
        Replier(ground.db),
        engine,
        "test",
        HandOver(ground.db, hub),
        encoder,
        comforts=lambda *_: comforts,
    )
    return Counter(ground, engine, desk, Receiver(ground.db, "test"), customer, conversation_id, identity_id)


@pytest.fixture
async def counter(ground: Ground, encoder: Encoder) -> AsyncIterator[Counter]:
    made = await open_counter(ground, encoder, Speaker())
    yield made
    await made.desk.close()
