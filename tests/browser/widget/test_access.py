"""Every screen of the widget in both themes: no serious fault that axe knows, and a way through by keyboard alone."""

import pytest
from playwright.async_api import Browser, Page

from tests.browser.widget.conftest import WIDGET, Desk, Visit, begin

AXE = WIDGET.parents[1] / "node_modules" / "axe-core" / "axe.min.js"
ASK_AXE = (
    "async () => (await axe.run('yingke-widget')).violations"
    ".filter((one) => one.impact === 'serious' || one.impact === 'critical')"
    ".map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)"
)


async def faults_of(page: Page) -> list[str]:
    await page.evaluate(AXE.read_text())
    found: list[str] = await page.evaluate(ASK_AXE)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_screen_has_a_serious_fault(scheme: str, chromium: Browser, desk: Desk) -> None:
    visit = await begin(chromium, desk.address, color_scheme=scheme)
    page = visit.page
    await page.goto(f"{desk.address}/host/plain")
    await visit.open()
    found = {"first": await faults_of(page)}
    await visit.say("七天无理由怎么退")
    await page.get_by_text("售后说明.docx").click()
    await page.get_by_role("button", name="举报").click()
    found["answer"] = await faults_of(page)
    await page.get_by_role("button", name="转人工").click()
    await page.get_by_text("前面 2 位").first.wait_for()
    found["queue"] = await faults_of(page)
    await page.get_by_role("button", name="更多").click()
    found["menu"] = await faults_of(page)
    await page.get_by_role("menuitem", name="留言").click()
    await page.get_by_role("button", name="提交留言").click()
    found["leave word"] = await faults_of(page)
    await page.get_by_role("button", name="返回聊天").click()
    await desk.do("desk.take_over(c); desk.say(c, {from: 'agent', text: '好的', agent: c.agent}); desk.close(c)")
    await page.get_by_role("button", name="满意", exact=True).click()
    await page.get_by_text("谢谢评价").wait_for()
    found["rating"] = await faults_of(page)
    await visit.context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


async def test_everything_goes_by_keyboard_and_focus_returns(visit: Visit, desk: Desk) -> None:
    page = visit.page
    active = "document.querySelector('yingke-widget').shadowRoot.activeElement"
    await page.goto(f"{desk.address}/host/plain")
    await page.locator("yingke-widget #l").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_function(f"{active}?.tagName === 'TEXTAREA'")
    await page.keyboard.type("七天无理由怎么退")
    await page.keyboard.press("Enter")
    await page.get_by_text("AI 生成").wait_for()
    await page.keyboard.press("Escape")
    await page.wait_for_function(f"{active}?.id === 'l'")
    await page.locator("yingke-widget .panel").wait_for(state="hidden")
