"""A turn of a workspace with its own endpoint, from the stored message to the stored answer, whatever the endpoint does."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.assistants.conftest import NewQuestion
from tests.conftest import Ground
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.emulators.chat_wire import Pacing
from tests.learning import Learning, caller_of
from yingke.assistants.answer import Desk
from yingke.assistants.choose_engine import build_engine
from yingke.assistants.engine import Question, Reply
from yingke.assistants.reception import Reception
from yingke.assistants.turns import Turn
from yingke.conversations.receive import Incoming, Receiver
from yingke.conversations.reply import Replier
from yingke.kit.http import Outgoing
from yingke.kit.live import Hub, Watcher
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.models.endpoints import EndpointWish, create_endpoint

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n"


class Nobody(Reception):
    async def wants(self, question: Question, turn: Turn) -> bool:
        return False

    async def angry(self, turn: Turn) -> bool:
        return False

    async def ruled(self, question: Question, turn: Turn, reply: Reply) -> bool:
        return False

    def need(self, question: Question) -> str | None:
        return None

    async def unanswered(self, turn: Turn, reply: Reply) -> str | None:
        return None

    async def follow_up(self, turn: Turn, need: str) -> None:
        return None


class Visitor(Watcher):
    """Sees what a customer's socket would be given."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []

    def deliver(self, conversation_id: int, seq: int, message: dict[str, Any]) -> bool:
        self.messages.append(message)
        return True

    def signal(self, conversation_id: int, frame: dict[str, Any]) -> None:
        self.frames.append(frame)

    def cursor(self, conversation_id: int) -> int:
        return 0


@pytest.fixture
async def endpoint() -> AsyncIterator[ChatEndpoint]:
    # One token in 5 s and a wait of 120 s, twenty times faster; so are the product's own limits below.
    async with ChatEndpoint(pacing=Pacing(scale=0.05)) as running:
        yield running


SCALED = Settings(
    allow_private_urls=True,
    model_first_token_s=8.0 / 20,
    model_total_s=30.0 / 20,
    model_stall_s=4.0 / 20,
    model_fallback_s=10.5 / 20,
)
LATEST_S = 12.0 / 20


@pytest.mark.parametrize(
    ("behaviour", "level", "engine"),
    [
        ("normal", 0, "chat"),
        ("rate_limited", 2, "embedded"),
        ("server_error", 2, "embedded"),
        ("unauthorized", 2, "embedded"),
        ("blocked", 2, "embedded"),
        ("garbage", 2, "embedded"),
        ("error_in_stream", 2, "embedded"),
        ("empty", 2, "embedded"),
        ("cut", 2, "embedded"),
        ("drip", 2, "embedded"),
        ("huge", 2, "embedded"),
        ("hang", 2, "embedded"),
        ("hang_after_headers", 2, "embedded"),
        ("refused", 2, "embedded"),
    ],
)
async def test_every_turn_gets_one_answer(
    learning: Learning,
    ground: Ground,
    room_outgoing: Outgoing,
    room_secrets: Secrets,
    new_question: NewQuestion,
    endpoint: ChatEndpoint,
    behaviour: str,
    level: int,
    engine: str,
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    wish = EndpointWish(name="m", base_url=endpoint.base_url, model="m-1", is_enabled=True)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await create_endpoint(tx, caller_of(ground), room_secrets, wish)
    if behaviour == "refused":
        await endpoint.stop()
    else:
        endpoint.behave(behaviour)
    chosen = build_engine(SCALED, ground.db, learning.library, learning.encoder, room_outgoing, room_secrets)
    hub, visitor = Hub(), Visitor()
    desk = Desk(ground.db, hub, Replier(ground.db), chosen, "test", Nobody())
    conversation_id, identity_id = await ground.new_conversation()
    hub.watch(conversation_id, visitor)
    message = Incoming(ground.workspace_id, conversation_id, identity_id, "c-1", "text", "多久发货?", None)
    await chosen.answer(await new_question(ground, "你好"), lambda _: True)
    desk.received(message, await Receiver(ground.db, "test").receive(message))
    began = time.monotonic()
    async with asyncio.timeout(15):
        while not visitor.messages:
            await asyncio.sleep(0.02)
    # The whole way of the answer, storing included; half a second for a busy machine.
    assert time.monotonic() - began < LATEST_S + 0.5
    await desk.close()
    answer = await the_one_answer(ground, conversation_id)
    assert "16:00" in answer["text"]
    assert (answer["degraded_level"], answer["generated_by"]["engine"]) == (level, engine)
    shown = [frame for frame in visitor.frames if frame["type"] == "reply_delta"]
    if shown:
        assert visitor.messages[0]["reply_id"] == shown[0]["reply_id"]
    if behaviour != "huge":
        assert bool(shown) == (behaviour in ("normal", "cut", "drip"))


async def the_one_answer(ground: Ground, conversation_id: int) -> Any:
    """What is stored: the question and one answer that covers it, nothing owed."""
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch(
            "select author, text, degraded_level, generated_by, answers_through_seq, trace_id from messages"
            " where conversation_id = $1 order by seq",
            conversation_id,
        )
        owed = await tx.fetchval("select count(*) from pending_answers")
    assert [row["author"] for row in rows] == ["contact", "assistant"]
    assert rows[1]["answers_through_seq"] == 1
    assert rows[1]["trace_id"] is not None
    assert owed == 0
    return rows[1]
