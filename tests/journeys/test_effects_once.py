"""I15: the product is killed between what a tool did at the shop and its record; the shop did it once, the customer is
answered once. On the embedded engine, and where a model proposed the change."""

import asyncio
import contextlib
import os
import signal
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from benchmarks.product import Product, family, run_product
from tests.app.desk import Desk, Visitor
from tests.contracts.shops import SHOPS
from tests.emulators.chat_asked import Asked
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.emulators.chat_hostile import call
from tests.emulators.chat_wire import Spoken
from tests.emulators.http_shop import HttpShopEmulator
from tests.emulators.shop_platform import ANNA, PHONES

SETTINGS = {"YINGKE_ALLOW_PRIVATE_URLS": "1"}
NUMBER, TAIL = "70001", PHONES[ANNA][-4:]
PATIENCE = 90.0


class DyingShop(HttpShopEmulator):
    """Does what it is asked for; while `hangs` nobody hears of it."""

    def __init__(self) -> None:
        super().__init__()
        self.hangs = True
        self.did = asyncio.Event()

    async def _request(self, request: web.Request) -> web.Response:
        answer = await super()._request(request)
        self.did.set()
        if self.hangs:
            await asyncio.sleep(60)
        return answer


@dataclass
class Story:
    """One merchant with a shop, and the customer who wants something done."""

    shop: DyingShop
    wish: str
    owner_body: dict[str, str] = field(default_factory=dict)
    visitor: Visitor | None = None
    said_yes: int = 0


def proposing(asked: Asked) -> Spoken:
    """Opens the order that was named and proposes to cancel it; says nothing is left to do."""
    if asked.of("request_change"):
        return Spoken("好的，这就为您处理。")
    opened = asked.of("open_order")
    if opened and not opened[-1].is_error:
        return Spoken("", [call("request_change", kind="cancel", order_id=opened[-1].data["order"]["id"])])
    return Spoken("", [call("open_order", number=NUMBER, phone_tail=TAIL)])


async def test_an_effect_happens_once_and_is_answered_once_though_all_was_killed_in_between(tmp_folder: Path) -> None:
    async with DyingShop() as first, DyingShop() as second, ChatEndpoint() as endpoint:
        endpoint.behave_as(proposing)
        stories = [
            Story(first, f"帮我取消订单 {NUMBER}，手机尾号 {TAIL}"),
            Story(second, f"订单 {NUMBER} 尾号 {TAIL}，杯子我买重复了，您看怎么处理好"),
        ]
        async with run_product("up", folder=tmp_folder, settings=SETTINGS, needs_workspace=False) as product:
            async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
                await asyncio.gather(
                    open_up(session, product, stories[0]), open_up(session, product, stories[1], endpoint)
                )
                await asyncio.gather(*map(confirm, stories))
                calls = endpoint.calls
                assert calls >= 3
                await asyncio.gather(*(asyncio.wait_for(story.shop.did.wait(), PATIENCE) for story in stories))
            for pid in family(product.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        for story in stories:
            story.shop.hangs = False
        async with (
            run_product("up", folder=tmp_folder, settings=SETTINGS, needs_workspace=False) as again,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        ):
            await asyncio.gather(*(check(session, again, story) for story in stories))
            assert endpoint.calls == calls, "the yes was given to the shop's own rules, no model decides on it"


async def open_up(
    session: aiohttp.ClientSession, product: Product, story: Story, endpoint: ChatEndpoint | None = None
) -> None:
    """A workspace, its shop connected and mirrored, a model if one is given, and a customer."""
    owner = Desk(session, product.address)
    story.owner_body = {"email": f"o{uuid.uuid4().hex}@example.com", "password": "correct horse battery"}
    await owner.sign_in(
        "/v1/auth/sign-up", workspace_name="云杉杯店", name="李雷", language="zh-CN", **story.owner_body
    )
    kind = next(one for one in SHOPS if one.name == "http_shop")
    form = {key: story.shop.url if value == "{url}" else value for key, value in kind.settings.items()} | kind.secret
    await owner.post("/v1/shop-connections", {"provider": "http_shop", "form": form})
    if endpoint is not None:
        wish = {"name": "m", "base_url": endpoint.base_url, "model": "m-1", "is_enabled": True}
        await owner.post("/v1/model-endpoints", wish)
    await until(lambda: has_order(owner))
    shop = (await owner.get("/v1/shops"))["items"][0]
    story.visitor = Visitor(session, product.address)
    await story.visitor.enter(shop["site_key"], language="zh-CN")
    # What a workspace has is believed for ten seconds.
    await asyncio.sleep(10.5)


async def has_order(owner: Desk) -> bool:
    return any(one["number"] == NUMBER for one in (await owner.get(f"/v1/orders?q={NUMBER}"))["items"])


async def confirm(story: Story) -> None:
    """The wish, the shop's own question, and a yes that nobody waits for."""
    assert story.visitor is not None
    asked = await story.visitor.ask(story.wish)
    assert "确认" in asked["text"], asked
    assert not story.shop.effects
    headers = story.visitor.headers | {"Idempotency-Key": uuid.uuid4().hex}
    url = f"{story.visitor.address}/v1/widget/messages"
    async with story.visitor.session.post(url, json={"type": "text", "text": "确认"}, headers=headers) as sent:
        assert sent.status == 201
        story.said_yes = (await sent.json())["seq"]


async def check(session: aiohttp.ClientSession, product: Product, story: Story) -> None:
    visitor = story.visitor
    assert visitor is not None
    visitor.session, visitor.address = session, product.address
    await until(lambda: is_answered(story))
    owner = Desk(session, product.address)
    await owner.sign_in(**story.owner_body)
    await until(lambda: is_settled(owner))
    assert story.shop.effects == {"cancel": 1}, story.shop.calls
    assert len(story.shop.done) == 1
    answers = [one for one in await visitor.messages(story.said_yes) if one["from"] == "assistant"]
    assert len(answers) == 1, answers


async def is_answered(story: Story) -> bool:
    assert story.visitor is not None
    return any(one["from"] in ("assistant", "system") for one in await story.visitor.messages(story.said_yes))


async def is_settled(owner: Desk) -> bool:
    """The one request is no longer on its way to the shop."""
    requests: list[dict[str, Any]] = (await owner.get("/v1/order-requests"))["items"]
    assert len(requests) == 1
    return bool(requests[0]["state"] != "calling")


async def until(true: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not await true():
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.3)
