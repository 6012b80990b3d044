"""What the emulators of shops have in common: a shelf, a book of orders, and weather.

Everything listens on 127.0.0.1 at a free port. `faults` holds what happens to the next calls, in turn: "down" (500), "gate"
(503 with Retry-After), "busy" (429), "slow" (answers after `slow_s`), "garbage" (a page instead of JSON), "lost" (the deed is
done, its answer never comes), "expired" (the platform's own words for an old token), "refused" (the platform says no).
"""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from aiohttp import web

BEGIN = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)
ANNA, BRUNO = "8801", "8802"
"""Two buyers; every third order is Bruno's."""
PHONES = {ANNA: "13800000001", BRUNO: "13900000002"}


@dataclass
class Good:
    """Prices in fen. Variants: (id, sku, option, price, stock)."""

    id: str
    title: str
    variants: list[tuple[str, str, str, int, int]]
    updated: datetime
    is_listed: bool = True


@dataclass
class Bought:
    """One order. Lines: (line id, product id, sku, title, option, quantity, price)."""

    id: str
    number: str
    buyer: str
    lines: list[tuple[str, str, str, str, str, int, int]]
    state: str
    updated: datetime
    tracking: str = ""
    address: str = "青松路 8 号"
    deeds: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(quantity * price for *_, quantity, price in self.lines)

    @property
    def phone(self) -> str:
        return PHONES[self.buyer]


def stock_shelf(many: int = 23) -> dict[str, Good]:
    """Every second good has two variants. SKUs are YS-1-A, YS-1-B, …"""
    shelf = {}
    for n in range(1, many + 1):
        options = ("苔绿", "雾白") if n % 2 else ("",)
        variants = [
            (str(5000 + 10 * n + at), f"YS-{n}-{'AB'[at]}", option, 1990 + n, 3 * n + at)
            for at, option in enumerate(options)
        ]
        shelf[str(1000 + n)] = Good(str(1000 + n), f"云杉保温杯 {n} 号", variants, BEGIN + timedelta(hours=n))
    return shelf


def open_book(shelf: dict[str, Good], many: int = 22, number: str = "{id}") -> dict[str, Bought]:
    """Ids from 70001; states go round: unpaid, paid, shipped, delivered."""
    book = {}
    goods = list(shelf.values())
    for n in range(1, many + 1):
        good = goods[n % len(goods)]
        id, (_, sku, option, price, _) = str(70000 + n), good.variants[0]
        state = ("unpaid", "paid", "shipped", "delivered")[n % 4]
        tracking = f"YT880000{n:04}" if state in ("shipped", "delivered") else ""
        line = (str(90000 + n), good.id, sku, good.title, option, 2, price)
        book[id] = Bought(
            id, number.format(id=id), BRUNO if n % 3 == 0 else ANNA, [line], state, BEGIN + timedelta(hours=n), tracking
        )
    return book


class ShopPlatform(ABC):
    """An emulator; use it as an async context. `effects` counts what was really done, by kind."""

    def __init__(self) -> None:
        self.shelf = stock_shelf()
        self.book = open_book(self.shelf)
        self.faults: deque[str] = deque()
        self.calls: list[str] = []
        self.effects: Counter[str] = Counter()
        self.slow_s = 1.0
        self.url = ""
        self._runner: web.AppRunner | None = None

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """The paths of the platform."""

    def spoken(self, fault: str) -> web.Response:
        """The platform's own way to say "expired", "refused" or "busy"."""
        return web.json_response({"message": "没有库存，不能修改", "code": "refused"}, status=422)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._weather], client_max_size=2_000_000)
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _weather(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append(f"{request.method} {request.path}")
        fault = self.faults.popleft() if self.faults else ""
        if fault == "down":
            return web.Response(status=500, text="Internal Server Error")
        if fault == "gate":
            return web.Response(status=503, headers={"Retry-After": "9"})
        if fault == "garbage":
            return web.Response(text="<html><title>Just a moment…</title></html>", content_type="text/html")
        if fault in ("expired", "refused", "busy"):
            return self.spoken(fault)
        if fault == "slow":
            await asyncio.sleep(self.slow_s)
        answer: web.StreamResponse = await handler(request)
        if fault == "lost" and request.transport is not None:
            request.transport.abort()
        return answer

    def order_of(self, number: str) -> Bought | None:
        return next((one for one in self.book.values() if one.number == number), None)
