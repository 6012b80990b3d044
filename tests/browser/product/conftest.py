"""The running product in real Chromium. Every test has a workspace and browser contexts of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, async_playwright, expect

from benchmarks.product import Product
from tests.browser.chromium import FLAGS, chromium_path
from tests.journeys.lent import lend_product
from tests.journeys.people import PATIENCE, Agent, all_leave

expect.set_options(timeout=1000 * PATIENCE)
EXPECTED_NOISE = ("status of 401", "status of 404", "status of 409", "status of 422", "status of 503")
"""What Chromium itself writes to the console for a refused request; the screen shows the reason, or asks again (503)."""


@pytest.fixture(scope="session")
async def product() -> AsyncIterator[Product]:
    async with lend_product() as running:
        yield running


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        await browser.close()


@dataclass
class Screen:
    """One browser context with one page. `faults` are requests off this machine, page errors, console errors."""

    page: Page
    context: BrowserContext
    address: str
    faults: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)
    """Addresses of other servers that the test itself runs."""
    noise: list[str] = field(default_factory=lambda: list(EXPECTED_NOISE))

    async def go(self, path: str) -> None:
        await self.page.goto(self.address + path)

    def note(self, request: Request) -> None:
        if not request.url.startswith((self.address, "blob:", "data:", *self.neighbours)):
            self.faults.append(f"left the machine: {request.url}")

    def hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(noise in said.text for noise in self.noise):
            self.faults.append(f"console: {said.text}")


OpenScreen = Callable[..., Awaitable[Screen]]


async def new_screen(chromium: Browser, address: str, **options: Any) -> Screen:
    settings = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", "reduced_motion": "reduce", **options}
    context = await chromium.new_context(**settings)
    context.set_default_timeout(1000 * PATIENCE)
    page = await context.new_page()
    screen = Screen(page, context, address)
    page.on("request", screen.note)
    page.on("pageerror", lambda error: screen.faults.append(f"page error: {error}"))
    page.on("console", screen.hear)
    return screen


@pytest.fixture
async def open_screen(chromium: Browser, product: Product) -> AsyncIterator[OpenScreen]:
    opened: list[Screen] = []

    async def make(**options: Any) -> Screen:
        opened.append(await new_screen(chromium, product.address, **options))
        return opened[-1]

    yield make
    faults = [fault for screen in opened for fault in screen.faults]
    for screen in opened:
        await screen.context.close()
    assert faults == []


@pytest.fixture(autouse=True)
async def nobody_is_left() -> AsyncIterator[None]:
    yield
    await all_leave()


@pytest.fixture
async def owner(product: Product) -> AsyncIterator[Agent]:
    agent = Agent(product)
    await agent.sign_up()
    yield agent
    await agent.close()


async def sign_in(screen: Screen, agent: Agent) -> None:
    """The agent's session in this browser, as after signing in by the form."""
    await screen.context.add_cookies(
        [
            {"name": name, "value": value, "url": screen.address.replace("http://", "https://"), "secure": True}
            for name, value in agent.cookies.items()
        ]
    )
