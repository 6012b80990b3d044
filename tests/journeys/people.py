"""A merchant, his agents and his visitors, as their browsers would speak to a running product."""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from benchmarks.product import Product

_numbers = itertools.count(1)
_open: "set[Agent | Visitor]" = set()
Frame = dict[str, Any]
PATIENCE = 60
"""Seconds until something that must come is given up. A machine that others load too is slow, not wrong."""


async def all_leave() -> None:
    """Closes whoever a test has left at his screen."""
    for one in list(_open):
        await one.close()


def busy_for(answer: aiohttp.ClientResponse) -> float | None:
    """Seconds to wait, as browsers do, when the server has no room just now; None when it has answered."""
    pause = answer.headers.get("Retry-After")
    return float(pause) if answer.status == 503 and pause is not None and float(pause) <= 10 else None


class Agent:
    """One signed-in browser of the workbench."""

    def __init__(self, product: Product) -> None:
        self.product = product
        # Cookies are kept by hand: a client library would not send a Secure one over http, browsers do on loopback.
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), base_url=product.address)
        self.me: Frame = {}
        self._kept: dict[str, str] = {}
        _open.add(self)

    async def close(self) -> None:
        _open.discard(self)
        await self.http.close()

    async def sign_up(self, name: str = "青松小店") -> None:
        body = {
            "workspace_name": name, "name": "李雷", "email": f"owner{next(_numbers)}-{time.time_ns()}@example.com",
            "password": "correct horse battery", "language": "zh-CN",
        }  # fmt: skip
        self.me = await self.post("/v1/auth/sign-up", body, status=201)

    async def sign_in(self, email: str, password: str) -> None:
        self.me = await self.post("/v1/auth/sign-in", {"email": email, "password": password})

    async def request(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        headers = {"X-CSRF-Token": self.me.get("csrf_token", ""), **more.pop("headers", {})}
        if self._kept:
            headers["Cookie"] = self._cookie()
        until = time.monotonic() + PATIENCE
        while True:
            async with self.http.request(method, path, json=body, headers=headers, **more) as answer:
                if (pause := busy_for(answer)) is None or time.monotonic() > until:
                    self._keep_cookie(answer)
                    is_json = "json" in answer.headers.get("content-type", "")
                    return answer.status, await answer.json(content_type=None) if is_json else await answer.text()
            await asyncio.sleep(pause)

    async def get(self, path: str, status: int = 200) -> Any:
        got, body = await self.request("GET", path)
        assert got == status, (path, got, body)
        return body

    async def post(self, path: str, body: Any = None, status: int | None = None) -> Any:
        got, answer = await self.request("POST", path, body if body is not None else {})
        assert got == status if status is not None else got < 300, (path, got, answer)
        return answer

    def _keep_cookie(self, answer: aiohttp.ClientResponse) -> None:
        for morsel in answer.cookies.values():
            self._kept[morsel.key] = morsel.value

    @property
    def cookies(self) -> dict[str, str]:
        return dict(self._kept)

    def _cookie(self) -> str:
        return "; ".join(f"{key}={value}" for key, value in self._kept.items())

    async def upload(self, name: str, content: bytes, **fields: str) -> Frame:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", content, filename=name)
        for key, value in fields.items():
            form.add_field(key, value)
        headers = {"X-CSRF-Token": self.me["csrf_token"], "Cookie": self._cookie()}
        async with self.http.post("/v1/knowledge/documents", data=form, headers=headers) as answer:
            assert answer.status in (200, 201, 202), await answer.text()
            document: Frame = await answer.json()
        return document

    async def say(self, conversation: str, text: str, status: int | None = None) -> Any:
        """An agent's message; takes the conversation over where nobody else has it."""
        headers = {"Idempotency-Key": f"a{next(_numbers)}"}
        body = {"type": "text", "text": text}
        got, answer = await self.request("POST", f"/v1/conversations/{conversation}/messages", body, headers=headers)
        assert got == status if status is not None else got < 300, (got, answer)
        return answer

    async def learn(self, name: str, content: bytes, **fields: str) -> Frame:
        """Uploads and waits until the document can be answered from, or failed."""
        document = await self.upload(name, content, **fields)
        for _ in range(PATIENCE * 10):
            document = await self.get(f"/v1/knowledge/documents/{document['id']}")
            if document["state"] in ("ready", "failed", "held"):
                return document
            await asyncio.sleep(0.1)
        raise AssertionError(f"{name} is still {document['state']}")

    @property
    def site_key(self) -> str:
        return str(self.me["shops"][0]["site_key"])


class Visitor:
    """One open widget: a session and a socket; remembers every frame."""

    def __init__(self, product: Product, site_key: str) -> None:
        self.product = product
        self.site_key = site_key
        self.http = aiohttp.ClientSession(base_url=product.address)
        self.token = ""
        self.session: Frame = {}
        self.frames: list[Frame] = []
        self.messages: dict[int, Frame] = {}
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._new = asyncio.Event()
        _open.add(self)

    async def open(self, **wish: Any) -> "Visitor":
        until = time.monotonic() + PATIENCE
        while not self.session:
            async with self.http.post("/v1/widget/sessions", json={"site_key": self.site_key, **wish}) as answer:
                if (pause := busy_for(answer)) is None or time.monotonic() > until:
                    assert answer.status == 200, await answer.text()
                    self.session = await answer.json()
            await asyncio.sleep(pause or 0)
        self.token = self.session["visitor_token"]
        await self.connect({})
        return self

    async def connect(self, cursors: dict[str, int]) -> None:
        self.socket = await self.http.ws_connect("/v1/widget/stream")
        await self.socket.send_json({"type": "hello", "visitor_token": self.token, "cursors": cursors})
        self._reading = asyncio.create_task(self._read(self.socket))
        await self.until(lambda frame: frame["type"] == "ready")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(ConnectionError):
            async for item in socket:
                if item.type == aiohttp.WSMsgType.TEXT:
                    frame = item.json()
                    self.frames.append(frame)
                    if frame["type"] == "message":
                        self.messages[frame["message"]["seq"]] = frame["message"]
                    self._new.set()

    async def until(self, wanted: Callable[[Frame], Any], seconds: float = PATIENCE) -> Frame:
        """The first frame, old or new, that fits."""
        end = time.monotonic() + seconds
        while True:
            for frame in list(self.frames):
                if wanted(frame):
                    return frame
            self._new.clear()
            left = end - time.monotonic()
            assert left > 0, f"nothing fits among {[frame['type'] for frame in self.frames][-20:]}"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._new.wait(), left)

    async def send(self, text: str, **more: Any) -> Frame:
        """Returns the ack."""
        mid = f"m{next(_numbers)}"
        assert self.socket is not None
        await self.socket.send_json(
            {"type": "send", "client_message_id": mid, "message_type": "text", "text": text, **more}
        )
        return await self.until(lambda frame: frame["type"] == "ack" and frame["client_message_id"] == mid)

    async def ask(self, text: str, seconds: float = PATIENCE) -> Frame:
        """Sends and waits for the first message of somebody else behind it."""
        ack = await self.send(text)
        frame = await self.until(
            lambda frame: (
                frame["type"] == "message"
                and frame["message"]["seq"] > ack["seq"]
                and frame["message"]["from"] != "contact"
            ),
            seconds,
        )
        return dict(frame["message"])

    async def read(self, conversation_id: str) -> list[Frame]:
        headers = {"Authorization": f"Bearer {self.token}"}
        query = {"conversation_id": conversation_id, "after_seq": "0", "limit": "200"}
        async with self.http.get("/v1/widget/messages", params=query, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            items: list[Frame] = (await answer.json())["items"]
        return items

    async def close(self) -> None:
        _open.discard(self)
        if self.socket is not None:
            await self.socket.close()
        await self.http.close()
