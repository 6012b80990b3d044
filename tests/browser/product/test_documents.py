"""A document's life in real Chromium: uploaded, paused, replaced, compared, taken back, and what contradicts it settled."""

import asyncio

from playwright.async_api import Page, expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.journeys.people import PATIENCE, Agent

RULES = "# 售后规则\n\n## 多久发货?\n付款后 48 小时内发出。\n\n## 能退货吗?\n签收后 7 天内可以无理由退货。\n"
FAQ = "# 常见问题\n\n## 什么时候发货?\n付款后 72 小时内发出。\n"
PRICES = "\n\n".join(f"## 第 {n} 号商品多少钱?\n第 {n} 号商品的价格是 {n} 元。" for n in range(3000))
PROMOTION = "# 年末活动\n\n活动时间：12月1日至12月31日，全场满 300 减 50。\n"


def file(name: str, content: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/markdown", "buffer": content.encode()}


async def put(page: Page, *files: dict[str, object]) -> None:
    await page.get_by_test_id("drop-zone").locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]


async def test_replace_compare_and_go_back(owner: Agent, open_screen: OpenScreen) -> None:
    screen = await open_screen()
    page = screen.page
    await sign_in(screen, owner)
    await screen.go("/app/knowledge")
    await put(page, file("售后规则.md", RULES))
    ready = page.locator("li.document-row[data-state=ready]").filter(has_text="售后规则.md")
    await ready.wait_for(timeout=60_000)

    await put(page, file("售后规则.md", RULES))
    await page.get_by_text("已有同名文件").wait_for()
    await page.get_by_role("button", name="替换为新版本").click()
    await page.get_by_text("内容没有变化").wait_for()

    await put(page, file("售后规则.md", RULES.replace("7 天", "15 天") + "\n## 周末发货吗?\n周末照常发货。\n"))
    await page.get_by_role("button", name="替换为新版本").click()
    await ready.get_by_text("第 2 版").wait_for(timeout=60_000)

    await ready.get_by_role("link", name="售后规则.md").click()
    await page.get_by_role("button", name="看改了什么").first.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text("1 处修改 · 新增 1 · 删去 0 · 未变 1").wait_for()
    assert await dialog.locator("del").all_inner_texts() == ["7"]
    assert (await dialog.locator("ins").all_inner_texts())[0] == "15"
    await dialog.get_by_role("button", name="关闭").click()

    await page.get_by_role("button", name="回到这一版").click()
    await page.get_by_role("dialog").get_by_role("button", name="回到这一版").click()
    await page.get_by_text("已回到第 1 版").wait_for()
    await page.locator("li.live").get_by_text("第 3 版").wait_for()
    await page.locator("ol p").filter(has_text="签收后 7 天内可以无理由退货").wait_for()


async def test_pause_and_go_on(owner: Agent, open_screen: OpenScreen) -> None:
    screen = await open_screen()
    page = screen.page
    await sign_in(screen, owner)
    await screen.go("/app/knowledge")
    await put(page, file("大目录.md", PRICES))
    working = page.locator("li.document-row[data-state=indexing]").filter(has_text="大目录.md")
    await working.wait_for(timeout=60_000)
    await page.get_by_role("button", name="全部暂停").click()
    paused = page.locator("li.document-row[data-state=paused]").filter(has_text="大目录.md")
    await paused.wait_for()
    await paused.get_by_text("已暂停").wait_for()
    await paused.get_by_role("button", name="继续").click()
    await page.locator("li.document-row[data-state=ready]").filter(has_text="大目录.md").wait_for(timeout=60_000)


async def test_many_files_are_counted_in_one_line_and_deleted_at_once(owner: Agent, open_screen: OpenScreen) -> None:
    screen = await open_screen()
    page = screen.page
    await sign_in(screen, owner)
    await screen.go("/app/knowledge")
    await put(page, *(file(f"第{n}份.md", f"# 第{n}份\n\n第 {n} 份资料。") for n in range(8)))
    await page.get_by_text("共 8 个文件").wait_for(timeout=60_000)
    for n in (2, 5):
        await page.locator("li.document-row").filter(has_text=f"第{n}份.md").locator(".tick").click()
    await page.get_by_role("toolbar").get_by_role("button", name="删除").click()
    await page.get_by_text("已删除 2 个文件").wait_for()
    await page.get_by_text("共 6 个文件").wait_for()
    await page.get_by_role("button", name="撤销").click()
    await page.get_by_text("共 8 个文件").wait_for()
    await page.get_by_label("按文件名或压缩包名查找").fill("第3")
    await page.get_by_role("link", name="第5份.md").wait_for(state="detached")
    await expect(page.locator("li.document-row[data-state]")).to_have_count(1)


async def test_a_contradiction_is_shown_and_settled_and_a_period_is_taken(
    owner: Agent, open_screen: OpenScreen
) -> None:
    await owner.learn("售后规则.md", RULES.encode())
    await owner.learn("常见问题.md", FAQ.encode())
    await owner.learn("年末活动.md", PROMOTION.encode())
    screen = await open_screen(viewport={"width": 390, "height": 844})
    page = screen.page
    await sign_in(screen, owner)
    await screen.go("/app/knowledge")
    promotion = page.locator("li.document-row").filter(has_text="年末活动.md")
    await promotion.get_by_role("button", name="设为有效期").click()
    await page.get_by_text("有效期已设为").wait_for()
    await promotion.get_by_text("文中写着").wait_for(state="detached")

    async with asyncio.timeout(PATIENCE):
        while not (await owner.get("/v1/knowledge/contradictions"))["items"]:
            await asyncio.sleep(0.2)
    await screen.go("/app/knowledge/contradictions")
    clash = page.get_by_test_id("contradiction").first
    await clash.get_by_text("付款后 48 小时内发出").first.wait_for()
    side = clash.locator(".side").filter(has_text="售后规则.md")
    await expect(side.get_by_text("现在以此回答")).to_have_count(0)
    await side.get_by_role("button", name="以这份为准").click()
    await page.get_by_text("以后以「售后规则.md」为准").wait_for()
    await page.get_by_text("没有互相矛盾的内容").wait_for()
    ranks = {one["name"]: one["rank"] for one in (await owner.get("/v1/knowledge/documents"))["items"]}
    assert ranks == {"售后规则.md": "high", "常见问题.md": "normal", "年末活动.md": "normal"}
