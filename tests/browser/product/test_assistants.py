"""The AI team in the browser: a template is chosen, a sentence changed, switched on, heard by a customer, taken back."""

import asyncio

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import Agent, Visitor

OWN = "不客气呀，小店一直在这儿等您。"


async def hear(owner: Agent, wanted: bool) -> str:
    """What new customers hear who say thanks, until it is the own sentence, or no longer."""
    for _ in range(120):
        visitor = await Visitor(owner.product, owner.site_key).open()
        said = str((await visitor.ask("谢谢你们"))["text"])
        await visitor.close()
        if (OWN in said) == wanted:
            return said
        await asyncio.sleep(0.4)
    raise AssertionError(said)


async def test_a_team_is_chosen_changed_switched_on_and_taken_back(open_screen: OpenScreen, owner: Agent) -> None:
    await hear(owner, wanted=False)
    screen = await open_screen()
    page = screen.page
    screen.noise.append("status of 400")
    await sign_in(screen, owner)
    await screen.go("/app/settings/assistants")
    await expect(page.get_by_role("switch", name="启用「寒暄」")).to_be_checked()
    await page.get_by_role("tab", name="模板").click()
    await page.get_by_role("button", name="看看内容：食品生鲜 · 售前台").click()
    await page.get_by_role("button", name="放进草稿").click()
    await expect(page.get_by_text("关闭技能「售后与改单」")).to_be_visible()

    await page.get_by_role("tab", name="话术").click()
    await page.get_by_role("searchbox", name="查找话术").fill("thanks")
    await page.get_by_role("button", name="修改话术").click()
    await page.get_by_label("中文").fill("{name}您好")
    await page.get_by_role("button", name="存入草稿").click()
    await expect(page.get_by_text("要保留这些占位")).to_be_visible()
    await page.get_by_label("中文").fill(OWN)
    await page.get_by_role("button", name="存入草稿").click()
    await page.get_by_role("button", name="试一试").click()
    await page.get_by_role("textbox", name="例如").fill("谢谢你们")
    await page.get_by_role("button", name="试答").click()
    await expect(page.get_by_role("dialog").get_by_text(OWN)).to_be_visible()
    await page.get_by_role("button", name="关闭").last.click()

    await page.get_by_role("textbox", name="这次改了什么").fill("换个说法")
    await page.get_by_role("button", name="启用", exact=True).click()
    await expect(page.get_by_text("有改动还没启用")).to_have_count(0)
    await hear(owner, wanted=True)

    await owner.request("PUT", "/v1/assistant-versions/draft", {})
    await owner.post("/v1/assistant-versions/live", {})
    await hear(owner, wanted=False)
    await page.reload()
    await page.get_by_role("tab", name="版本").click()
    await page.get_by_text("换个说法").wait_for()
    await page.get_by_role("button", name="恢复这一版").click()
    await hear(owner, wanted=True)


async def test_what_a_model_is_told_is_written_counted_and_kept_in_the_draft(
    open_screen: OpenScreen, owner: Agent
) -> None:
    screen = await open_screen(viewport={"width": 390, "height": 844})
    page = screen.page
    await sign_in(screen, owner)
    await screen.go("/app/settings/assistants?part=instructions")
    await expect(page.get_by_text("现在没有接入模型")).to_be_visible()
    box = page.get_by_role("textbox", name="给模型的说明")
    await box.fill("语气像熟客之间聊天。\n不要拿我们和别家比较。")
    await expect(page.get_by_text("22 / 2000 字")).to_be_visible()
    await page.get_by_role("tab", name="版本").click()
    await page.get_by_role("tab", name="给模型的说明").click()
    await expect(box).to_have_value("语气像熟客之间聊天。\n不要拿我们和别家比较。")
    await page.get_by_role("button", name="存入草稿").click()
    await expect(page.get_by_text("给模型的说明加上「语气像熟客之间聊天。」")).to_be_visible()
    await box.fill("长" * 2001)
    await expect(page.get_by_text("最多 2000 字，请删短一些")).to_be_visible()
    await expect(page.get_by_role("button", name="存入草稿")).to_be_disabled()
    draft = (await owner.get("/v1/assistant-versions"))["draft"]
    assert draft["config"]["instructions"] == "语气像熟客之间聊天。\n不要拿我们和别家比较。"
    await page.get_by_role("button", name="用黄金问题对照").click()
    await expect(page.get_by_text("还没有黄金问题")).to_be_visible()
