"""How the AI and people share the work, on screen: every number opens its conversations; times in the agent's own zone."""

import re

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import customer
from tests.journeys.people import Agent


async def test_numbers_open_their_conversations_and_too_little_is_said(owner: Agent, open_screen: OpenScreen) -> None:
    visitor, conversation = await customer(owner, "我想找人问一下发票")
    await visitor.close()
    screen = await open_screen()
    page = screen.page
    await sign_in(screen, owner)
    await screen.go("/app/today")
    await page.get_by_role("link", name="人机分工").click()
    tile = page.locator("[data-figure=person]")
    await expect(tile).to_contain_text("100%")
    await expect(tile).to_contain_text("1 / 1 段会话")
    await expect(page.locator("[data-side=now]")).to_contain_text("数据不够")
    await expect(page.get_by_text("还没有导入过去的聊天记录，无从比较。")).to_be_visible()
    await expect(page.locator("[data-figure=recovered_by_assistant]")).to_contain_text("暂无")

    await page.get_by_role("button", name=re.compile("客户要求")).click()
    drawer = page.get_by_role("dialog", name="「客户要求」背后的会话")
    await expect(drawer.get_by_role("link")).to_have_count(1)
    await drawer.get_by_role("link").click()
    await page.wait_for_url(f"**/conversations?c={conversation}")


async def test_times_are_in_the_agents_zone_and_the_customers_clock_stands_beside(
    owner: Agent, open_screen: OpenScreen
) -> None:
    # The browser of both is in New York; the workspace is in Shanghai.
    phone = await open_screen(viewport={"width": 390, "height": 844}, timezone_id="America/New_York")
    await phone.go(f"/chat/{owner.site_key}")
    await phone.page.locator("textarea").fill("转人工")
    await phone.page.locator("textarea").press("Enter")
    await phone.page.locator(".banner").wait_for()
    screen = await open_screen(timezone_id="America/New_York")
    page = screen.page
    await sign_in(screen, owner)
    talk = (await owner.get("/v1/conversations"))["items"][0]
    await screen.go(f"/app/conversations?c={talk['id']}")
    clock = page.get_by_text(re.compile(r"当地 \d\d:\d\d"))
    await expect(clock).to_be_visible()
    time = page.get_by_role("log").locator("time[title]").first
    in_shanghai = await time.inner_text()

    await screen.go("/app/settings/appearance")
    await page.get_by_role("combobox", name="我的时区").click()
    await page.keyboard.type("America/New_York")
    await page.get_by_role("option", name="America/New_York").click()
    await screen.go(f"/app/conversations?c={talk['id']}")
    await expect(page.get_by_role("log").locator("time[title]").first).not_to_have_text(in_shanghai)
    await expect(clock).to_have_count(0)
