"""A server that speaks the chat completions and the messages protocol, holds conversations with tools, and misbehaves.

`python -m tests.emulators.chat_endpoint --port 8765` serves until it is stopped. The behaviour comes from the model
name when that names one ("drip", "load", "mind" …), else from `behave(...)`, else it is "normal". Port 0 picks a free
port. A model name may end in "@whole": tool calls then come as Ollama writes them.
"""

import argparse
import asyncio
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import msgspec
import uvloop
from aiohttp import web

from tests.emulators.chat_asked import read_asked
from tests.emulators.chat_faults import FAULTS, LOAD_REPLY, Behaviour
from tests.emulators.chat_hostile import THOUGHTS, Thought
from tests.emulators.chat_wire import Pacing, open_stream, speak

TICKS_A_SECOND = 60


@dataclass(frozen=True)
class Seen:
    """A request as it arrived: lower-case header names, decoded body, the caller's port."""

    headers: dict[str, str]
    body: dict[str, Any]
    port: int


@dataclass
class LoadStream:
    """One reply of the load behaviour, advanced by the common clock."""

    response: web.StreamResponse
    chunks: tuple[bytes, ...]
    done: asyncio.Event
    due: float
    sent: int = 0


class ChatEndpoint:
    """Use as an async context manager; `base_url` ends in /v1. `seen` keeps the last requests, `calls` counts all."""

    def __init__(self, *, port: int = 0, pacing: Pacing | None = None, scale: float = 1.0) -> None:
        self.pacing = pacing or Pacing(scale=scale)
        self.seen: deque[Seen] = deque(maxlen=self.pacing.recorded)
        self.calls = 0
        self._behaviour = "normal"
        self._thought: Thought | None = None
        self._port = port
        self._load: list[LoadStream] = []
        self._ticker: asyncio.Task[None] | None = None
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def behave(self, behaviour: str) -> None:
        """Raises KeyError for a behaviour that does not exist."""
        if behaviour not in THOUGHTS:
            BEHAVIOURS[behaviour]
        self._behaviour, self._thought = behaviour, None

    def behave_as(self, thought: Thought) -> None:
        """Answers with what `thought` says of each request, whatever the model's name."""
        self._thought = thought

    async def start(self) -> None:
        app = web.Application(client_max_size=4_000_000)
        app.router.add_post("/v1/chat/completions", self._answer)
        app.router.add_post("/v1/messages", self._answer)
        app.router.add_get("/v1/models", self._models)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=2048)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._ticker = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """From now on connections are refused; the port stays remembered, so `start` opens it again."""
        if self._ticker is not None:
            self._ticker.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = msgspec.json.decode(await request.read())
        self.calls += 1
        headers = {name.lower(): value for name, value in request.headers.items()}
        peer = request.transport.get_extra_info("peername") if request.transport is not None else None
        self.seen.append(Seen(headers, body, peer[1] if peer else 0))
        name, _, accent = body.get("model", "").partition("@")
        behaviour = name if name in BEHAVIOURS or name in THOUGHTS else self._behaviour
        if self._thought is not None or behaviour in THOUGHTS:
            dialect = "messages" if request.path.endswith("/messages") else accent or "chat"
            thought = self._thought or THOUGHTS[behaviour]
            return await speak(request, body, thought(read_asked(body)), dialect)
        return await BEHAVIOURS[behaviour](self, request, body)

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"object": "list", "data": [{"id": name, "object": "model"} for name in [*BEHAVIOURS, *THOUGHTS]]}
        )

    async def _tick(self) -> None:
        """One clock for all load streams: a wake-up writes what each should have sent by now."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self.pacing.of(1 / TICKS_A_SECOND))
            now = loop.time()
            streams, self._load = self._load, []
            for stream in streams:
                wanted = int((now - stream.due) * TICKS_A_SECOND / max(self.pacing.scale, 0.001)) + 1
                if now < stream.due or await _advance(stream, wanted):
                    self._load.append(stream)
                else:
                    stream.done.set()

    async def load(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        """First token after 300 ms, then 60 chunks in a second."""
        response = await open_stream(request)
        due = asyncio.get_running_loop().time() + self.pacing.of(self.pacing.first_token_s)
        stream = LoadStream(response, LOAD_REPLY, asyncio.Event(), due)
        self._load.append(stream)
        await stream.done.wait()
        return response


async def _advance(stream: LoadStream, wanted: int) -> bool:
    """Write up to `wanted` chunks in all; False when that was the last one or the reader is gone."""
    part = stream.chunks[stream.sent : wanted]
    if not part:
        return True
    try:
        await stream.response.write(part[0] if len(part) == 1 else b"".join(part))
        stream.sent += len(part)
        if stream.sent < len(stream.chunks):
            return True
        await stream.response.write_eof()
    except ConnectionError:
        return False
    return False


BEHAVIOURS: dict[str, Behaviour] = FAULTS | {"load": ChatEndpoint.load}


async def serve(port: int, scale: float) -> None:
    async with ChatEndpoint(port=port, scale=scale) as endpoint:
        print(endpoint.base_url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="An emulated chat completions endpoint.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on every wait")
    options = parser.parse_args()
    uvloop.run(serve(options.port, options.scale))


if __name__ == "__main__":
    main()
