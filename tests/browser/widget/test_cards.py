"""Products, orders and parcels beside the words of a message."""

import json
from typing import Any

from playwright.async_api import expect

from tests.browser.widget.conftest import Desk, Visit

TENT = {
    "kind": "product",
    "product_id": "41",
    "title": "两人三季帐 QX-T2 苔绿 <img src=x onerror=alert(1)>",
    "price": "¥499.00",
    "url": "https://shop.example.com/t2",
    "picture_url": "https://elsewhere.example.com/t2.jpg",
    "in_stock": True,
    "presale_ships": None,
}
BAD = {**TENT, "title": "四人自动帐", "url": "javascript:alert(1)", "presale_ships": "12月5日", "in_stock": False}
ORDER = {
    "kind": "order",
    "id": "7",
    "number": "QX-D0001",
    "state": "shipped",
    "paid": "¥757.15",
    "ordered_at": "11月20日 10:04",
    "items": [
        {"line": n, "title": title, "variant": "", "quantity": 1}
        for n, title in enumerate(("两人三季帐", "棉睡袋 10℃", "露营灯", "折叠椅", "卡式炉"), 1)
    ],
}
PARCEL = {
    "kind": "parcel",
    "order_number": "QX-D0001",
    "carrier": "演示快递",
    "tracking_number": "YS0000123456",
    "state": "out_for_delivery",
    "event": "上海 派送中",
    "when": "11月22日 08:30",
    "events": [
        {"when": "11月22日 08:30", "text": "上海 派送中"},
        {"when": "11月21日 21:00", "text": "上海 到达分拨中心"},
        {"when": "11月20日 18:10", "text": "杭州 揽收"},
    ],
}


async def _show(visit: Visit, desk: Desk, *cards: dict[str, Any]) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答，给我看看")
    message = {
        "from": "assistant",
        "text": "给您找到这些。",
        "generated_by": {"engine": "embedded"},
        "cards": list(cards),
    }
    await desk.do(f"desk.say(c, {json.dumps(message)})")
    await visit.page.locator(".shop-card").nth(len(cards) - 1).wait_for()


async def test_the_code_of_cards_is_fetched_with_the_first_card_only(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答，先说一句")
    await visit.page.locator(".menu, .message").first.wait_for()
    assert not [url for url in visit.requests if "/Cards-" in url]
    await _show(visit, desk, TENT)
    assert len([url for url in visit.requests if "/Cards-" in url]) == 1


async def test_cards_whose_code_does_not_come_are_words_until_it_does(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain")
    await visit.open()
    await visit.say_and_keep("别回答，给我看看")
    await visit.page.route("**/Cards-*", lambda route: route.abort())
    message = {
        "from": "assistant",
        "text": "给您找到这些。",
        "generated_by": {"engine": "embedded"},
        "cards": [TENT, ORDER],
    }
    await desk.do(f"desk.say(c, {json.dumps(message)})")
    lines = visit.page.locator(".card-lines li")
    await lines.nth(1).wait_for()
    assert "¥499.00" in await lines.nth(0).inner_text()
    assert "QX-D0001" in await lines.nth(1).inner_text()
    assert await visit.page.locator(".card-place").count() == 0, "no gap is left for what may never come"
    await visit.page.unroute("**/Cards-*")
    await visit.page.evaluate("window.dispatchEvent(new Event('online'))")
    await visit.page.locator(".shop-card").nth(1).wait_for()
    await expect(lines).to_have_count(0)
    # What Chromium itself says of the request that was cut.
    visit.faults[:] = [fault for fault in visit.faults if "ERR_FAILED" not in fault]


async def test_a_product_opens_in_a_page_of_its_own_and_no_foreign_host_is_asked(visit: Visit, desk: Desk) -> None:
    await _show(visit, desk, TENT, BAD)
    link = visit.page.get_by_role("link", name="两人三季帐")
    assert await link.get_attribute("href") == "https://shop.example.com/t2"
    assert await link.get_attribute("target") == "_blank"
    assert "noopener" in (await link.get_attribute("rel") or "")
    assert "<img src=x" in (await link.inner_text())
    assert await visit.page.locator(".shop-card img").count() == 0
    second = visit.page.locator(".shop-card", has_text="四人自动帐")
    assert await second.evaluate("node => node.tagName") == "DIV"
    await second.get_by_text("预售 · 12月5日起发货").wait_for()


async def test_an_order_and_its_parcel_are_read_copied_and_unfolded(visit: Visit, desk: Desk) -> None:
    await visit.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.address)
    await _show(visit, desk, ORDER, PARCEL)
    order = visit.page.get_by_role("region", name="订单 QX-D0001")
    await order.get_by_text("已发货").wait_for()
    await order.get_by_text("¥757.15").wait_for()
    assert await order.get_by_role("listitem").count() == 3
    await order.get_by_role("button", name="另有 2 件商品").press("Enter")
    await order.get_by_text("卡式炉").wait_for()
    parcel = visit.page.get_by_role("region", name="物流 YS0000123456")
    await parcel.get_by_text("派送中", exact=True).first.wait_for()
    await parcel.get_by_role("button", name="复制单号").press("Enter")
    await visit.page.get_by_text("已复制").wait_for()
    assert await visit.page.evaluate("navigator.clipboard.readText()") == "YS0000123456"
    await parcel.get_by_text("全部轨迹（3 条）").press("Enter")
    await parcel.get_by_text("杭州 揽收").wait_for()


async def test_cards_keep_the_room_that_was_set_aside_for_them(phone: Visit, desk: Desk) -> None:
    await _show(phone, desk, {**TENT, "title": "两人三季帐"}, ORDER, PARCEL)
    heights = await phone.page.locator(".card-place").evaluate_all(
        "all => all.map((one) => [parseFloat(one.style.minHeight), one.firstElementChild.getBoundingClientRect().height])"
    )
    assert [round(shown - kept) for kept, shown in heights] == [0, 0, 0]
    width = await phone.page.get_by_role("log").evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert width[0] <= width[1]


async def test_cards_are_in_the_language_of_the_panel(visit: Visit, desk: Desk) -> None:
    await visit.page.goto(f"{desk.address}/host/plain?locale=en")
    await visit.page.locator("yingke-widget #l").click()
    await visit.page.get_by_placeholder("Type your question").wait_for()
    await visit.say("no answer please 别回答")
    await visit.settled()
    message = {
        "from": "agent",
        "agent": {"id": "3", "work_name": "Li"},
        "text": "Here you are",
        "cards": [TENT, ORDER, PARCEL],
    }
    await desk.do(f"desk.say(c, {json.dumps(message)})")
    await visit.page.get_by_text("View product").wait_for()
    await visit.page.get_by_text("2 more").wait_for()
    await visit.page.get_by_text("Every step (3)").wait_for()
