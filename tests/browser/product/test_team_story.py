"""The team of AI and people at work in the demo's shop: a guest from abroad at night, and a price to the cent."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Page

from benchmarks.product import Product, run_product
from tests.app.desk import Desk
from tests.browser.product.conftest import Screen, new_screen
from yingke.app.demo.questions import QUESTIONS

PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
async def demo() -> AsyncIterator[Product]:
    async with run_product("demo", needs_workspace=False) as running:
        yield running


@pytest.fixture
async def owner(demo: Product) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        desk = Desk(session, demo.address)
        await desk.sign_in("/v1/demo/sign-in")
        await desk.until_ready()
        yield desk


async def site_key_of(owner: Desk, is_foreign: bool) -> str:
    shops = (await owner.get("/v1/shops"))["items"]
    return next(str(shop["site_key"]) for shop in shops if shop["name"].isascii() is is_foreign)


async def close_for_the_night(owner: Desk) -> None:
    """The shop abroad opens for an hour that lies half a day away, whenever the test runs."""
    shop = next(one for one in (await owner.get("/v1/shops"))["items"] if one["name"].isascii())
    opens = datetime.now(UTC) + timedelta(hours=12)
    hours = {
        "time_zone": "UTC",
        "days": [{"day": day, "from": f"{opens:%H}:00", "to": f"{opens:%H}:30"} for day in range(1, 8)],
        "exceptions": [],
    }
    url = f"{owner.address}/v1/shops/{shop['id']}"
    async with owner.session.patch(url, json={"hours": hours}, headers=owner.headers) as answer:
        assert answer.status == 200, await answer.text()


async def say(page: Page, words: str) -> Locator:
    """Says it and waits for what follows; the message of the assistant that came last."""
    answers = page.locator(".message.assistant .tools")
    before = await answers.count()
    await page.locator("textarea").fill(words)
    await page.locator("textarea").press("Enter")
    await answers.nth(before).wait_for(timeout=60_000)
    return page.locator(".message.assistant").last


async def end(screen: Screen) -> None:
    await screen.context.close()
    assert screen.faults == []


async def test_a_guest_from_abroad_at_night_is_answered_in_english_and_told_when_people_come(
    demo: Product, owner: Desk, chromium: Browser
) -> None:
    await close_for_the_night(owner)
    screen = await new_screen(
        chromium, demo.address, viewport=PHONE, locale="en", timezone_id="America/New_York", color_scheme="dark"
    )
    page = screen.page
    await screen.go(f"/chat/{await site_key_of(owner, is_foreign=True)}")
    shipping = await say(page, "How much is shipping to Japan?")
    assert "12 US dollars" in await shipping.inner_text()
    assert "Shipping-Global" in await shipping.inner_text()

    asked = await say(page, "Where is my order QX-D0001?")
    assert "last four digits" in await asked.inner_text()
    assert await page.locator(".shop-card").count() == 0
    found = await say(page, "0417")
    assert "out for delivery" in (await found.inner_text()).lower()
    await found.locator(".shop-card.order", has_text="QX-D0001").wait_for()
    await found.locator(".shop-card.parcel", has_text="YS0000123456").wait_for()

    await page.locator("textarea").fill("I want to talk to a person")
    await page.locator("textarea").press("Enter")
    await page.get_by_text("Our team is away, back at").wait_for()
    banner = page.locator(".banner")
    await banner.get_by_text("team from").wait_for()
    assert "You are next" not in await page.locator("body").inner_text()
    await banner.get_by_role("button", name="Leave a message").click()
    await page.locator("form textarea").fill("Please hold one green tent for me.")
    await page.get_by_label("E-mail").fill("guest@example.com")
    await page.locator("form input[type=checkbox]").check()
    await page.locator("form button[type=submit]").click()
    await page.get_by_text("Message sent").wait_for()
    left = (await owner.get("/v1/left-messages"))["items"]
    assert left[0]["text"] == "Please hold one green tent for me."
    await end(screen)


async def test_a_price_is_worked_out_to_the_cent_with_every_step_in_sight(
    demo: Product, owner: Desk, chromium: Browser
) -> None:
    screen = await new_screen(chromium, demo.address, viewport=PHONE)
    await screen.go(f"/chat/{await site_key_of(owner, is_foreign=False)}")
    answer = await say(screen.page, QUESTIONS[2].text)
    text = await answer.locator(".bubble").inner_text()
    steps = ["499.00", "398.00", "897.00", "−80.00", "817.00", "−15.00", "802.00", "757.15"]
    places = [text.index(step) for step in steps]
    assert places == sorted(places)
    assert "登录后" in text[places[-2] :]
    assert await answer.locator(".ai-mark").is_visible()
    width: int = await screen.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    await end(screen)
