"""Whoever left a number and is likely to buy stands on the sellers' list by himself, with why."""

from playwright.async_api import expect

from tests.browser.product.conftest import OpenScreen, sign_in
from tests.browser.product.desk import customer
from tests.journeys.people import Agent


async def test_a_buyer_appears_among_the_leads_and_a_vendor_does_not(owner: Agent, open_screen: OpenScreen) -> None:
    desk = await open_screen()
    await sign_in(desk, owner)
    await desk.go("/app/follow-ups?view=leads")
    await desk.page.get_by_text("还没有线索").wait_for()
    vendor, _ = await customer(owner, "你们需要代运营吗，我们团队专做店铺，电话13900020019")
    buyer, conversation = await customer(owner, "我们公司想采购50个保温杯做礼品，怎么买，电话13900020001")
    lead = desk.page.get_by_role("button", name="要大批量")
    await lead.wait_for(timeout=90_000)
    await expect(desk.page.get_by_role("listitem").filter(has_text="线索 ·")).to_have_count(1)
    await lead.click()
    await desk.page.get_by_text("为什么是线索").wait_for()
    items = (await owner.get("/v1/follow-ups?kind=lead"))["items"]
    assert [(one["conversation_id"], one["lead"]["grade"]) for one in items] == [(conversation, "hot")]
    await vendor.close()
    await buyer.close()
