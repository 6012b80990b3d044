"""`WS /v1/stream`: what agents and programs see happen, resumed by cursor after any cut."""

import asyncio
import contextlib
import hmac
import random
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar.connection import ASGIConnection

from yingke.app.agent_end import AgentEnd
from yingke.app.agent_feed import AgentFeed
from yingke.app.event_tail import Batch
from yingke.app.house import House
from yingke.app.load import PRESENCE
from yingke.conversations.link_files import link_files
from yingke.conversations.shape_message import shape_for_agent
from yingke.conversations.visible_shops import check_visible, visible_shops
from yingke.kit.errors import Problem, bad_input, forbidden, unauthorized
from yingke.kit.events import read_cursor
from yingke.kit.ids import read_id, show_id
from yingke.kit.live import Frame, Outbox
from yingke.workspaces.caller import Caller
from yingke.workspaces.same_origin import check_origin

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MAX_FRAME = 16_000
HELLO_SECONDS = 10
RECHECK_SECONDS = 25
MOST_OPENED = 50
PAGE = 100
PASSING = ("reply_delta", "reply_dropped", "typing")
"""Signals that agents see of an opened conversation; the others are for the visitor."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class AgentSocket(AgentEnd):
    """One open socket. Created by `serve_agent`; lives until either side closes."""

    def __init__(self, house: House, connection: Any, receive: Receive, send: Send) -> None:
        self._house = house
        self._connection = connection
        self._receive = receive
        self._send = send
        self._key: str | None = None
        self.caller: Caller | None = None
        self._has_entered = False
        self.workspace_id = 0
        self.agent_id: int | None = None
        self.shops: list[int] | None = None
        self.outbox = Outbox(self._send_text, lambda: self.close_soon(4008, "too slow"))
        self.feed = AgentFeed(self, house.db, house.tail)
        self._opened: dict[int, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._close: asyncio.Task[None] | None = None

    # Watcher: conversations that the workbench has open

    def cursor(self, conversation_id: int) -> int:
        return self._opened.get(conversation_id, 0)

    def deliver(self, conversation_id: int, seq: int, message: Frame) -> bool:
        have = self._opened.get(conversation_id)
        if have is None or seq <= have:
            return True
        if seq > have + 1:
            return False
        self._opened[conversation_id] = seq
        self.outbox.put({"type": "message", "message": shape_for_agent(message, self.link)})
        return True

    def signal(self, conversation_id: int, frame: Frame) -> None:
        if frame.get("type") not in PASSING or (
            self.agent_id is not None and frame.get("agent_id") == show_id(self.agent_id)
        ):
            return
        self.outbox.put(frame)

    # Listener: the workspace's log

    def offer(self, batch: Batch) -> None:
        self.feed.offer(batch)

    def link(self, file_id: int, name: str) -> str:
        return link_files(self._house.files, self._house.secrets, self.workspace_id)(file_id, name)

    # Life

    async def run(self) -> None:
        await self._receive()  # websocket.connect
        try:
            check_origin(self._connection, self._house.settings)
            if b"key=" in self._connection.scope.get("query_string", b""):
                raise forbidden()  # keys in addresses end up in logs
        except Problem:
            await self._send({"type": "websocket.close", "code": 4003})
            return
        await self._send({"type": "websocket.accept"})
        try:
            if await self._hello():
                await self._listen()
        finally:
            self._leave()

    def _leave(self) -> None:
        self._house.agent_sockets.discard(self)
        if self._has_entered:
            self._house.agents_here.leave(self)
        self._house.tail.leave(self)
        for conversation_id in self._opened:
            self._house.hub.unwatch(conversation_id, self)
        for task in self._tasks:
            task.cancel()
        self.outbox.close()

    async def _hello(self) -> bool:
        try:
            frame = await asyncio.wait_for(self._next(), HELLO_SECONDS)
            if frame is None or frame.get("type") != "hello":
                raise unauthorized()
            await self._enter(frame)
            after = frame.get("after")
            await self.feed.begin(read_cursor(after) if isinstance(after, str) else None)
        except TimeoutError:
            await self._shut(4001, "hello expected")
            return False
        except Problem as problem:
            if problem.status == 503:
                self.outbox.put({"type": "reconnect", "after_ms": random.randint(500, 3000)})
                await asyncio.sleep(0.2)
            await self._shut(4009 if problem.status == 503 else 4001, problem.code)
            return False
        self._spawn(self.feed.run())
        self._spawn(self._recheck())
        return True

    async def _enter(self, frame: Frame) -> None:
        key = frame.get("api_key")
        self._key = key if isinstance(key, str) else None
        self.caller = caller = await self._authenticate()
        if self._key is None and not hmac.compare_digest(
            str(frame.get("csrf_token")).encode(), caller.csrf_token.encode()
        ):
            raise unauthorized()
        self.workspace_id, self.agent_id = caller.workspace_id, caller.agent_id
        await self._look_up_shops()
        self._house.agent_sockets.add(self)
        self._has_entered = True
        await self._house.agents_here.enter(self)

    async def _authenticate(self) -> Caller:
        """Raises 401; 403 for a key that may not read events."""
        if self._key is None:
            return await self._house.authenticate.caller_by_cookie(self._connection)
        caller = await self._house.authenticate.caller_by_key(self._key)
        if "events:read" not in caller.scopes:
            raise forbidden()
        return caller

    async def _recheck(self) -> None:
        """A session that ended, a key that was revoked or a role that changed counts within half a minute."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            await self._look_again()

    def team_changed(self) -> None:
        """Somebody's rights or shops have changed, perhaps ours."""
        self._spawn(self._look_again())

    async def _look_again(self) -> None:
        try:
            self.caller = await self._authenticate()
            if await self._look_up_shops():
                self.outbox.put({"type": "resync"})
        except Problem as problem:
            if problem.status in (401, 403):
                self.close_soon(4001, problem.code)

    async def _look_up_shops(self) -> bool:
        """Which shops this agent serves; True when that has changed."""
        assert self.caller is not None
        async with self._house.db.transaction(self.workspace_id) as tx:
            shops = await visible_shops(tx, self.workspace_id, self.agent_id, self.caller.role)
        changed, self.shops = shops != self.shops, shops
        return changed

    async def _listen(self) -> None:
        while (frame := await self._next()) is not None:
            try:
                await self._take(frame)
            except Problem as problem:
                self.outbox.put(
                    {
                        "type": "refused",
                        "conversation_id": frame.get("conversation_id"),
                        "status": problem.status,
                        "code": problem.code,
                        "detail": problem.sentence("zh-CN"),
                    }
                )

    async def _next(self) -> Frame | None:
        """The next frame; {} for one that is no JSON object, None at the end."""
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            return None
        text = event.get("text")
        if not text or len(text) > MAX_FRAME:
            return {}
        try:
            return _decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return {}

    async def _take(self, frame: Frame) -> None:
        kind = frame.get("type")
        if kind in ("pong", "ping"):
            return
        given = frame.get("conversation_id")
        if kind not in ("open", "close", "typing") or not isinstance(given, str):
            raise bad_input({"type": "unknown frame / 未知的消息"})
        conversation_id = read_id(given)
        if kind == "open":
            after = frame.get("after_seq")
            await self._open(conversation_id, after if isinstance(after, int) else 0)
        elif kind == "close":
            self._opened.pop(conversation_id, None)
            self._house.hub.unwatch(conversation_id, self)
        elif self._house.load.leaves(PRESENCE):
            return
        elif conversation_id in self._opened and self.agent_id is not None:
            self._house.hub.signal(
                conversation_id,
                {"type": "typing", "conversation_id": given, "from": "agent", "agent_id": show_id(self.agent_id)},
            )

    @property
    def may_read(self) -> bool:
        """Conversations, not only that something happened in them."""
        return self.caller is not None and (self.agent_id is not None or "conversations:read" in self.caller.scopes)

    async def _open(self, conversation_id: int, after_seq: int) -> None:
        if not self.may_read:
            raise forbidden()
        if len(self._opened) >= MOST_OPENED and conversation_id not in self._opened:
            raise bad_input({"conversation_id": f"at most {MOST_OPENED} at once / 同时最多 {MOST_OPENED} 个"})
        async with self._house.db.transaction(self.workspace_id) as tx:
            await check_visible(tx, self.workspace_id, conversation_id, self.shops)
            last_seq = await tx.fetchval("select last_seq from conversations where id = $1", conversation_id)
        self._opened[conversation_id] = min(max(after_seq, 0), last_seq)
        await self._catch_up(conversation_id)
        self._house.hub.watch(conversation_id, self)
        self._house.hub.refresh(conversation_id)

    async def _catch_up(self, conversation_id: int) -> None:
        while True:
            async with self._house.db.crossing() as tx:
                rows = await tx.fetch(
                    "select * from messages_after($1, $2, $3)", [conversation_id], [self.cursor(conversation_id)], PAGE
                )
            for row in rows:
                self.deliver(conversation_id, row["seq"], dict(row))
            if len(rows) < PAGE:
                return
            await self.feed.drained()

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close_soon(self, code: int, reason: str) -> None:
        if self._close is None:
            self._close = asyncio.create_task(self._shut(code, reason))

    async def _shut(self, code: int, reason: str) -> None:
        with contextlib.suppress(TimeoutError, OSError, RuntimeError):
            await asyncio.wait_for(self._send({"type": "websocket.close", "code": code, "reason": reason}), 5)

    async def _send_text(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})


async def serve_agent(house: House, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)  # type: ignore[arg-type]
    await AgentSocket(house, connection, receive, send).run()
