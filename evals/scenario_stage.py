"""The stage of the scenarios: the demo shop as it runs for anybody, customers who write to it, and an owner who looks on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import jwt

from benchmarks.product import run_product
from tests.app.desk import Desk, Visitor

CUSTOMERS: dict[str, dict[str, str]] = {
    "stranger": {},
    "gold": {"sub": "scenario-gold", "name": "金卡客户", "level": "gold"},
    "silver": {"sub": "scenario-silver", "name": "银卡客户", "level": "silver"},
    "plain": {"sub": "scenario-plain", "name": "普通客户"},
    "buyer": {"sub": "demo-0417", "name": "顾客甲", "level": "gold"},
    "vip": {"sub": "demo-8826", "name": "顾客乙", "level": "gold"},
}
"""Who somebody is: a stranger, or signed in by the shop with these claims; buyer and vip own the demo's two orders."""
ORDER: dict[str, Any] = {
    "state": "shipped",
    "total_minor": 75715,
    "paid_minor": 75715,
    "phone": "13800000417",
    "buyer_name": "甲先生",
    "items": [
        {"title": "两人三季帐", "variant": "苔绿", "quantity": 1, "price_minor": 42115, "sku": "QX-T2-GREEN"},
        {"title": "棉睡袋 10℃", "quantity": 2, "price_minor": 16800, "sku": "QX-S10"},
    ],
    "shipments": [{"carrier": "演示快递", "tracking_number": "YS0000123456"}],
}
SETTLE = 0.25


@dataclass
class Heard:
    """What came back for one turn: the assistant's words (and a system line's code), and what the trace says of it."""

    text: str = ""
    system: str = ""
    cards: list[str] = field(default_factory=list)
    skills: list[str] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)
    mood: str = ""
    intent: str = ""
    language: str = ""
    handled_by: str = "assistant"
    reason: str = ""
    seconds: float = 0.0


@dataclass
class Stage:
    session: aiohttp.ClientSession
    address: str
    owner: Desk
    shops: dict[str, dict[str, str]]
    """Language → {site_key, secret}."""
    orders: int = 0

    async def new_order(self) -> str:
        """The number of a fresh order like the demo's first one, so that wrong tries of others do not count here."""
        self.orders += 1
        number = f"QX-S{self.orders:04d}"
        order = ORDER | {"number": number, "ordered_at": f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%dT%H:%M:%SZ}"}
        made = await self.owner.post("/v1/orders/import", {"orders": [order]})
        assert made["added"] == 1, made
        return number

    async def customer(self, who: str, language: str = "zh-CN") -> "Customer":
        """A new one every time; somebody signed in gets an account of his own unless he owns an order."""
        shop = self.shops["en" if language.startswith("en") and "en" in self.shops else "zh-CN"]
        claims = dict(CUSTOMERS[who])
        if claims.get("sub", "").startswith("scenario-"):
            claims["sub"] += f"-{time.monotonic_ns():x}"
        visitor = Visitor(self.session, self.address)
        token = jwt.encode(claims | {"exp": int(time.time()) + 600}, shop["secret"], "HS256") if claims else None
        await visitor.enter(shop["site_key"], identity_token=token, language=language)
        return Customer(self, visitor)


@dataclass
class Customer:
    stage: Stage
    visitor: Visitor

    async def says(self, text: str) -> Heard:
        """Waits for the answer, and a moment more for a hand-over that follows it."""
        began = time.monotonic()
        first = await self.visitor.ask(text)
        heard = Heard(seconds=time.monotonic() - began)
        asked_through = first["seq"] - 1
        later = [first]
        await asyncio.sleep(SETTLE)
        later += await self.visitor.messages(after_seq=first["seq"])
        for message in later:
            if message["from"] == "assistant":
                heard.text = message.get("text", "")
                heard.cards += [card["kind"] for card in message.get("cards", [])]
            elif message["from"] == "system":
                heard.system = message["system"]["code"]
        await self._look_on(heard, asked_through)
        return heard

    async def leaves(self) -> None:
        """The conversation is closed, so that the same customer begins anew next time."""
        if self.visitor.conversation_id:
            await self.stage.owner.post(f"/v1/conversations/{self.visitor.conversation_id}/closure")

    async def _look_on(self, heard: Heard, after: int) -> None:
        id = self.visitor.conversation_id
        seen = await self.stage.owner.get(f"/v1/conversations/{id}")
        heard.handled_by, heard.reason = seen["handled_by"], seen.get("hand_off_reason") or ""
        heard.language = seen.get("language") or ""
        items = (await self.stage.owner.get(f"/v1/conversations/{id}/messages?after_seq={after}"))["items"]
        traces = [one["trace_id"] for one in items if one.get("trace_id")]
        if traces:
            trace = await self.stage.owner.get(f"/v1/traces/{traces[-1]}")
            heard.skills = [one["skill"] for one in trace["skills"]]
            heard.tools = [one["name"] for one in trace["tools"]]
            heard.mood, heard.intent = trace["mood"] or "", trace["intent"] or ""


@asynccontextmanager
async def open_stage() -> AsyncIterator[Stage]:
    """The demo shop in a folder of its own; ready when its documents are learned."""
    async with (
        run_product("demo", needs_workspace=False) as product,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        owner = Desk(session, product.address)
        await owner.sign_in("/v1/demo/sign-in")
        await owner.until_ready()
        yield Stage(session, product.address, owner, await _shops(owner))


async def _shops(owner: Desk) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for shop in (await owner.get("/v1/shops"))["items"]:
        secret = await owner.post(f"/v1/shops/{shop['id']}/site-secret")
        language = "en" if shop["name"].isascii() else "zh-CN"
        found[language] = {"site_key": shop["site_key"], "secret": _secret_of(secret)}
    return found


def _secret_of(answer: dict[str, Any]) -> str:
    return str(answer["site_secret"])
