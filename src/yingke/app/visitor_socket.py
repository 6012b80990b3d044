"""`WS /v1/widget/stream`: what a visitor says and hears, resumed by cursor after any cut."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
import structlog

from yingke.app.house import House
from yingke.app.load import PRESENCE
from yingke.app.visitor_door import Sending
from yingke.app.visitor_line import VisitorLine
from yingke.app.visitor_wire import VisitorWire, wire_of
from yingke.contacts.record_visit import record_visit
from yingke.contacts.visitor import Visitor, find_visitor
from yingke.conversations.link_files import link_files
from yingke.conversations.receive import Received
from yingke.conversations.shape_message import shape_for_visitor
from yingke.kit.errors import Problem, bad_input
from yingke.kit.ids import read_id
from yingke.kit.live import Frame, Outbox, SocketEnd

log = structlog.get_logger("socket")

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MAX_FRAME = 64_000
HELLO_SECONDS = 10
PAGE = 200
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class VisitorSocket(SocketEnd):
    """One open socket. Created by `serve_visitor`; lives until either side closes."""

    __slots__ = (
        "_close",
        "_current",
        "_handles",
        "_house",
        "_line",
        "_receive",
        "_send",
        "_wire",
        "cursors",
        "language",
        "outbox",
        "visitor",
    )

    def __init__(self, house: House, receive: Receive, send: Send, wire: VisitorWire | None = None) -> None:
        self._house = house
        self._receive = receive
        self._send = send
        self.visitor: Visitor | None = None
        self.cursors: dict[int, int] = {}
        self._current: int | None = None
        self.language = "zh-CN"
        self._close: asyncio.Task[None] | None = None
        self._wire = wire
        self._handles = False
        self.outbox = Outbox(
            self._send_text, lambda: self.close_soon(4008, "too slow"), write=wire.write if wire is not None else None
        )
        self._line = VisitorLine(house.load, wire, self._say, self._refuse, lambda: self.close_soon(1011, "failed"))

    # Watcher

    def cursor(self, conversation_id: int) -> int:
        return self.cursors.get(conversation_id, 0)

    def deliver(self, conversation_id: int, seq: int, message: Frame) -> bool:
        have = self.cursors.get(conversation_id, 0)
        if seq <= have:
            return True
        if seq > have + 1:
            return False
        self.cursors[conversation_id] = seq
        self.outbox.put({"type": "message", "message": shape_for_visitor(message, self._link)})
        return True

    def signal(self, conversation_id: int, frame: Frame) -> None:
        if frame.get("for") == "agents" or (frame.get("type") == "typing" and frame.get("from") == "contact"):
            return
        self.outbox.put(frame)

    def _link(self, file_id: int, name: str) -> str:
        assert self.visitor is not None
        return link_files(self._house.files, self._house.secrets, self.visitor.workspace_id)(file_id, name)

    # Life

    async def run(self) -> None:
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})
        try:
            if await self._hello():
                self._house.sockets.add(self)
                await self._listen()
        finally:
            self._house.sockets.discard(self)
            for conversation_id in self.cursors:
                self._house.hub.unwatch(conversation_id, self)
            self.outbox.close()

    async def _hello(self) -> bool:
        try:
            frame = await asyncio.wait_for(self._next(), HELLO_SECONDS)
        except TimeoutError:
            frame = None
        token = frame.get("visitor_token") if frame and frame.get("type") == "hello" else None
        try:
            self.visitor = await find_visitor(self._house.db, token) if isinstance(token, str) else None
            if self.visitor is None or frame is None:
                await self._send({"type": "websocket.close", "code": 4001, "reason": "unknown visitor"})
                return False
            if isinstance(frame.get("language"), str):
                self.language = frame["language"][:20]
            await self._resume(frame.get("cursors"))
        except Problem:
            self.outbox.put({"type": "reconnect", "after_ms": random.randint(500, 3000)})
            self.close_soon(4009, "busy")
            await asyncio.sleep(0.2)
            return False
        return True

    async def _resume(self, cursors: Any) -> None:
        """Replays every later message of the visitor's open and resumed conversations, then goes live."""
        visitor = self.visitor
        assert visitor is not None
        wanted = (
            {key: value for key, value in cursors.items() if isinstance(value, int)}
            if isinstance(cursors, dict)
            else {}
        )
        async with self._house.db.transaction(visitor.workspace_id) as tx:
            rows = await tx.fetch(
                "select id, status, handled_by, last_seq from conversations where workspace_id = $1 and identity_id = $2"
                " order by id desc limit 20",
                visitor.workspace_id,
                visitor.identity_id,
            )
        known = {row["id"]: row for row in rows}
        told = []
        for row in rows:
            asked = wanted.pop(str(row["id"]), None)
            if asked is None and row["status"] != "open":
                continue
            start = min(max(asked or 0, 0), row["last_seq"])
            if row["status"] == "open":
                self._current = row["id"]
            self.cursors[row["id"]] = start
            told.append({"conversation_id": str(row["id"]), "status": row["status"], "handled_by": row["handled_by"],
                         "last_seq": row["last_seq"]})  # fmt: skip
        self.outbox.put({"type": "ready", "conversations": told})
        if wanted:
            # Conversations that are not this visitor's, or too old to follow: say so rather than keep silent.
            self.outbox.put({"type": "resync", "conversation_ids": sorted(wanted)[:50]})
        for conversation_id in list(self.cursors):
            if self.cursors[conversation_id] < known[conversation_id]["last_seq"]:
                await self.catch_up(conversation_id)
            self._house.hub.watch(conversation_id, self)
            self._house.hub.refresh(conversation_id)
            if known[conversation_id]["handled_by"] == "queue":
                self._house.queue_teller.follow(visitor.workspace_id, conversation_id)

    async def catch_up(self, conversation_id: int) -> None:
        """Sends what is stored after this end's cursor; a long absence gets `resync` (fetch the history anew)."""
        while True:
            async with self._house.db.crossing() as tx:
                rows = await tx.fetch(
                    "select * from messages_after($1, $2, $3)", [conversation_id], [self.cursor(conversation_id)], PAGE
                )
            for row in rows:
                self.deliver(conversation_id, row["seq"], dict(row))
            if len(rows) < PAGE:
                return
            while self.outbox.is_busy:
                await asyncio.sleep(0.01)

    async def _listen(self) -> None:
        if self._wire is not None:
            self._wire.hear = self._hear
        try:
            while (frame := await self._next()) is not None:
                self._handles = True
                if frame.get("type") == "send":
                    self._line.join(self._shop_owner, frame)
                    if self._line.is_long:
                        await self._line.settle()
                else:
                    await self._line.settle()
                    await self._try(frame)
                self._handles = False
        finally:
            if self._wire is not None:
                self._wire.hear = None
            await self._line.settle()

    def _hear(self, data: bytes) -> bool:
        """A message is judged as soon as it is read, unless something before it is still being looked at."""
        assert self._wire is not None
        if self._handles or not self._wire.is_idle or len(data) > MAX_FRAME or b'"send"' not in data:
            return False
        try:
            frame = _decode(data)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return False
        if frame.get("type") != "send":
            return False
        self._line.join(self._shop_owner, frame)
        return True

    @property
    def _shop_owner(self) -> int:
        assert self.visitor is not None
        return self.visitor.workspace_id

    async def _try(self, frame: dict[str, Any]) -> None:
        try:
            await self._take(frame)
        except Problem as problem:
            self._refuse(frame, problem)

    async def _next(self) -> dict[str, Any] | None:
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

    async def _take(self, frame: dict[str, Any]) -> None:
        visitor = self.visitor
        assert visitor is not None
        kind = frame.get("type")
        if kind in ("typing", "visit") and self._house.load.leaves(PRESENCE):
            return
        elif kind == "typing":
            self._type(frame)
        elif kind == "stop":
            self._house.desk.stop(self._mine(frame), str(frame.get("reply_id"))[:40])
        elif kind == "hand_off":
            await self._house.visitor_asks_for_person(visitor, self._mine(frame))
        elif kind == "visit":
            url, title = str(frame.get("url") or "")[:2000], str(frame.get("title") or "")[:300]
            if url.startswith(("http://", "https://")) and "\0" not in url + title:
                async with self._house.db.transaction(visitor.workspace_id) as tx:
                    await record_visit(tx, visitor, url, title, "")
        elif kind not in ("pong", "ping"):
            raise bad_input({"type": "unknown frame / 未知的消息"})

    async def _say(self, frame: dict[str, Any]) -> None:
        visitor = self.visitor
        assert visitor is not None
        sending = read_sending(frame, self.language)
        if sending.conversation_id is None and self._current is not None:
            # Saves a look-up for each message; the door finds the right one when this has been closed.
            sending = replace(sending, conversation_id=self._current)
        stored = await self._house.door.accept(visitor, sending, self._own_words)
        self.outbox.put(
            {
                "type": "ack",
                "client_message_id": sending.client_message_id,
                "id": str(stored.message_id),
                "conversation_id": str(stored.conversation_id),
                "seq": stored.seq,
                "created_at": stored.created_at,
            }
        )

    def _own_words(self, stored: Received) -> None:
        """The ack tells this socket of its own message; only its other tabs need the message itself."""
        conversation_id = self._current = stored.conversation_id
        if conversation_id not in self.cursors:
            self.cursors[conversation_id] = stored.seq - 1 if stored.is_new else 0
            self._house.hub.watch(conversation_id, self)
            self._house.hub.refresh(conversation_id)
        if self.cursors[conversation_id] == stored.seq - 1:
            self.cursors[conversation_id] = stored.seq

    def follow(self, conversation_id: int) -> None:
        """A conversation that was opened without this socket: by a button, or a word left by HTTP."""
        if conversation_id not in self.cursors:
            self._current = conversation_id
            self.cursors[conversation_id] = 0
            self._house.hub.watch(conversation_id, self)
            self._house.hub.refresh(conversation_id)

    def _type(self, frame: dict[str, Any]) -> None:
        conversation_id = self._mine(frame)
        self._house.desk.typing(conversation_id)
        self._house.hub.signal(
            conversation_id, {"type": "typing", "conversation_id": str(conversation_id), "from": "contact"}
        )

    def _mine(self, frame: dict[str, Any]) -> int:
        given = frame.get("conversation_id")
        conversation_id = read_id(given) if isinstance(given, str) else max(self.cursors, default=0)
        if conversation_id not in self.cursors:
            raise bad_input({"conversation_id": "not yours / 不是您的会话"})
        return conversation_id

    def _refuse(self, frame: dict[str, Any], problem: Problem) -> None:
        answer: Frame = {
            "type": "refused",
            "client_message_id": frame.get("client_message_id")
            if isinstance(frame.get("client_message_id"), str)
            else None,
            "status": problem.status,
            "code": problem.code,
            "detail": problem.sentence(self.language),
        }
        if problem.retry_after is not None:
            answer["retry_after"] = problem.retry_after
        self.outbox.put(answer)

    def close_soon(self, code: int, reason: str) -> None:
        if self._close is None:
            self._close = asyncio.create_task(self._shut(code, reason))

    async def _shut(self, code: int, reason: str) -> None:
        try:
            await asyncio.wait_for(self._send({"type": "websocket.close", "code": code, "reason": reason}), 5)
        except (TimeoutError, OSError, RuntimeError):
            return

    async def _send_text(self, text: str) -> None:
        await self._send({"type": "websocket.send", "text": text})


def read_sending(frame: dict[str, Any], language: str) -> Sending:
    """A `send` frame or the body of `POST /v1/widget/messages`. Raises 400."""
    kind = frame.get("message_type") or (frame["type"] if frame.get("type") != "send" else None) or "text"
    text, file_id, conversation_id = frame.get("text"), frame.get("file_id"), frame.get("conversation_id")
    page = frame.get("page")
    wrong = {
        name: "text expected / 应为文本"
        for name, value in (("text", text), ("file_id", file_id), ("conversation_id", conversation_id), ("type", kind))
        if value is not None and not isinstance(value, str)
    }
    if wrong:
        raise bad_input(wrong)
    client_id = frame.get("client_message_id")
    return Sending(
        client_message_id=client_id if isinstance(client_id, str) else "",
        type=str(kind),
        text=text,
        file_id=read_id(file_id) if file_id is not None else None,
        conversation_id=read_id(conversation_id) if conversation_id is not None else None,
        page=read_page(page),
        language=language,
    )


def read_page(page: Any) -> dict[str, str]:
    """Where the visitor is: only known, short, printable text."""
    if not isinstance(page, dict):
        return {}
    limits = {"url": 2000, "title": 300, "referrer": 2000, "utm_source": 100, "utm_medium": 100, "utm_campaign": 100,
              "utm_term": 100, "utm_content": 100}  # fmt: skip
    kept = {}
    for name, limit in limits.items():
        value = page.get(name)
        if isinstance(value, str) and value and "\0" not in value:
            kept[name] = value[:limit].encode("utf-8", "replace").decode()
    return kept


def follow_everywhere(house: House, identity_id: int, conversation_id: int) -> None:
    """All open windows of this visitor in this process hear the conversation from now on."""
    for end in house.sockets:
        if isinstance(end, VisitorSocket) and end.visitor is not None and end.visitor.identity_id == identity_id:
            end.follow(conversation_id)


async def serve_visitor(house: House, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    await VisitorSocket(house, receive, send, wire_of(scope)).run()
