"""A rule of hand-over is written, tried on the past, switched on, acts on a customer, and is taken back."""

import asyncio
import re

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import customer
from tests.journeys.people import PATIENCE, Agent, Visitor


async def meets_the_rule(owner: Agent, words: str) -> str:
    """The conversation of the first of the customers, one after the other, whom the rule hands over. It holds for all
    after five seconds."""
    async with asyncio.timeout(PATIENCE):
        while True:
            visitor = await Visitor(owner.product, owner.site_key).open()
            answer = await visitor.ask(words)
            seen = await owner.get(f"/v1/conversations/{answer['conversation_id']}")
            await visitor.close()
            if (seen["hand_off_reason"] or "").endswith(":批发咨询"):
                return str(seen["id"])
            await asyncio.sleep(0.5)


async def test_a_rule_is_tried_on_the_past_switched_on_and_acts(owner: Agent, open_screen: OpenScreen) -> None:
    await customer(owner, "你们可以批发吗")
    screen = await open_screen()
    await sign_in(screen, owner)
    page = screen.page
    await screen.go("/app/settings/rules")
    await expect(page.get_by_text("还没有自己的规则")).to_be_visible()

    await page.get_by_role("button", name="新建规则").first.click()
    dialog = page.get_by_role("dialog", name="规则")
    await dialog.get_by_label("名称").fill("批发咨询")
    words = dialog.get_by_role("combobox", name="客户说到")
    await words.press_sequentially("批发")
    await page.get_by_role("option", name="批发").wait_for()
    await words.press("Enter")
    await dialog.get_by_role("button", name="存为草稿").click()
    await expect(page.get_by_text("当客户说到「批发」时，立即转人工。")).to_be_visible()
    await expect(page.get_by_text("有改动还没启用")).to_be_visible()

    await page.get_by_role("button", name="拿过去的会话试一试").click()
    await expect(page.get_by_text(re.compile(r"看了 1 段会话"))).to_be_visible()
    tile = page.locator("[data-key=newly]")
    await expect(tile).to_contain_text("1")
    await tile.get_by_role("button").first.click()
    await expect(page.get_by_role("dialog").get_by_text("你们可以批发吗")).to_be_visible()
    await page.keyboard.press("Escape")

    await page.get_by_label("输入客户可能说的话，例如：可以批发吗").fill("批 发价怎么算")
    await expect(page.get_by_text("会生效：批发咨询")).to_be_visible()
    await page.get_by_role("button", name="启用", exact=True).click()
    await expect(page.get_by_text("已启用，五秒内生效。")).to_be_visible()

    conversation = await meets_the_rule(owner, "想批发一百件")
    await screen.go(f"/app/conversations?c={conversation}")
    await expect(page.get_by_text("已转人工，等待接管（按规则「批发咨询」）")).to_be_visible()

    await screen.go("/app/settings/rules")
    await page.get_by_role("button", name="删除「批发咨询」").click()
    await page.get_by_role("button", name="撤销").click()
    await expect(page.get_by_text("当客户说到「批发」时，立即转人工。")).to_be_visible()
