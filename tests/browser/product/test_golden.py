"""A gap in real Chromium: made a golden question, answered, asked again at once, and the next run is better."""

import asyncio

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.floor import bring_forward, hurry
from tests.journeys.people import Agent, Visitor

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n".encode()


async def _asked(owner: Agent, *questions: str) -> None:
    """Visitors ask, and the questions have been read from their conversations and checked."""
    for question in questions:
        visitor = await Visitor(owner.product, owner.site_key).open()
        await visitor.ask(question)
        await visitor.close()
    for _ in range(400):
        await bring_forward(owner.product, "call_followers")
        page = await owner.get("/v1/knowledge/questions")
        checked = [item for item in page["items"] if item["coverage"] != "unknown"]
        if page["total"] == len(questions) and len(checked) == len(page["items"]) and not page["unsorted"]:
            return
        await asyncio.sleep(0.3)
    raise AssertionError("the questions were not sorted")


async def test_a_gap_is_answered_tried_again_and_the_golden_run_improves(owner: Agent, open_screen: OpenScreen) -> None:
    await owner.learn("发货.md", SHIPPING)
    await _asked(owner, "台灯能调亮度吗？", "请问台灯可以调亮度吗", "多久发货？")
    screen = await open_screen()
    await sign_in(screen, owner)
    page = screen.page

    await screen.go("/app/knowledge/questions")
    await page.get_by_role("heading", name="本周最值得补的 1 个问题").wait_for()
    row = page.locator(".question", has_text="台灯")
    await expect(row).to_contain_text("还答不上来")
    await row.get_by_role("button", name="更多操作").click()
    await page.get_by_role("menuitem", name="设为黄金问题").click()
    await page.get_by_text("已设为黄金问题").wait_for()

    await hurry(owner.product, owner.me["workspace"]["id"], "golden_run")
    await screen.go("/app/knowledge/golden")
    await page.locator(".score[data-state=idle]").get_by_text("答对 0%").wait_for()
    await expect(page.locator(".row", has_text="台灯")).to_have_attribute("data-state", "failed")

    await screen.go("/app/knowledge/questions?view=gaps")
    await page.locator(".question", has_text="台灯").get_by_role("button", name="写答案").click()
    await page.get_by_role("textbox", name="答案").fill("台灯有三档亮度，长按开关切换。")
    await page.get_by_role("button", name="保存，并当场再问一遍").click()
    await page.get_by_text("2 种问法全都答上来了").wait_for()
    await expect(page.locator(".retest li").first).to_contain_text("三档亮度")
    await page.get_by_role("button", name="关闭").first.click()
    await page.get_by_text("都能答上来").wait_for()

    await hurry(owner.product, owner.me["workspace"]["id"], "golden_run")
    await screen.go("/app/knowledge/golden")
    await page.locator(".score[data-state=idle]").get_by_text("答对 100%").wait_for()
    await expect(page.locator(".score")).to_contain_text("1 个变好")
    await page.get_by_text("每次考试").click()
    await page.locator(".runs button").first.click()
    sides = page.locator(".result .side")
    await expect(sides).to_have_count(2)
    await expect(sides.first).to_contain_text("没答上来")
    await expect(sides.last).to_contain_text("三档亮度")


async def test_the_gate_says_what_it_does_and_is_kept(owner: Agent, open_screen: OpenScreen) -> None:
    screen = await open_screen(viewport={"width": 390, "height": 844})
    await sign_in(screen, owner)
    await screen.go("/app/knowledge/golden")
    await screen.page.get_by_text("还没有考题").wait_for()
    await screen.page.locator(".gate .el-switch").click()
    await screen.page.get_by_text("把关已打开").wait_for()
    assert (await owner.get("/v1/knowledge/golden-gate"))["is_on"] is True
    assert await screen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
