"""From a file of past chats to the answer whether the assistant may be switched on, in a browser."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.browser.product.conftest import OpenScreen, Screen, sign_in
from tests.browser.product.desk import invite
from tests.browser.product.test_access import faults_in_both_lights
from tests.journeys.people import Agent
from tests.knowledge.past import chats

KNOWLEDGE = (
    "# 常见问题\n\n## 多久能发货?\n付款后 48 小时内发货。\n\n## 可以退货吗?\n签收后 15 天内可以退货，不影响二次销售即可。\n\n"
    "## 能开发票吗?\n可以开电子发票，确认收货后在订单页申请。\n"
)
PATIENCE = 90_000


@pytest.fixture
async def desk(owner: Agent, open_screen: OpenScreen) -> Screen:
    screen = await open_screen()
    await sign_in(screen, owner)
    return screen


async def bring(page: Page, folder: Path, name: str, content: bytes) -> None:
    place = folder / name
    place.write_bytes(content)
    await page.locator("input[type=file]").set_input_files(place)


async def import_chats(screen: Screen, folder: Path) -> None:
    """Uploads, looks at the guess, confirms it, and waits until the numbers are there."""
    page = screen.page
    await screen.go("/app/knowledge/past")
    await bring(page, folder, "三月聊天.csv", chats.as_csv(chats.rows(40)))
    await page.get_by_role("link", name="确认列的含义").click(timeout=PATIENCE)
    await page.get_by_role("button", name="开始导入").click(timeout=PATIENCE)
    await expect(page.locator("li[data-state=ready]")).to_contain_text("40 个会话", timeout=PATIENCE)


async def test_the_mapping_is_shown_corrected_and_asked_only_once(desk: Screen, tmp_path: Path) -> None:
    page = desk.page
    await desk.go("/app/knowledge/past")
    await page.get_by_text("先把以前的聊天记录带进来").wait_for()
    await bring(page, tmp_path, "三月聊天.csv", chats.as_csv(chats.rows(40)))
    await page.get_by_role("link", name="确认列的含义").click(timeout=PATIENCE)
    preview = page.get_by_role("region", name="前 20 行会这样读")
    await expect(preview.locator("tbody").nth(2)).to_contain_text("多久能发货", timeout=PATIENCE)
    await expect(preview).not_to_contain_text("13800138")
    await page.locator("select[data-sender=客服]").select_option("contact")
    await expect(preview.locator("tbody").nth(1)).to_contain_text("客户")
    await page.locator("select[data-sender=客服]").select_option("agent")
    await page.locator("select[data-field=conversation]").select_option("")
    await page.locator("select[data-field=customer]").select_option("")
    await expect(preview.locator("tbody").first).to_contain_text("没有会话编号")
    await page.locator("select[data-field=conversation]").select_option("会话ID")
    await page.locator("select[data-field=customer]").select_option("买家昵称")
    await page.get_by_role("button", name="开始导入").click(timeout=PATIENCE)
    await expect(page.locator("li[data-state=ready]")).to_contain_text("原文件已从服务器删除", timeout=PATIENCE)
    await bring(page, tmp_path, "四月聊天.csv", chats.as_csv(chats.rows(44)))
    second = page.locator("li[data-state=ready]", has_text="四月聊天")
    await expect(second).to_contain_text("40 个会话以前导入过", timeout=PATIENCE)


async def test_every_number_opens_its_conversations_and_topics_become_golden(desk: Screen, tmp_path: Path) -> None:
    page = desk.page
    await import_chats(desk, tmp_path)
    await expect(page.locator("tr[data-measure=conversations]")).to_contain_text("40")
    await expect(page.locator("tr[data-measure=first_reply]")).to_contain_text("20 秒")
    cell = page.get_by_role("region", name="什么时候最忙").get_by_role("button").first
    name = str(await cell.get_attribute("aria-label"))
    await cell.click()
    drawer = page.get_by_role("dialog")
    await expect(drawer.locator(".talk")).to_have_count(int(name.split("：")[1].split()[0]))
    await drawer.locator(".talk").first.click()
    await expect(drawer.get_by_text("个人信息在导入时已抹掉")).to_be_visible()
    await expect(drawer.locator("ol li")).to_have_count(6)
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await page.get_by_role("button", name="看表格").first.click()
    await expect(page.get_by_role("region", name="什么时候最忙").locator("td button").first).to_have_text(
        name.split("：")[1].split()[0]
    )
    await page.get_by_role("button", name="全选").click()
    await page.get_by_role("button", name="加入黄金问题").click()
    await expect(page.get_by_text("已是黄金问题").first).to_be_visible()


async def test_a_shadow_run_says_what_would_happen_and_people_judge_it(
    desk: Screen, owner: Agent, tmp_path: Path
) -> None:
    page = desk.page
    await owner.learn("常见问题.md", KNOWLEDGE.encode())
    await import_chats(desk, tmp_path)
    await page.get_by_role("button", name="影子运行").click()
    await page.get_by_role("button", name="开始影子运行").click()
    verdict = page.get_by_test_id("verdict")
    await expect(verdict).to_contain_text("这份历史里的 40 个问题里", timeout=PATIENCE)
    await expect(page.locator("[role=progressbar]")).to_have_count(0, timeout=PATIENCE)
    await page.locator("button[data-outcome=different]").click()
    case = page.locator("li[data-outcome=different]").first
    await expect(case).to_contain_text("数字不同")
    await expect(page.locator("li[data-outcome=same]:not(:has(button))")).to_have_count(0)
    await case.get_by_role("button", name="客服对").click()
    await expect(case.get_by_role("button", name="客服对")).to_have_attribute("aria-pressed", "true")
    await expect(verdict).to_contain_text("客服对 1 个")
    await case.get_by_role("button", name="加入黄金问题").click()
    await expect(case.get_by_role("button", name="已是黄金问题")).to_be_disabled()
    await case.get_by_role("button", name="看原会话").click()
    await expect(page.get_by_role("dialog").locator("li.marked")).to_have_count(1)
    await page.keyboard.press("Escape")
    await case.get_by_role("button", name="补充答案").click()
    await page.get_by_role("dialog", name="补充答案").get_by_role("button", name="保存并启用").click()
    await expect(page.get_by_text("已保存，再跑一次就能看到变化")).to_be_visible()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="导出表格").click()
    table = Path(await (await waiting.value).path()).read_text("utf-8-sig")
    assert table.count("\n") >= 41


async def test_an_agent_is_told_that_only_admins_see_it(owner: Agent, open_screen: OpenScreen) -> None:
    agent = await invite(owner, "小周")
    screen = await open_screen()
    await sign_in(screen, agent)
    await screen.go("/app/knowledge/past")
    await screen.page.get_by_text("只有管理员能看历史会话").wait_for()
    for path in ("/v1/knowledge/past/imports", "/v1/knowledge/past/baseline", "/v1/shadow/runs"):
        await agent.get(path, status=403)
    await agent.close()


async def test_no_screen_of_it_has_a_serious_fault(owner: Agent, open_screen: OpenScreen, tmp_path: Path) -> None:
    screen = await open_screen()
    page = screen.page
    found: dict[str, list[str]] = {}

    async def look(name: str) -> None:
        nonlocal found
        for width, height in ((1440, 900), (390, 844)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.wait_for_load_state("networkidle")
            wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found |= {f"{name} {width}": [f"{wide} px too wide"] if wide > 0 else []}
            found |= await faults_in_both_lights(page, f"{name} {width}")
        await page.set_viewport_size({"width": 1440, "height": 900})

    await sign_in(screen, owner)
    await owner.learn("常见问题.md", KNOWLEDGE.encode())
    await screen.go("/app/knowledge/past")
    await page.get_by_text("先把以前的聊天记录带进来").wait_for()
    await look("empty")
    await bring(page, tmp_path, "三月聊天.csv", chats.as_csv(chats.rows(12)))
    await page.get_by_role("link", name="确认列的含义").click(timeout=PATIENCE)
    await page.get_by_role("button", name="开始导入").wait_for(timeout=PATIENCE)
    await look("mapping")
    await page.get_by_role("button", name="开始导入").click()
    await expect(page.locator("li[data-state=ready]")).to_contain_text("12 个会话", timeout=PATIENCE)
    await page.get_by_text("客户常问的").wait_for()
    await look("baseline")
    await page.get_by_role("button", name="影子运行").click()
    await look("shadow runs")
    await page.get_by_role("button", name="开始影子运行").click()
    await page.get_by_test_id("verdict").wait_for(timeout=PATIENCE)
    await expect(page.locator("[role=progressbar]")).to_have_count(0, timeout=PATIENCE)
    await look("shadow")
    assert {name: faults for name, faults in found.items() if faults} == {}
