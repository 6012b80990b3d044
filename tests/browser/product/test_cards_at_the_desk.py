"""The agent's side of the shop: a product sent with #, the customer's orders in the panel, and the assist window."""

import re

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import composer_of, customer, until_open
from tests.journeys.people import Agent

PATIENCE = 60_000


async def _stock(owner: Agent) -> None:
    variant = {"price_minor": 49900, "sku": "QX-T2-G", "title": "苔绿", "stock": 36}
    await owner.post("/v1/products", {"title": "两人三季帐", "code": "QX-T2", "variants": [variant]})
    item = {"title": "两人三季帐", "quantity": 1, "price_minor": 49900}
    order = {"number": "QX-D0009", "items": [item], "total_minor": 49900, "state": "shipped", "buyer_name": "顾客甲"}
    await owner.post("/v1/orders/import", {"orders": [{**order, "phone": "13800000417"}]})


async def test_a_product_is_found_with_a_hash_and_sent_as_a_card(owner: Agent, open_screen: OpenScreen) -> None:
    await _stock(owner)
    visitor, conversation = await customer(owner, "有两个人用的帐篷吗")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    await until_open(desk.page, conversation, "有两个人用的帐篷吗")
    composer = composer_of(desk.page)
    await composer.fill("#帐")
    option = desk.page.get_by_role("option", name=re.compile("两人三季帐"))
    await expect(option).to_contain_text("库存 36", timeout=PATIENCE)
    await composer.press("Enter")
    card = desk.page.get_by_role("article", name="商品 两人三季帐")
    await expect(card).to_contain_text("499.00", timeout=PATIENCE)
    await expect(composer).to_have_value("")
    cards = [one["cards"] for one in await visitor.read(conversation) if one.get("cards")]
    assert [(one["title"], one["in_stock"]) for [one] in cards] == [("两人三季帐", True)]
    await visitor.close()


async def test_an_order_is_linked_by_its_number_and_unlinked_again(owner: Agent, open_screen: OpenScreen) -> None:
    await _stock(owner)
    visitor, conversation = await customer(owner, "我的单子呢")
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go(f"/app/conversations?c={conversation}")
    orders = desk.page.get_by_role("region", name="订单", exact=True)
    await orders.get_by_text("没有关联的订单").wait_for(timeout=PATIENCE)
    await orders.get_by_label("按订单号关联").fill("qx-d0009")
    await orders.get_by_role("button", name="关联", exact=True).click()
    await expect(orders.get_by_role("listitem")).to_contain_text("已发货", timeout=PATIENCE)
    await orders.get_by_role("button", name="取消关联").click()
    await orders.get_by_text("没有关联的订单").wait_for(timeout=PATIENCE)
    await desk.page.get_by_role("button", name="撤销").click()
    await orders.get_by_role("link", name="QX-D0009").wait_for(timeout=PATIENCE)
    await visitor.close()


async def test_the_assist_window_answers_marks_and_copies(owner: Agent, open_screen: OpenScreen) -> None:
    await _stock(owner)
    reply = {"title": "两人帐防水吗", "text": "您加我微信 wx12345678 说", "folder": "", "is_shared": True}
    await owner.post("/v1/saved-replies", reply)
    desk = await open_screen(viewport={"width": 360, "height": 720})
    await sign_in(desk, owner)
    await desk.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.address)
    await desk.go("/app/assist")
    box = desk.page.get_by_label("顾客说的话")
    await box.fill("两人帐防水吗？订单 QX-D0009 到哪了")
    await box.press("Enter")
    order = desk.page.get_by_role("article", name="订单 QX-D0009")
    await expect(order).to_contain_text("已发货", timeout=PATIENCE)
    blocked = desk.page.get_by_role("article").filter(has_text="wx12345678").first
    await expect(blocked.get_by_role("note")).to_contain_text("不能发到这个平台")
    await expect(blocked.get_by_role("button", name="复制", exact=True)).to_be_disabled()
    width = await desk.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    await desk.page.reload()
    await desk.page.get_by_role("article", name="订单 QX-D0009").wait_for(timeout=PATIENCE)
    looked = [one for one in (await owner.get("/v1/audit-log"))["items"] if one["action"] == "order.looked_up"]
    assert len(looked) == 1
