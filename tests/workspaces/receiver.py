"""A receiver of webhooks on a loopback port, which fails, hangs or redirects when told to."""

import asyncio
import base64
import contextlib
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import web


@dataclass
class Got:
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


Behaviour = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def accept(_: web.Request) -> web.StreamResponse:
    return web.Response(text="thank you")


async def fail(_: web.Request) -> web.StreamResponse:
    return web.Response(status=503, text="down for maintenance")


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(120)
    return web.Response()


@dataclass
class Receiver:
    url: str = ""
    behaviour: Behaviour = accept
    got: list[Got] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.got.append(Got(headers, await request.read()))
        answer = await self.behaviour(request)
        if answer.status < 300:
            self.accepted.append(headers["webhook-id"])
        return answer

    def ids(self) -> list[str]:
        return [one.id for one in self.got]


@contextlib.asynccontextmanager
async def open_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", receiver.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    receiver.url = f"http://127.0.0.1:{port}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


def is_signed_by(secret: str, got: Got) -> bool:
    """Written from the text of Standard Webhooks, not from the product's code."""
    key = base64.standard_b64decode(secret[len("whsec_") :])
    content = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
    expected = base64.standard_b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    offered = [mark.split(",", 1) for mark in got.headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(value, expected) for version, value in offered)
