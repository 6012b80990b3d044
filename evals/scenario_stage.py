"""The stage of the scenarios: the demo shop as it runs for anybody, or a shop of `shops/`, customers who write to it, and
an owner who looks on."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp
import jwt
from chat_stage import SETTINGS, connect_model
from scenario_orders import STANDS_FOR, order_like
from scenario_shops import ShopData, open_shop

from benchmarks.product import run_product
from tests.app.desk import Desk, Visitor

Engine = Literal["embedded", "chat"]
CUSTOMERS: dict[str, dict[str, str]] = {
    "stranger": {},
    "gold": {"sub": "scenario-gold", "name": "金卡客户", "level": "gold"},
    "silver": {"sub": "scenario-silver", "name": "银卡客户", "level": "silver"},
    "plain": {"sub": "scenario-plain", "name": "普通客户"},
    "waiting": {"sub": "scenario-waiting", "name": "丙女士"},
    "buyer": {"sub": "demo-0417", "name": "顾客甲", "level": "gold"},
    "vip": {"sub": "demo-8826", "name": "顾客乙", "level": "gold"},
}
"""Who somebody is: a stranger, or signed in by the shop with these claims; buyer and vip own the demo's two orders,
waiting one of his own that is paid and not sent."""
SETTLE = 0.25
BETWEEN = 0.3
"""Seconds between the messages that somebody sends in one breath."""
BREATH = 1.5
AT_A_TIME = 40


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
    answers: int = 1
    """How many messages the assistant wrote."""


@dataclass
class Stage:
    session: aiohttp.ClientSession
    address: str
    owner: Desk
    shops: dict[str, dict[str, str]]
    """Language → {id, site_key, secret}."""
    orders: int = 0
    spare: dict[str, list[str]] = field(default_factory=dict)
    """Numbers of fresh orders by the one that they stand for."""
    data: ShopData | None = None
    """None: the demo's."""
    others: dict[str, "Stage"] = field(default_factory=dict)
    """The stages of other shops by their names, in the same product."""

    def of(self, shop: str) -> "Stage":
        """The stage of a shop that was opened; "" is the demo's."""
        return self.others[shop] if shop else self

    @property
    def numbers(self) -> list[str]:
        """Order numbers that stand for fresh ones in a scenario."""
        return list(STANDS_FOR) if self.data is None else self.data.numbers

    def _like(self, number: str) -> dict[str, Any]:
        count = self._count()
        return order_like(number, count) if self.data is None else self.data.order_like(number, count)

    async def new_order(self, like: str) -> str:
        """The number of a fresh order of a stranger like that one, so that wrong tries of others do not count here."""
        if not self.spare.get(like):
            self.spare[like] = await self._import([self._like(like) for _ in range(AT_A_TIME)])
        return self.spare[like].pop()

    async def own_order(self, like: str, sub: str) -> str:
        """The number of a fresh order like that one, of somebody who signs in as `sub`."""
        order = self._like(like) | {"buyer_external_id": sub, "shop_id": self.shops["zh-CN"]["id"]}
        return (await self._import([order]))[0]

    def _count(self) -> int:
        self.orders += 1
        return self.orders

    async def _import(self, orders: list[dict[str, Any]]) -> list[str]:
        made = await self.owner.post("/v1/orders/import", {"orders": orders})
        assert made["added"] == len(orders), made
        return [one["number"] for one in orders]

    async def customer(self, who: str, language: str = "zh-CN") -> "Customer":
        """A new one every time; somebody signed in gets an account of his own unless he owns an order."""
        shop = self.shops["en" if language.startswith("en") and "en" in self.shops else "zh-CN"]
        claims, owned = self._who(who)
        own = {number: await self.own_order(number, claims["sub"]) for number in owned}
        visitor = Visitor(self.session, self.address)
        token = jwt.encode(claims | {"exp": int(time.time()) + 600}, shop["secret"], "HS256") if claims else None
        await visitor.enter(shop["site_key"], identity_token=token, language=language)
        return Customer(self, visitor, own)

    def _who(self, who: str) -> tuple[dict[str, str], list[str]]:
        """Claims, and the orders of which he owns a fresh one each."""
        if self.data is not None:
            person = self.data.customers[who]
            sub = {"sub": f"{who}-{time.monotonic_ns():x}"} if person.claims else {}
            return person.claims | sub, person.orders
        claims = dict(CUSTOMERS[who])
        if claims.get("sub", "").startswith("scenario-"):
            claims["sub"] += f"-{time.monotonic_ns():x}"
        return claims, ["QX-P0001"] if who == "waiting" else []


@dataclass
class Customer:
    stage: Stage
    visitor: Visitor
    orders: dict[str, str] = field(default_factory=dict)
    """What stands for the demo's order numbers in his words."""

    async def says(self, *texts: str) -> Heard:
        """Several are sent in one breath. Waits for the answer, and a moment more for what follows it."""
        began = time.monotonic()
        before = await self.visitor.say(texts[0])
        for text in texts[1:]:
            await asyncio.sleep(BETWEEN)
            await self.visitor.say(text)
        first = await self.visitor.until_answered(before)
        heard = Heard(seconds=time.monotonic() - began)
        await asyncio.sleep(SETTLE if len(texts) == 1 else BREATH)
        said = []
        for message in [first, *await self.visitor.messages(after_seq=first["seq"])]:
            if message["from"] == "assistant":
                said.append(message.get("text", ""))
                heard.cards += [card["kind"] for card in message.get("cards", [])]
            elif message["from"] == "system":
                heard.system = message["system"]["code"]
        heard.text, heard.answers = "\n".join(said), len(said)
        await self._look_on(heard, before)
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
            for id in dict.fromkeys(traces):
                trace = await self.stage.owner.get(f"/v1/traces/{id}")
                heard.skills += [one["skill"] for one in trace["skills"]]
                heard.tools += [one["name"] for one in trace["tools"]]
                heard.mood, heard.intent = trace["mood"] or "", trace["intent"] or ""


@asynccontextmanager
async def open_stage(engine: Engine = "embedded", shops: Iterable[str] = ("",)) -> AsyncIterator[Stage]:
    """The shops that are asked for ("" is the demo's) in a folder of their own; ready when their documents are learned
    and their engine is connected."""
    settings = SETTINGS if engine == "chat" else None
    wanted = sorted(set(shops))
    async with AsyncExitStack() as stack:
        program = "demo" if "" in wanted else "up"
        product = await stack.enter_async_context(run_product(program, settings=settings, needs_workspace=False))
        session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))
        stage = Stage(session, product.address, Desk(session, product.address), {})
        if "" in wanted:
            await stage.owner.sign_in("/v1/demo/sign-in")
            await stage.owner.until_ready()
            stage.shops = await _shops(stage.owner)
        for name in filter(None, wanted):
            owner, data = await open_shop(session, product.address, name)
            stage.others[name] = Stage(session, product.address, owner, await _shops(owner), data=data)
        if engine == "chat":
            for one in [stage] * ("" in wanted) + list(stage.others.values()):
                await stack.enter_async_context(connect_model(one.owner))
        yield stage


async def _shops(owner: Desk) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for shop in (await owner.get("/v1/shops"))["items"]:
        secret = await owner.post(f"/v1/shops/{shop['id']}/site-secret")
        language = "en" if shop["name"].isascii() else "zh-CN"
        found[language] = {"id": shop["id"], "site_key": shop["site_key"], "secret": _secret_of(secret)}
    return found


def _secret_of(answer: dict[str, Any]) -> str:
    return str(answer["site_secret"])
