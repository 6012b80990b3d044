"""Chromium, and the widget's test server as a child process; what the desk does is told to it as a line of JavaScript."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright, expect

from tests.browser.chromium import FLAGS, chromium_path
from tests.journeys.people import PATIENCE

expect.set_options(timeout=1000 * PATIENCE)

WIDGET = Path(__file__).parents[3] / "web" / "apps" / "widget"


@dataclass
class Desk:
    """The shop's side of a test."""

    address: str

    async def do(self, script: str) -> Any:
        """Runs `script` in the server with `desk` and `c`, the newest conversation (see `desk.mjs`)."""
        body = f"const c = [...desk.conversations.values()].at(-1); {script}"
        async with aiohttp.ClientSession() as http, http.post(f"{self.address}/test/do", data=body) as answer:
            return json.loads(await answer.text())

    async def until(self, condition: str, seconds: float = PATIENCE) -> None:
        """Asks `condition`, an expression as in `do`, until it is true."""
        async with asyncio.timeout(seconds):
            while not await self.do(f"return {condition}"):
                await asyncio.sleep(0.05)


@dataclass
class Visit:
    """One page in a browser context of its own. Anything that leaves this machine or goes wrong is in `faults`."""

    page: Page
    context: BrowserContext
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def open(self) -> None:
        await self.page.locator("yingke-widget #l").click()
        await self.page.get_by_placeholder("请输入您的问题").wait_for()

    async def say(self, text: str) -> None:
        box = self.page.locator(".composer textarea")
        await box.fill(text)
        await box.press("Enter")

    async def say_and_keep(self, text: str) -> None:
        """Says it and waits until the server has it."""
        await self.say(text)
        await self.page.locator(".contact .bubble", has_text=text).wait_for()
        await self.settled()

    async def settled(self) -> None:
        """Nothing is on its way any more."""
        await self.page.wait_for_function(
            "!document.querySelector('yingke-widget').shadowRoot.querySelector('.delivery')"
        )


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[str]:
    child = await asyncio.create_subprocess_exec(
        "node", "test/server.mjs", "0", cwd=WIDGET, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    port = (await child.stdout.readline()).decode().strip()
    yield f"http://127.0.0.1:{port}"
    child.terminate()
    await child.wait()


@pytest.fixture
async def desk(server: str) -> Desk:
    fresh = Desk(server)
    await fresh.do(
        "desk.settings = {}; desk.refuse_next = null; desk.lose_acks = false; desk.is_away = false; desk.pause_before = null;"
        "for (const name of ['conversations', 'tokens', 'files']) desk[name].clear();"
        "for (const name of ['consents', 'ratings', 'feedback', 'left_messages', 'visits', 'sessions']) desk[name].length = 0;"
    )
    return fresh


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        await browser.close()


async def begin(chromium: Browser, server: str, **options: Any) -> Visit:
    settings: dict[str, Any] = {
        "viewport": {"width": 1440, "height": 900},
        "locale": "zh-CN",
        "reduced_motion": "reduce",
        **options,
    }
    context = await chromium.new_context(**settings)
    context.set_default_timeout(1000 * PATIENCE)
    visit = Visit(await context.new_page(), context)

    def note(request: Request) -> None:
        visit.requests.append(request.url)
        if not request.url.startswith((server, "blob:", "data:")):
            visit.faults.append(f"left the machine: {request.url}")

    visit.page.on("request", note)
    visit.page.on("pageerror", lambda error: visit.faults.append(f"page error: {error}"))
    visit.page.on(
        "console", lambda said: visit.faults.append(f"console: {said.text}") if said.type == "error" else None
    )
    return visit


@pytest.fixture
async def visit(chromium: Browser, server: str) -> AsyncIterator[Visit]:
    one = await begin(chromium, server)
    yield one
    await one.context.close()
    assert one.faults == []


@pytest.fixture
async def phone(chromium: Browser, server: str) -> AsyncIterator[Visit]:
    one = await begin(chromium, server, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    yield one
    await one.context.close()
    assert one.faults == []
