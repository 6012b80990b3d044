"""The line is cut, or the server goes away and comes back: in both windows every message stands once."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator

import aiohttp
import pytest
from playwright.async_api import Browser

from benchmarks.product import Product, run_product
from tests.browser.product.conftest import EXPECTED_NOISE, Screen, new_screen, sign_in
from tests.browser.product.desk import composer_of
from tests.journeys.people import Agent, Visitor

CUT = (*EXPECTED_NOISE, "WebSocket connection", "ERR_CONNECTION_REFUSED", "ERR_INTERNET_DISCONNECTED", "ERR_EMPTY_RESPONSE",
       "ERR_CONNECTION_RESET", "status of 502")  # fmt: skip


GREETING = "你好呀，先问一声"


class Restartable:
    """A product of this test's own, that can go away and come back on the same folder and port."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.second: subprocess.Popen[bytes] | None = None

    async def stop(self) -> None:
        self.product.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(self.product.process.wait, 60)

    async def start(self) -> None:
        with (self.product.folder / "product.log").open("ab") as log:
            self.second = subprocess.Popen(
                [sys.executable, "-m", "yingke.app", "up"], env=self.product.environment, stdout=log, stderr=log
            )
        async with aiohttp.ClientSession() as http:
            for _ in range(600):
                try:
                    async with http.get(f"{self.product.address}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    assert self.second.poll() is None, "it did not come back"
                await asyncio.sleep(0.1)
        raise AssertionError("it did not become ready")


@pytest.fixture
async def own() -> AsyncIterator[Restartable]:
    async with run_product("up", needs_workspace=False) as product:
        one = Restartable(product)
        yield one
        if one.second is not None:
            one.second.terminate()
            await asyncio.to_thread(one.second.wait, 60)


async def open_both(chromium: Browser, owner: Agent) -> tuple[Screen, Screen, str]:
    """The widget after a first word, and the workbench with that conversation open and taken over."""
    address = owner.product.address
    street, desk = await new_screen(chromium, address), await new_screen(chromium, address)
    for screen in (street, desk):
        screen.noise = list(CUT)
    await street.go(f"/chat/{owner.site_key}")
    await street.page.locator("textarea").wait_for()
    await say(street, GREETING)
    await street.page.locator(".contact .bubble", has_text=GREETING).wait_for()
    await settled(street)
    conversation = str((await owner.get("/v1/conversations?view=all"))["items"][0]["id"])
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await desk.page.get_by_role("log").locator(".bubble.contact", has_text=GREETING).wait_for()
    await answer(desk, "我在")
    await street.page.locator(".agent .bubble", has_text="我在").wait_for()
    return street, desk, conversation


async def say(street: Screen, text: str) -> None:
    await street.page.locator("textarea").fill(text)
    await street.page.locator("textarea").press("Enter")


async def answer(desk: Screen, text: str) -> None:
    await composer_of(desk.page).fill(text)
    await composer_of(desk.page).press("Enter")


async def settled(street: Screen) -> None:
    await street.page.locator(".contact .delivery").first.wait_for(state="detached")


async def compare(owner: Agent, conversation: str, street: Screen, desk: Screen) -> None:
    """What people said, as the API has it, against what both windows show: the same, once, in this order."""
    items = (await owner.get(f"/v1/conversations/{conversation}/messages?limit=100"))["items"]
    assert len({one["id"] for one in items}) == len(items)
    assert [one["seq"] for one in items] == list(range(1, len(items) + 1))
    spoken = [one["text"] for one in items if one["from"] in ("contact", "agent")]
    assert max(Counter(spoken).values()) == 1
    for screen, bubbles in ((street, "[role=log] .row .bubble"), (desk, "[role=log] .bubble-row .bubble")):
        shown = await screen.page.locator(bubbles).all_inner_texts()
        assert [text for text in (one.strip() for one in shown) if text in spoken] == spoken


async def test_a_restart_of_the_server_loses_and_repeats_nothing_in_either_window(
    own: Restartable, chromium: Browser
) -> None:
    owner = Agent(own.product)
    await owner.sign_up()
    street, desk, conversation = await open_both(chromium, owner)
    await own.stop()
    await say(street, "停机时客户写的一")
    await say(street, "停机时客户写的二")
    await street.page.get_by_text("等待网络").or_(street.page.get_by_text("发送中")).first.wait_for()
    await own.start()
    await desk.page.get_by_role("log").locator(".bubble.contact", has_text="停机时客户写的二").wait_for(timeout=60_000)
    await settled(street)
    await answer(desk, "回来了")
    await street.page.locator(".agent .bubble", has_text="回来了").wait_for(timeout=60_000)
    await say(street, "好的")
    await desk.page.get_by_role("log").locator(".bubble.contact", has_text="好的").wait_for()
    await settled(street)
    await compare(owner, conversation, street, desk)
    await owner.close()
    for screen in (street, desk):
        await screen.context.close()
        assert screen.faults == []


async def test_five_seconds_without_a_line_in_mid_talk_lose_nothing(
    product: Product, owner: Agent, chromium: Browser
) -> None:
    street, desk, conversation = await open_both(chromium, owner)
    for screen in (street, desk):
        await screen.context.set_offline(True)
    await say(street, "断线时客户说的")
    await answer(desk, "断线时客服说的")
    await street.page.get_by_text("网络断开了，恢复后会自动发送").wait_for()
    other = await Visitor(product, owner.site_key).open()
    await other.send("别的客户此时来了")
    await street.page.wait_for_timeout(5000)
    for screen in (street, desk):
        await screen.context.set_offline(False)
    await desk.page.get_by_role("log").locator(".bubble.contact", has_text="断线时客户说的").wait_for(timeout=60_000)
    await street.page.locator(".agent .bubble", has_text="断线时客服说的").wait_for(timeout=60_000)
    await settled(street)
    await compare(owner, conversation, street, desk)
    await other.close()
    for screen in (street, desk):
        await screen.context.close()
        assert screen.faults == []
