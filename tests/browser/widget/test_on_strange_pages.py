"""The widget as a guest: on pages that are hostile, strict, or that change under it."""

import pytest
from playwright.async_api import expect

from tests.browser.widget.conftest import Desk, Visit


async def test_a_page_view_costs_one_request_and_no_cookie(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.page.locator("yingke-widget #l").wait_for()
    await visit.page.wait_for_timeout(400)
    assert [url.removeprefix(desk.address) for url in visit.requests] == ["/host/plain", "/widget.js"]
    assert await visit.context.cookies() == []
    await visit.open()
    assert await visit.context.cookies() == []


@pytest.mark.parametrize("kind", ["plain", "hostile", "csp"])
async def test_the_widget_works_and_keeps_its_look_on(kind: str, visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/{kind}")
    await visit.open()
    panel = visit.page.locator("yingke-widget .panel")
    box = await panel.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (380, 640)
    await visit.say("七天无理由怎么退")
    await visit.page.get_by_text("AI 生成").wait_for()
    color = await visit.page.locator(".contact .bubble").evaluate("node => getComputedStyle(node).backgroundColor")
    assert color == "rgb(15, 95, 214)"
    on_top = await panel.evaluate(
        "node => { const box = node.getBoundingClientRect();"
        " const hit = document.elementFromPoint(box.x + 190, box.y + 320); return hit === node.getRootNode().host }"
    )
    assert on_top


async def test_a_closed_widget_takes_no_room_and_moves_nothing(visit: Visit, desk: Desk) -> None:
    await visit.page.add_init_script(
        "window.shifts = 0; new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifts += one.value })"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.page.locator("yingke-widget #l").wait_for()
    rects = await visit.page.evaluate("document.querySelector('yingke-widget').getClientRects().length")
    assert rects == 0
    await visit.open()
    await visit.say("七天无理由怎么退")
    await visit.page.get_by_text("AI 生成").wait_for()
    await visit.page.get_by_label("收起聊天窗口").click()
    assert await visit.page.evaluate("window.shifts") == 0


async def test_the_widget_survives_a_page_that_swaps_its_body(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答,先记着")
    await visit.page.evaluate("document.body.replaceWith(document.createElement('body'))")
    await visit.page.evaluate("document.querySelector('yingke-widget').remove()")
    await visit.page.locator(".contact .bubble", has_text="别回答,先记着").wait_for()
    assert await visit.page.locator("yingke-widget").count() == 1


async def test_a_page_may_drive_it_and_take_it_away_again(visit: Visit, desk: Desk) -> None:
    await visit.page.add_init_script(
        "window.heard = []; window.yingke = function () { (window.yingke.q = window.yingke.q || []).push(arguments) };"
        "for (const name of ['ready', 'open', 'close', 'message', 'unread'])"
        " yingke('on', name, (data) => window.heard.push([name, data]));"
        "yingke('set_product', { url: '/p/7', title: '亚麻四件套' }); yingke('send', '早就想问了');"
    )
    await visit.page.goto(f"{desk.address}/host/plain?hide-launcher=true")
    await visit.page.locator(".contact .bubble", has_text="早就想问了").wait_for()
    await visit.page.get_by_text("AI 生成").wait_for()
    assert await visit.page.locator("yingke-widget #l").count() == 0
    page = await desk.do("return c.page")
    assert page["title"] == "亚麻四件套"
    await visit.page.evaluate("yingke('close')")
    await desk.do("desk.say(c, {from: 'agent', text: '在的', agent: {id: '3', work_name: '小李'}})")
    await visit.page.wait_for_function("window.heard.some(([name]) => name === 'unread')")
    heard = {name for name, _ in await visit.page.evaluate("window.heard")}
    assert heard == {"ready", "open", "close", "message", "unread"}
    await visit.page.evaluate("yingke('destroy')")
    assert await visit.page.locator("yingke-widget").count() == 0
    await visit.page.evaluate("yingke('init', {key: 'site_test', hideLauncher: false})")
    await visit.open()
    await visit.page.locator(".contact .bubble", has_text="早就想问了").wait_for()


async def test_it_can_stand_in_a_container_in_a_frame_and_alone(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/inline?container=%23chat")
    await visit.page.locator("#chat yingke-widget .panel.inline textarea").wait_for()
    await visit.page.goto(f"{desk.address}/host/frame")
    await visit.page.frame_locator("iframe").get_by_text("您好，我是小禾").wait_for()
    await visit.page.goto(f"{desk.address}/chat/site_test")
    await visit.page.get_by_role("heading", level=1, name="云禾家居旗舰店").wait_for()
    await expect(visit.page).to_have_title("云禾家居旗舰店")


async def test_a_panel_that_cannot_load_leaves_a_way_to_the_chat_page(visit: Visit, desk: Desk) -> None:
    await visit.page.route("**/panel-*.js", lambda route: route.abort())
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.page.locator("yingke-widget #l").click()
    link = visit.page.get_by_role("link", name="点这里打开客服页面")
    assert await link.get_attribute("href") == f"{desk.address}/chat/site_test"
    await visit.page.unroute("**/panel-*.js")
    await visit.open()
    await expect(link).to_have_count(0)
    visit.faults.clear()


async def test_an_unknown_site_key_is_said_and_not_hidden(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/chat/site_wrong")
    await visit.page.get_by_text("找不到这个店铺").wait_for()
    assert await visit.page.get_by_role("button", name="再试一次").count() == 0
    visit.faults.clear()


async def test_it_works_where_storage_is_forbidden(visit: Visit, desk: Desk) -> None:
    await visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say("七天无理由怎么退")
    await visit.page.get_by_text("AI 生成").wait_for()
