"""A web site on the loopback that can be told to misbehave."""

import asyncio
import gzip
from collections import Counter
from types import TracebackType
from typing import Self

from aiohttp import web

NAV = '<div class="menu"><p>首页 全部商品 购物车 我的订单</p></div>'
FOOT = "<div><p>青松小店 版权所有 联系电话 400 开头 扫码关注我们的公众号</p></div>"


def page(title: str, body: str, *, links: tuple[str, ...] = (), head: str = "") -> str:
    anchors = "".join(f'<p><a href="{link}">去看看</a></p>' for link in links)
    return (
        f"<!doctype html><html><head><title>{title} - 青松小店</title>{head}</head>"
        f"<body>{NAV}<h1>{title}</h1>{body}{anchors}{FOOT}</body></html>"
    )


class Site:
    """Use as an async context manager. `pages` by path: text (a page), or an answer of its own."""

    def __init__(self) -> None:
        self.pages: dict[str, str | web.Response] = {}
        self.robots: str | int = 404
        self.asked: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.not_modified = 0
        self._runner: web.AppRunner | None = None
        self.port = 0

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path_qs
        self.asked[path] += 1
        self.agents.add(request.headers.get("User-Agent", ""))
        if path == "/robots.txt":
            if isinstance(self.robots, int):
                return web.Response(status=self.robots)
            return web.Response(text=self.robots)
        if path.startswith("/bad/"):
            return await self._misbehave(request, path.removeprefix("/bad/"))
        found = self.pages.get(path)
        if isinstance(found, web.Response):
            return web.Response(body=found.body, status=found.status, headers=found.headers)
        if found is None:
            return web.Response(status=404, text="not here")
        etag = f'"{hash(found)}"'
        if request.headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return web.Response(status=304)
        return web.Response(text=found, content_type="text/html", headers={"ETag": etag})

    async def _misbehave(self, request: web.Request, how: str) -> web.StreamResponse:
        if how == "loop":
            raise web.HTTPFound("/bad/loop2")
        if how == "loop2":
            raise web.HTTPFound("/bad/loop")
        if how == "away":
            raise web.HTTPFound("http://localhost.localdomain/else")
        if how == "inside":
            raise web.HTTPFound("http://169.254.169.254/latest/meta-data/")
        if how == "bomb":
            packed = gzip.compress(b"<urlset><loc>/</loc>" + b" " * 60_000_000)
            return web.Response(body=packed, content_type="application/gzip")
        if how == "picture":
            return web.Response(body=b"\x89PNG", content_type="image/png")
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        if how == "lies":
            response.headers["Content-Length"] = "5000"
        await response.prepare(request)
        if how == "endless":
            for _ in range(200):
                await response.write(b"<p>" + b"x" * 100_000)
        elif how == "drip":
            for _ in range(100):
                await response.write(b".")
                await asyncio.sleep(0.5)
        else:
            await response.write(b"<html><body>short")
            if request.transport is not None:
                request.transport.close()
        return response
