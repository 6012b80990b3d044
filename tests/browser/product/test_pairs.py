"""QA pairs on the screen: made from a file, reviewed by keyboard, edited, merged, taken back."""

import asyncio

import aiohttp
from playwright.async_api import Locator, Page, expect

from tests.browser.product.conftest import OpenScreen, Screen, sign_in
from tests.journeys.people import PATIENCE, Agent

SHIPPING = (
    "# 发货与物流\n\n## 发货时间\n\n我们的仓库在杭州。每天 16:00 前付款当天发出。\n\n## 运费\n\n满 99 元包邮，不满收 8 元。\n\n"
    "## 发票\n\n确认收货后申请，3 个工作日内发到邮箱。\n"
)


async def upload(owner: Agent, name: str, content: str) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", content.encode(), filename=name)
    status, answer = await owner.request("POST", "/v1/knowledge/documents", None, data=form)
    assert status == 202, answer


async def until_counted(owner: Agent, what: str, wanted: int) -> None:
    """The page looks again after 20 seconds only: what it is to show is there before it is opened."""
    async with asyncio.timeout(PATIENCE):
        while (await owner.get("/v1/knowledge/qa-pairs/counts"))[what] != wanted:
            await asyncio.sleep(0.2)


async def open_review(owner: Agent, open_screen: OpenScreen) -> Screen:
    """The list of pairs that a file has just given, all three of them."""
    await upload(owner, "发货与物流.md", SHIPPING)
    await until_counted(owner, "proposed", 3)
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/knowledge/qa")
    tab = desk.page.get_by_role("tab", name="待审核 3")
    await tab.wait_for()
    await tab.click()
    await row(desk.page, "什么时候发货？").wait_for()
    return desk


def row(page: Page, question: str) -> Locator:
    return page.locator("li", has=page.get_by_role("heading", name=question, exact=True))


async def test_a_file_gives_pairs_that_are_reviewed_by_keyboard_and_taken_back(
    owner: Agent, open_screen: OpenScreen
) -> None:
    desk = await open_review(owner, open_screen)
    page = desk.page
    await page.keyboard.press("j")
    first = await page.locator("li.current h2").inner_text()
    await page.keyboard.press("a")
    await page.get_by_role("tab", name="已上线 1").wait_for()
    assert [pair["questions"][0] for pair in (await owner.get("/v1/knowledge/qa-pairs"))["items"]] == [first]
    await page.keyboard.press("r")
    await page.get_by_role("tab", name="已拒绝 1").wait_for()
    await page.get_by_role("button", name="撤销").last.click()
    await page.get_by_role("tab", name="待审核 2").wait_for()
    await page.get_by_role("tab", name="已拒绝 0").wait_for()


async def test_keys_do_nothing_while_somebody_types_or_composes(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_review(owner, open_screen)
    page = desk.page
    await page.keyboard.press("j")
    await page.evaluate(
        "window.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', isComposing: true, bubbles: true}));"
        "window.dispatchEvent(new KeyboardEvent('keydown', {key: 'r', keyCode: 229, bubbles: true}))"
    )
    await page.get_by_role("searchbox", name="搜索问题或答案").click()
    await page.keyboard.type("arej")
    await page.get_by_text("没有符合条件的问答").wait_for()
    assert (await owner.get("/v1/knowledge/qa-pairs/counts"))["proposed"] == 3


async def test_the_source_is_shown_with_its_sentence(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_review(owner, open_screen)
    await row(desk.page, "什么时候发货？").get_by_role("button", name="出自").click()
    quote = desk.page.locator("blockquote mark")
    await quote.wait_for()
    assert "16:00" in await quote.inner_text()


async def test_a_pair_is_edited_with_phrasings_and_a_language(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_review(owner, open_screen)
    page = desk.page
    await row(page, "运费怎么算？").get_by_role("button", name="编辑").click()
    dialog = page.get_by_role("dialog", name="编辑问答对")
    await dialog.get_by_role("button", name="加一种问法").click()
    await page.keyboard.type("寄一单多少钱")
    await dialog.get_by_role("button", name="加一种语言").click()
    await page.get_by_role("menuitem", name="英语").click()
    await dialog.get_by_role("textbox", name="英语答案").fill("Free from 99 yuan, else 8 yuan.")
    await dialog.get_by_role("button", name="保存").click()
    await expect(dialog).to_be_hidden()
    pairs = (await owner.get("/v1/knowledge/qa-pairs?state=proposed&q=运费怎么算"))["items"]
    assert "寄一单多少钱" in pairs[0]["questions"]
    assert pairs[0]["answers"] == {"en": "Free from 99 yuan, else 8 yuan."}


async def test_near_equal_pairs_are_merged_and_split_again(owner: Agent, open_screen: OpenScreen) -> None:
    items = [
        {"questions": ["可以退货吗？"], "answer": "7 天内可退。"},
        {"questions": ["能不能退货"], "answer": "签收 7 天内可以退。"},
    ]
    await owner.post("/v1/knowledge/qa-pairs", {"items": items})
    await until_counted(owner, "duplicates", 1)
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/knowledge/qa")
    link = desk.page.get_by_role("link", name="1 组问法相近，去合并")
    await link.wait_for()
    await link.click()
    await desk.page.locator(".group").get_by_text("签收 7 天内可以退。").click()
    await desk.page.get_by_role("button", name="合并成一条").click()
    await desk.page.get_by_text("没有相近的问答").wait_for()
    merged = (await owner.get("/v1/knowledge/qa-pairs"))["items"]
    assert [(pair["questions"], pair["answer"]) for pair in merged] == [
        (["可以退货吗？", "能不能退货"], "签收 7 天内可以退。")
    ]
    await desk.page.get_by_role("button", name="撤销").click()
    await desk.page.get_by_role("button", name="不是重复").wait_for()
    assert len((await owner.get("/v1/knowledge/qa-pairs"))["items"]) == 2
