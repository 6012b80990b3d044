"""A visitor who never gives up: resends what was not acknowledged, resumes after every cut, writes down all of it."""

import asyncio
import contextlib
import itertools
import random
from typing import Any

import aiohttp

from benchmarks.product import Product
from tests.journeys.history import History, body_hash

_numbers = itertools.count(1)


class Chatter:
    """One browser. `cursors` and `token` survive every cut, as they do in the widget."""

    def __init__(self, product: Product, http: aiohttp.ClientSession, history: History, site_key: str) -> None:
        self.product = product
        self.http = http
        self.history = history
        self.site_key = site_key
        self.name = f"v{next(_numbers)}"
        self.token = ""
        self.cursors: dict[str, int] = {}
        self.session = 0
        self.acked: dict[str, asyncio.Event] = {}
        self.socket: aiohttp.ClientWebSocketResponse | None = None
        self.is_over = False

    async def open(self) -> None:
        """Gets a token; the first one is kept for the whole story."""
        for _ in range(200):
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self.http.post(
                    self.product.address + "/v1/widget/sessions", json={"site_key": self.site_key, "language": "zh-CN"}
                ) as answer:
                    if answer.status == 200:
                        self.token = (await answer.json())["visitor_token"]
                        return
            await asyncio.sleep(0.1)
        raise RuntimeError("no session")

    async def listen(self) -> None:
        """Stays connected until `is_over`, resuming from the cursors."""
        while not self.is_over:
            with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
                async with self.http.ws_connect(self.product.address + "/v1/widget/stream") as socket:
                    self.session += 1
                    await socket.send_json({"type": "hello", "visitor_token": self.token, "cursors": self.cursors})
                    self.socket = socket
                    async for frame in socket:
                        if frame.type == aiohttp.WSMsgType.TEXT:
                            self._hear(frame.json())
            self.socket = None
            await asyncio.sleep(random.uniform(0.05, 0.3))

    def _hear(self, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        if kind == "ack":
            mid = frame["client_message_id"]
            conv = frame["conversation_id"]
            self.history.add("ack", mid=mid, server_id=frame["id"], seq=frame["seq"], conv=conv, status=200)
            if frame["seq"] == self.cursors.get(conv, 0) + 1:
                self._deliver(conv, frame["seq"])
            self.acked[mid].set()
        elif kind == "message":
            message = frame["message"]
            conv = message["conversation_id"]
            if message["seq"] > self.cursors.get(conv, 0):
                self._deliver(conv, message["seq"])
        elif kind == "refused" and frame["client_message_id"]:
            self.history.add("reject", mid=frame["client_message_id"], status=frame["status"])

    def _deliver(self, conv: str, seq: int) -> None:
        self.cursors[conv] = seq
        self.history.add("deliver", sub=self.name, session=self.session, conv=conv, seq=seq)

    async def say(self, text: str, patience: float = 180) -> str:
        """Sends until it is acknowledged, always under the same id. Returns the id."""
        mid = f"{self.name}-{next(_numbers)}"
        self.acked[mid] = asyncio.Event()
        deadline = asyncio.get_running_loop().time() + patience
        attempt = 0
        while asyncio.get_running_loop().time() < deadline:
            socket = self.socket
            if socket is None or socket.closed:
                await asyncio.sleep(0.05)
                continue
            attempt += 1
            self.history.add(
                "send", mid=mid, h=body_hash(text), conv="", client=self.name, kind="visitor", attempt=attempt
            )
            with contextlib.suppress(aiohttp.ClientError, OSError, RuntimeError):
                await socket.send_json({"type": "send", "client_message_id": mid, "message_type": "text", "text": text})
            try:
                await asyncio.wait_for(self.acked[mid].wait(), 3)
                return mid
            except TimeoutError:
                self.history.add("unknown", mid=mid)
        raise RuntimeError(f"{mid} was never acknowledged")

    async def read_all(self) -> None:
        """The final read of every conversation of this visitor, by HTTP."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self.http.get(self.product.address + "/v1/widget/conversations", headers=headers) as answer:
            conversations = [item["id"] for item in (await answer.json())["items"]]
        self.history.add("subscribe", sub=self.name, convs=conversations, complete=True)
        for conv in conversations:
            items: list[dict[str, Any]] = []
            has_more = True
            while has_more:
                after = items[-1]["seq"] if items else 0
                query = {"conversation_id": conv, "after_seq": str(after)}
                async with self.http.get(
                    self.product.address + "/v1/widget/messages", params=query, headers=headers
                ) as answer:
                    page = await answer.json()
                has_more = page["has_more"]
                items += [
                    {
                        "mid": item.get("client_message_id") or f"{conv}/{item['seq']}",
                        "server_id": item["id"],
                        "seq": item["seq"],
                        "h": body_hash(item.get("text") or ""),
                        "from": item["from"],
                        "through": item.get("answers_through_seq"),
                    }
                    for item in page["items"]
                ]
            self.history.add("final", conv=conv, items=items)
