"""A shop on this machine that counts what it was made to do, and a provider that speaks to it."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

from yingke.commerce.contract import CannotByProgram, Provider, ShopDown, ShopRefused, Shops
from yingke.commerce.shapes import Action, ActionResult


@dataclass
class StubShop:
    """`effects` by key. `hangs`: does it and never says so. `is_down`: hangs up before doing anything."""

    dedupes: bool = True
    hangs: bool = False
    is_down: bool = False
    refuses: str = ""
    effects: Counter[str] = field(default_factory=Counter)
    calls: list[dict[str, Any]] = field(default_factory=list)
    done_one: asyncio.Event = field(default_factory=asyncio.Event)
    server: asyncio.Server | None = None
    port: int = 0

    async def __aenter__(self) -> Self:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.server is not None
        self.server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = json.loads(await reader.readline())
        self.calls.append(asked)
        if not self.is_down:
            told = self._find(asked) if asked["op"] == "find" else self._do(asked)
            if asked["op"] == "do" and self.hangs:
                self.done_one.set()
                await reader.read()
            else:
                writer.write(json.dumps(told).encode() + b"\n")
                await writer.drain()
        writer.close()

    def _do(self, asked: dict[str, Any]) -> dict[str, Any]:
        if self.refuses:
            return {"refused": self.refuses}
        if not (self.dedupes and self.effects[asked["key"]]):
            self.effects[asked["key"]] += 1
        return {"number": f"R-{asked['key']}", "done": True}

    def _find(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {"number": f"R-{asked['key']}" if self.effects[asked["key"]] else None}


class StubProvider(Provider):
    """`finds`: the shop can be asked by key. `repeats_safely`: the shop does one key once."""

    name = "stub"
    can = frozenset({"return", "refund", "exchange", "cancel", "address", "invoice"})

    def __init__(self, port: int, *, finds: bool = True, repeats_safely: bool = False, wait: float = 5.0) -> None:
        self.port = port
        self.finds = finds
        self.repeats_safely = repeats_safely
        self.wait = wait

    async def check(self) -> str:
        return self.name

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        told = await self._ask({"op": "do", "kind": action.kind, "key": idempotency_key})
        if "refused" in told:
            raise ShopRefused(told["refused"])
        return ActionResult(told["done"], told["number"])

    async def find_action(self, action: Action, *, idempotency_key: str) -> ActionResult | None:
        if not self.finds:
            raise CannotByProgram
        told = await self._ask({"op": "find", "key": idempotency_key})
        return ActionResult(True, told["number"]) if told["number"] else None

    async def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self.wait):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write(json.dumps(asked).encode() + b"\n")
                line = await reader.readline()
                writer.close()
        except TimeoutError as error:
            raise ShopDown("timeout", may_have_happened=True) from error
        if not line:
            raise ShopDown("hung up")
        told: dict[str, Any] = json.loads(line)
        return told


class StubShops(Shops):
    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    async def open(self, workspace_id: int, connection_id: int) -> Provider:
        return self.provider
