"""A merchant who is no engineer connects his warranty system: four steps, a trial, and customers get the answer."""

import asyncio

from playwright.async_api import Page, expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.emulators.merchant_system import KEY, MerchantSystem
from tests.journeys.people import Agent, Visitor

EXAMPLES = "帮我查一下这个序列号还在不在保修期\n我的机器保修到什么时候\nSN码查质保\n这台还能保修吗"


async def hear(owner: Agent, wanted: str) -> str:
    """What new customers hear who ask for the warranty, until it is what the merchant's system says."""
    said = ""
    for _ in range(60):
        visitor = await Visitor(owner.product, owner.site_key).open()
        said = str((await visitor.ask("帮我看下 SN20240017 还在保修期吗"))["text"])
        await visitor.close()
        if wanted in said:
            return said
        await asyncio.sleep(0.5)
    raise AssertionError(said)


async def fill_in(page: Page, system: MerchantSystem) -> None:
    """The first three steps."""
    await page.get_by_label("名称").fill("保修查询")
    await page.get_by_label("它回答什么").fill("按序列号查机器的保修期")
    await page.get_by_label("客户会怎么问").fill(EXAMPLES)
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_role("button", name="添加要问的信息").click()
    await page.get_by_label("名称").fill("序列号")
    await page.get_by_label("没说时怎么问").fill("请发一下机身上的序列号，SN 开头。")
    await page.get_by_label("写一个例子，自动得出格式").fill("SN20240017")
    await expect(page.get_by_label("格式（可不填）")).to_have_value("SN########")
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("网址").fill(f"{system.address}/warranty/")
    await page.get_by_role("button", name="{序列号}").click()
    await page.get_by_role("button", name="添加请求头").click()
    await page.get_by_label("请求头", exact=True).fill("X-Api-Key")
    await page.get_by_label("值，加密保存").fill(KEY)


async def test_a_merchant_connects_his_own_system_and_customers_get_its_answer(
    open_screen: OpenScreen, owner: Agent
) -> None:
    async with MerchantSystem() as system:
        screen = await open_screen()
        page = screen.page
        screen.noise.append("status of 400")
        await sign_in(screen, owner)
        await screen.go("/app/settings/assistants?part=tools")
        await expect(page.get_by_text("还没有自有工具")).to_be_visible()
        await page.get_by_role("link", name="添加自有工具").click()
        await fill_in(page, system)
        await page.get_by_role("button", name="试一次").click()
        await expect(page.get_by_text("请填一个能查到的例子")).to_be_visible()
        await page.get_by_label("序列号", exact=True).fill("SN20240017")
        await page.get_by_role("button", name="试一次").click()
        await expect(page.get_by_text("查到了，用时")).to_be_visible()

        await page.get_by_role("button", name="下一步").click()
        await page.get_by_role("button", name="product 净水器 R5").click()
        await page.get_by_label("查到了怎么说", exact=True).press("End")
        await page.get_by_label("查到了怎么说", exact=True).press_sequentially("保修到 ")
        await page.get_by_role("button", name="until 2027-03-01").click()
        await expect(page.get_by_label("查到了怎么说", exact=True)).to_have_value("{product}保修到 {until}")
        await page.get_by_label("没查到怎么说", exact=True).fill("没有查到 {序列号}，请核对一下。")
        await page.get_by_role("button", name="试一次").click()
        await expect(page.get_by_text("净水器 R5保修到 2027年3月1日")).to_be_visible()
        await page.get_by_role("button", name="保存并启用").click()
        await expect(page.get_by_role("switch", name="启用「保修查询」")).to_be_checked()

        assert "净水器 R5保修到 2027年3月1日" in await hear(owner, "2027年3月1日")
        assert all(headers["x-api-key"] == KEY for *_, headers in system.asked)

        await page.get_by_role("button", name="删除「保修查询」").click()
        await page.get_by_role("button", name="删除", exact=True).click()
        await expect(page.get_by_text("还没有自有工具")).to_be_visible()
