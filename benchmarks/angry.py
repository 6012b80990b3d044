"""How long the assistant still speaks to somebody who has become angry while it was answering."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import msgspec

from benchmarks.embedded import ENTRIES, upload_faq
from benchmarks.endpoint import run_endpoint
from benchmarks.faq import faq_entries
from benchmarks.product import Product, run_product
from benchmarks.visitors import percentile
from benchmarks.ws_client import Socket, connect
from tests.journeys.people import Agent

TRIES, AT_ONCE = 240, 16
BY_RULES = ("骗子店!马上退钱", "气死我了,你们就是骗人", "什么垃圾客服,我要投诉你们")
BY_VECTOR = (
    "你们到底还有没有一点良心,收了钱就不认人,天底下哪有这样做生意的!!!",
    "买了三次三次都是坏的,你们这店是真不要脸皮了,我受的气谁来赔!!!",
)
DELTAS_BEFORE, LISTEN_AFTER, PATIENCE = 4, 0.5, 10.0


@dataclass
class Try:
    """One visitor; moments in seconds of the wall clock, which the database of this machine shares."""

    question: str
    outburst: str
    deltas: int = 0
    last_delta: float = 0.0
    stored: float = 0.0
    withdrawn: float = 0.0
    handed_over: float = 0.0

    def heard(self, end: Socket, text: bytes) -> None:
        now, frame = time.time(), msgspec.json.decode(text)
        match frame["type"]:
            case "reply_delta":
                self.deltas, self.last_delta = self.deltas + 1, now
                if self.deltas == DELTAS_BEFORE:
                    _send(end, "angry", self.outburst)
            case "ack" if frame["client_message_id"] == "angry":
                # When its transaction began, which is a little before COMMIT: the figures are upper bounds.
                self.stored = datetime.fromisoformat(frame["created_at"]).timestamp()
            case "reply_dropped":
                self.withdrawn = now
            case "handled_by" if frame["handled_by"] != "assistant":
                self.handed_over = now


async def measure_angry() -> dict[str, Any]:
    """A chat endpoint streams 60 pieces a second; an outburst comes after the fourth."""
    async with (
        run_endpoint() as endpoint,
        run_product("serve", "--processes", "1", "--worker", settings={"YINGKE_ALLOW_PRIVATE_URLS": "1"}) as product,
    ):
        await upload_faq(product)
        await _use_endpoint(product, endpoint)
        questions = [question for question, _ in faq_entries(ENTRIES)]
        figures: dict[str, Any] = {"tries_each": TRIES // 2, "at_once": AT_ONCE}
        for name, outbursts in (("by_rules", BY_RULES), ("by_vector", BY_VECTOR)):
            tries = [Try(questions[at % ENTRIES], outbursts[at % len(outbursts)]) for at in range(TRIES // 2)]
            await _play(product, tries)
            figures[name] = _figures(tries)
        return figures


def _figures(tries: list[Try]) -> dict[str, Any]:
    """From the storing of the outburst to the last visible word, to its withdrawal, and to the word that a person comes."""
    heard = [one for one in tries if one.stored and one.withdrawn]
    silent = [max(0.0, one.last_delta - one.stored) * 1000 for one in heard]
    withdrawn = [(one.withdrawn - one.stored) * 1000 for one in heard]
    person = [(one.handed_over - one.stored) * 1000 for one in heard if one.handed_over]
    return {
        "silenced": len(heard),
        "words_after_withdrawal": sum(one.last_delta > one.withdrawn for one in heard),
        "last_word_ms_p50": percentile(silent, 0.5),
        "last_word_ms_p99": percentile(silent, 0.99),
        "last_word_ms_max": percentile(silent, 1.0),
        "withdrawn_ms_p50": percentile(withdrawn, 0.5),
        "withdrawn_ms_p99": percentile(withdrawn, 0.99),
        "withdrawn_ms_max": percentile(withdrawn, 1.0),
        "person_called_ms_p99": percentile(person, 0.99),
    }


async def _play(product: Product, tries: list[Try]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as http:

        async def one(tried: Try) -> None:
            async with gate:
                await _one(product, http, tried)

        await asyncio.gather(*map(one, tries))


async def _one(product: Product, http: aiohttp.ClientSession, tried: Try) -> None:
    body = {"site_key": product.workspace["site_key"], "language": "zh-CN"}
    async with http.post(product.address + "/v1/widget/sessions", json=body) as answer:
        answer.raise_for_status()
        token = (await answer.json())["visitor_token"]
    socket = await connect("127.0.0.1", product.port, "/v1/widget/stream", tried.heard)
    socket.send({"type": "hello", "visitor_token": token, "cursors": {}})
    _send(socket, "question", tried.question)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not (tried.withdrawn and tried.handed_over):
        await asyncio.sleep(0.02)
    await asyncio.sleep(LISTEN_AFTER)
    assert socket.transport is not None
    socket.transport.abort()


def _send(socket: Socket, name: str, text: str) -> None:
    socket.send({"type": "send", "client_message_id": name, "message_type": "text", "text": text})


async def _use_endpoint(product: Product, address: str) -> None:
    owner = Agent(product)
    await owner.sign_in(product.workspace["login"], product.workspace["password"])
    body = {"name": "emulated", "base_url": address, "model": "load", "api_key": "none", "is_enabled": True}
    await owner.post("/v1/model-endpoints", body)
    await owner.close()
