"""Visitors of the website widget, many at once."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec

from benchmarks.product import Product
from benchmarks.ws_client import Socket, connect


@dataclass
class Visitor:
    """One open widget. `asked` is when the message under way left, in seconds of the monotonic clock."""

    socket: Socket
    token: str
    questions: "list[str]" = field(default_factory=list)
    number: int = 0
    asked: float = 0.0
    acked: float = 0.0
    is_waiting: bool = False
    is_with_people: bool = False


@dataclass
class Figures:
    reply_ms: list[float] = field(default_factory=list)
    ack_ms: list[float] = field(default_factory=list)
    refused: int = 0
    deltas: int = 0
    until: float = 0.0
    on_reply: "Callable[[Visitor, dict[str, Any]], None] | None" = None


MOST_TRIES = 20


async def _enter(http: aiohttp.ClientSession, product: Product, body: dict[str, str]) -> str:
    """A visitor's token; comes again when there is no room just now, as the widget does."""
    tries = 0
    while True:
        tries += 1
        async with http.post(product.address + "/v1/widget/sessions", json=body) as answer:
            if answer.status != 503 or tries > MOST_TRIES:
                answer.raise_for_status()
                return str((await answer.json())["visitor_token"])
        await asyncio.sleep(float(answer.headers.get("Retry-After", "1")))


async def open_visitors(
    product: Product,
    count: int,
    figures: Figures,
    width: int = 50,
    *,
    hear: Callable[[Socket, bytes], None] | None = None,
    site_key: str = "",
) -> list[Visitor]:
    """Sessions by HTTP, then sockets, `width` at a time. Without `hear`, frames go into `figures`."""
    gate = asyncio.Semaphore(width)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=width)) as http:

        async def one() -> Visitor:
            async with gate:
                body = {"site_key": site_key or product.workspace["site_key"], "language": "zh-CN"}
                token = await _enter(http, product, body)
                socket = await connect(
                    "127.0.0.1",
                    product.port,
                    "/v1/widget/stream",
                    hear or (lambda end, text: _heard(end, text, figures)),
                )
                visitor = Visitor(socket, token)
                socket.state = visitor
                socket.send({"type": "hello", "visitor_token": token, "cursors": {}})
                return visitor

        return await asyncio.gather(*(one() for _ in range(count)))


def say(visitor: Visitor) -> None:
    visitor.number += 1
    text = visitor.questions[visitor.number % len(visitor.questions)]
    visitor.asked, visitor.is_waiting = time.perf_counter(), True
    visitor.socket.send(
        {"type": "send", "client_message_id": f"m{visitor.number}", "message_type": "text", "text": text}
    )


def _say_again(visitor: Visitor) -> None:
    transport = visitor.socket.transport
    if not visitor.is_waiting and transport is not None and not transport.is_closing():
        say(visitor)


def _heard(end: Socket, text: bytes, figures: Figures) -> None:
    visitor: Visitor = end.state
    if text.startswith(b'{"type":"reply_delta"'):
        figures.deltas += 1
        return
    frame = msgspec.json.decode(text)
    kind = frame["type"]
    if kind == "ack":
        figures.ack_ms.append((time.perf_counter() - visitor.asked) * 1000)
    elif kind == "refused":
        figures.refused += 1
        visitor.is_waiting = False
        if time.perf_counter() < figures.until:
            # As the panel does: again a little later.
            asyncio.get_running_loop().call_later(min(float(frame.get("retry_after") or 0.5), 2.0), _say_again, visitor)
    elif kind == "handled_by":
        visitor.is_with_people = frame["handled_by"] != "assistant"
    elif kind == "message" and frame["message"]["from"] != "contact" and visitor.is_waiting:
        now = time.perf_counter()
        figures.reply_ms.append((now - visitor.asked) * 1000)
        visitor.is_waiting = False
        if figures.on_reply is not None:
            figures.on_reply(visitor, frame["message"])
        if now < figures.until:
            say(visitor)


async def talk(visitors: list[Visitor], figures: Figures, seconds: float) -> float:
    """Everybody asks, waits for the answer and asks again; returns how long it took in seconds."""
    began = time.perf_counter()
    figures.until = began + seconds
    for visitor in visitors:
        say(visitor)
    while time.perf_counter() < figures.until:
        await asyncio.sleep(0.1)
    ended = time.perf_counter()
    for _ in range(100):
        if not any(visitor.is_waiting for visitor in visitors):
            break
        await asyncio.sleep(0.1)
    return ended - began


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else float("nan")


def close_all(visitors: list[Visitor]) -> None:
    for visitor in visitors:
        if visitor.socket.transport is not None:
            visitor.socket.transport.abort()
