"""Why an answer was given, the same question replayed, asked as of another day, and how sure it must be."""

import re

from playwright.async_api import FilePayload

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import Agent

SHIPPING = (
    "# 发货与物流\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n\n"
    "## 运费\n单笔满 99 元包邮,不满 99 元收取 8 元运费。\n"
).encode()


async def test_an_answer_is_explained_replayed_and_the_line_moved(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_screen()
    page = desk.page
    await sign_in(desk, owner)
    await desk.go("/app/knowledge")
    await page.locator("input[type=file]").first.set_input_files(
        [FilePayload(name="发货与物流.md", mimeType="text/markdown", buffer=SHIPPING)]
    )
    await page.get_by_text("可以用了").first.wait_for(timeout=60_000)

    question = page.get_by_role("textbox", name="问题")
    await question.fill("付款后多久发或")
    await question.press("Enter")
    await page.get_by_test_id("ask-answer").get_by_text("48 小时").wait_for()
    await page.get_by_role("button", name="看它怎么找到的").click()
    await page.get_by_text("错别字：「发或」读作「发货」").wait_for()
    await page.get_by_test_id("trace-ask").get_by_text(re.compile("达到了要求的 50%")).wait_for()
    await page.get_by_test_id("trace-candidate").first.get_by_text("已引用").wait_for()

    await page.get_by_test_id("replay-open").click()
    await page.locator(".replay .el-checkbox").click()
    slider = page.get_by_role("slider", name="要求的把握")
    await slider.focus()
    await slider.press("End")
    await page.get_by_test_id("replay-run").click()
    await page.get_by_test_id("replay-result").wait_for()

    await page.get_by_test_id("ask-day").fill("2031-12-01")
    await question.fill("运费多少")
    await question.press("Enter")
    await page.get_by_test_id("as-of").get_by_text("按12月1日的资料回答").wait_for()

    await page.get_by_role("link", name="设置").last.click()
    await page.get_by_test_id("answering-preview").get_by_text("最近 7 天还没有客户的问题").wait_for()
    await page.get_by_text("谨慎", exact=True).click()
    await page.get_by_test_id("line").get_by_text("65%").wait_for()
    await page.get_by_test_id("save-answering").click()
    await page.get_by_role("button", name="恢复上一次的设置").wait_for()
    assert (await owner.get("/v1/knowledge/answering"))["threshold"] == 0.65
    await page.get_by_role("button", name="恢复上一次的设置").click()
    await page.get_by_test_id("line").get_by_text("50%").wait_for()
