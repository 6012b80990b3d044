"""Sockets under stress: hostile frames, a client that stops reading, a thousand cut at once, a rolling restart."""

import asyncio
import contextlib
import os
import random
import signal
import socket as sockets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from benchmarks.product import Product, family, run_product
from benchmarks.visitors import Figures, close_all, open_visitors
from benchmarks.ws_client import connect
from tests.journeys.chatter import Chatter
from tests.journeys.conftest import OpenVisitor
from tests.journeys.history import History
from tests.journeys.people import Agent
from tests.journeys.test_kill import settle

HOSTILE = [
    "", "null", "[]", "1", '"x"', "{", "{}", '{"type":null}', '{"type":"send"}', "[" * 20_000, '{"a":' * 5_000,
    '{"type":"send","client_message_id":"a","message_type":"text","text":"\\u0000"}',
    '{"type":"send","client_message_id":"b","message_type":"text","text":"\\ud800"}',
    '{"type":"send","client_message_id":"c","message_type":"text","text":"' + "长" * 4001 + '"}',
    '{"type":"send","client_message_id":"d","message_type":"text","text":"   "}',
    '{"type":"send","client_message_id":"","message_type":"text","text":"x"}',
    '{"type":"send","client_message_id":"' + "e" * 200 + '","message_type":"text","text":"x"}',
    '{"type":"send","client_message_id":"f","message_type":"exe","text":"x"}',
    '{"type":"send","client_message_id":"g","message_type":"image","file_id":"99999999999999999999"}',
    '{"type":"send","client_message_id":"h","message_type":"file","file_id":"1"}',
    '{"type":"send","client_message_id":"i","message_type":"text","text":["x"]}',
    '{"type":"send","client_message_id":7,"message_type":"text","text":"x"}',
    '{"type":"stop","reply_id":{}}', '{"type":"typing","conversation_id":"1"}', '{"type":"hand_off","conversation_id":"x"}',
    '{"type":"visit","url":"javascript:alert(1)"}', '{"type":"hello","visitor_token":"again"}',
]  # fmt: skip


async def test_hostile_frames_are_refused_and_the_socket_lives_on(owner: Agent, open_visitor: OpenVisitor) -> None:
    visitor = await open_visitor(owner.site_key)
    assert visitor.socket is not None
    for frame in HOSTILE:
        await visitor.socket.send_str(frame)
    ack = await visitor.send("还在吗")
    assert ack["seq"] == 1, "something hostile was stored"


async def test_a_longest_message_and_odd_letters_come_back_as_they_were_sent(
    owner: Agent, open_visitor: OpenVisitor
) -> None:
    visitor = await open_visitor(owner.site_key)
    texts = [
        "长" * 4000,
        "👩‍👩‍👧‍👦 e\u0301 ﷽ \u202eabc",
        "<script>alert(1)</script>",
        "'; drop table messages; --",
        "\t行\n列 ",
    ]
    for text in texts:
        await visitor.send(text)
    conversation = (await visitor.until(lambda frame: frame["type"] == "ack"))["conversation_id"]
    stored = [one["text"] for one in await visitor.read(conversation) if one["from"] == "contact"]
    assert stored == texts


@pytest.fixture(scope="module")
async def scripted() -> AsyncIterator[Product]:
    """A product that answers every turn with the same sentence: what is looked at here are its sockets."""
    async with run_product("up", settings={"YINGKE_SCRIPTED_MODEL": "1"}) as product:
        yield product


async def test_a_client_that_stops_reading_is_cut_and_loses_nothing(scripted: Product) -> None:
    """A socket with a tiny receive buffer that never reads; the log goes on, others are served, it resumes whole."""
    async with aiohttp.ClientSession(base_url=scripted.address) as http:
        async with http.post("/v1/widget/sessions", json={"site_key": scripted.workspace["site_key"]}) as answer:
            token = (await answer.json())["visitor_token"]
        lazy = sockets.socket()
        lazy.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
        lazy.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(lazy, ("127.0.0.1", scripted.port))
        await loop.sock_sendall(
            lazy,
            b"GET /v1/widget/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        )
        body = b'{"type":"hello","visitor_token":"' + token.encode() + b'","cursors":{}}'
        await loop.sock_sendall(lazy, bytes((0x81, 0x80 | len(body), 0, 0, 0, 0)) + body)
        await asyncio.sleep(0.3)
        headers = {"Authorization": f"Bearer {token}"}
        count = 0
        for number in range(260):
            more = {**headers, "Idempotency-Key": f"k{number}"}
            text = f"{number}" + "很长的一句话" * 600
            async with http.post("/v1/widget/messages", json={"type": "text", "text": text}, headers=more) as answer:
                if answer.status == 201:
                    count += 1
                    conversation = (await answer.json())["conversation_id"]
        for _ in range(250):
            async with http.get("/metrics") as answer:
                if "yingke_visitor_sockets 0.0" in await answer.text():
                    break
            await asyncio.sleep(0.2)
        else:
            pytest.fail("the slow socket was never cut")
        lazy.close()
        async with http.get("/v1/widget/conversations", headers=headers) as answer:
            last = (await answer.json())["items"][0]["last_seq"]
        heard: set[int] = set()
        resumed = await http.ws_connect("/v1/widget/stream", max_msg_size=0)
        await resumed.send_json({"type": "hello", "visitor_token": token, "cursors": {conversation: 0}})
        with contextlib.suppress(TimeoutError):
            while not heard.issuperset(range(1, last + 1)):
                frame = await resumed.receive_json(timeout=20)
                if frame["type"] == "message":
                    heard.add(frame["message"]["seq"])
        await resumed.close()
        assert count > 20
        assert heard.issuperset(range(1, last + 1))


async def test_a_thousand_sockets_cut_at_once_are_all_back_within_a_minute(scripted: Product) -> None:
    figures = Figures()
    visitors = await open_visitors(scripted, 1000, figures)
    close_all(visitors)
    await asyncio.sleep(0.2)
    rng = random.Random(3)
    began = time.monotonic()
    ready: set[str] = set()

    # A minute of a machine that does nothing else.
    minute = 60 * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    async def come_back(token: str) -> None:
        await asyncio.sleep(rng.uniform(0, 5))
        while token not in ready and time.monotonic() < began + minute:
            with contextlib.suppress(OSError):
                end = await connect("127.0.0.1", scripted.port, "/v1/widget/stream", lambda _, text: _note(token, text))
                end.send({"type": "hello", "visitor_token": token, "cursors": {}})
            for _ in range(150):
                if token in ready:
                    return
                await asyncio.sleep(0.1)

    def _note(token: str, text: bytes) -> None:
        if text.startswith(b'{"type":"ready"'):
            ready.add(token)

    await asyncio.gather(*(come_back(visitor.token) for visitor in visitors))
    assert len(ready) == 1000
    assert time.monotonic() - began < minute


async def test_members_restarted_one_after_the_other_tell_their_sockets_and_lose_nothing() -> None:
    async with run_product("serve", "--processes", "2", settings={"YINGKE_SCRIPTED_MODEL": "1"}) as product:
        history = History("w")
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            chatters = [Chatter(product, http, history, product.workspace["site_key"]) for _ in range(8)]
            await asyncio.gather(*(chatter.open() for chatter in chatters))
            listening = [asyncio.create_task(chatter.listen()) for chatter in chatters]

            async def chat(chatter: Chatter) -> None:
                for number in range(12):
                    await chatter.say(f"第 {number} 句")
                    await asyncio.sleep(0.3)

            async def roll() -> None:
                for _ in range(2):
                    await asyncio.sleep(1)
                    member = _members(product)[0]
                    os.kill(member, signal.SIGTERM)
                    for _ in range(100):
                        if not Path(f"/proc/{member}").exists():
                            break
                        await asyncio.sleep(0.1)

            await asyncio.gather(*(chat(chatter) for chatter in chatters), roll())
            found = await settle(chatters, history, but="NO_REPLY")
            for chatter in chatters:
                chatter.is_over = True
                if chatter.socket is not None:
                    await chatter.socket.close()
            await asyncio.gather(*listening)
        assert found == []
        assert max(line["session"] for line in history.of("deliver")) > 1


def _members(product: Product) -> list[int]:
    found = []
    for pid in family(product.process.pid):
        with contextlib.suppress(OSError):
            if b"yingke.app\0member" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return sorted(found)
