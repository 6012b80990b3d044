"""The other end of `WS /v1/stream`: a workbench that keeps what it was told, spoken to through the ASGI messages."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from tests.conversations.door import Door, open_door, open_session
from tests.conversations.stage import Stage
from yingke.app.agent_stream import serve_agent
from yingke.app.agents_here import AgentsHere
from yingke.app.event_tail import EventTail
from yingke.app.filler import fill_gaps
from yingke.kit.files import Files
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings

WAIT = 30.0


class AgentClient:
    """`frames` is everything heard; `state` the conversations by id, as events have left them."""

    def __init__(self, house: Any, headers: list[tuple[bytes, bytes]], query: bytes = b"") -> None:
        self.frames: list[dict[str, Any]] = []
        self.state: dict[str, dict[str, Any]] = {}
        self.cursor: str | None = None
        self.close_code: int | None = None
        self.is_accepted = False
        self.reading = asyncio.Event()
        self.reading.set()
        self._heard = asyncio.Event()
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._sent.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": "/v1/stream", "headers": headers, "query_string": query, "scheme": "wss"}
        scope |= {"client": ("203.0.113.7", 5000), "server": ("kf.example.com", 443), "subprotocols": [], "state": {}}
        self._task = asyncio.create_task(serve_agent(house, scope, self._sent.get, self._hear))

    async def _hear(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.accept":
            self.is_accepted = True
        elif message["type"] == "websocket.close":
            self.close_code = message["code"]
            self._sent.put_nowait({"type": "websocket.disconnect", "code": message["code"]})
        else:
            await self.reading.wait()
            self._take(msgspec.json.decode(message["text"]))
        self._heard.set()

    def _take(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if frame["type"] in ("event", "ready"):
            self.cursor = frame["cursor"]
        if frame["type"] == "event" and "conversation" in frame:
            self.state[frame["conversation"]["id"]] = frame["conversation"]

    def send(self, frame: Any) -> None:
        text = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
        self._sent.put_nowait({"type": "websocket.receive", "text": text})

    async def until(self, test: Any) -> None:
        """Waits until `test(self)` holds; an AssertionError after WAIT seconds tells what was heard last."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                while not test(self):
                    self._heard.clear()
                    await self._heard.wait()
        assert test(self), (self.close_code, self.frames[-5:])

    async def ready(self) -> "AgentClient":
        await self.until(lambda it: it.of("ready") or it.close_code)
        return self

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    def events(self) -> list[str]:
        return [frame["event"] for frame in self.of("event")]

    async def leave(self) -> None:
        self._sent.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await self._task


class Workplace:
    """The parts of a process that the stream needs, all real, running."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        db, files = stage.ground.db, Files(folder, b"k" * 32)
        self.stage = stage
        self.door: Door = open_door(stage, files)
        self.house = SimpleNamespace(
            settings=Settings(),
            db=db,
            hub=self.door.hub,
            files=files,
            secrets=Secrets(b"k" * 32),
            authenticate=self.door.authenticate,
            tail=EventTail(db, self.door.hub),
            agents_here=AgentsHere(db, "test"),
            agent_sockets=set(),
        )

    async def open(self, agent_id: int, after: str | None = None, **more: Any) -> AgentClient:
        """A workbench that has said hello."""
        token, csrf_token = await open_session(self.stage, self.door.authenticate, agent_id)
        headers = [(b"host", b"kf.example.com"), (b"cookie", f"__Host-yingke={token}".encode())]
        client = AgentClient(self.house, headers + more.pop("headers", []), more.pop("query", b""))
        client.send({"type": "hello", "after": after, "csrf_token": csrf_token} | more)
        return client


@contextlib.asynccontextmanager
async def open_workplace(stage: Stage, folder: Path) -> AsyncIterator[Workplace]:
    place = Workplace(stage, folder)
    parts = [place.house.tail.run(), fill_gaps(place.house.db, place.house.hub), place.house.agents_here.run()]
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        yield place
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
