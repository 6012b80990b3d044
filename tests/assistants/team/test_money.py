"""Invoices and money: what is asked for, looked up, corrected and taken back is what stands in the shop's own records."""

import pytest

from tests.assistants.camp import ORDER, TAIL, Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning

TITLE, TAX = "杭州青山科技有限公司", "91330106MA2GK0QX15"


@pytest.fixture
async def buyer(ground: Ground, learning: Learning) -> Customer:
    """Signed in, with one order that is paid and not sent."""
    await stock_camp(ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("delete from shipment_events")
        await tx.execute("delete from shipments")
        await tx.execute("update orders set state = 'paid', shipped_at = null, delivered_at = null")
    return await new_customer(ground, learning, is_signed_in=True)


async def requests_of(customer: Customer) -> list[tuple[str, str, dict[str, str]]]:
    async with customer.ground.db.transaction(customer.ground.workspace_id) as tx:
        rows = await tx.fetch("select kind, state, details from order_requests order by id")
    return [tuple(row) for row in rows]


async def test_a_wrong_tax_number_is_sent_back_before_anything_is_asked_of_the_shop(buyer: Customer) -> None:
    await buyer.says("我要开公司发票")
    wrong = await buyer.says(f"{TITLE} {TAX[:-1]}6")
    assert "校验位" in wrong.text
    assert "邮箱" in (await buyer.says(TAX)).text
    assert TAX in (await buyer.says("fp@example.com")).text
    assert await requests_of(buyer) == []
    await buyer.says("确认")
    details = {"title": TITLE, "tax_number": TAX, "email": "fp@example.com"}
    assert await requests_of(buyer) == [("invoice", "open", details)]


async def test_a_title_is_corrected_by_taking_back_and_asking_anew(buyer: Customer) -> None:
    await buyer.says("帮我开发票，个人 王小明")
    await buyer.says("不用")
    await buyer.says("确认")
    await buyer.says("发票抬头写错了，改成王晓明")
    await buyer.says("不用")
    assert [(state, details["title"]) for _, state, details in await requests_of(buyer)] == [("open", "王小明")]
    await buyer.says("确认")
    found = [(state, details["title"]) for _, state, details in await requests_of(buyer)]
    assert found == [("withdrawn", "王小明"), ("open", "王晓明")]


async def test_an_invoice_under_way_is_corrected_by_people_who_have_the_new_title(buyer: Customer) -> None:
    await buyer.says("帮我开发票，个人 王小明")
    await buyer.says("不用")
    await buyer.says("确认")
    async with buyer.ground.db.transaction(buyer.ground.workspace_id) as tx:
        await tx.execute("update order_requests set state = 'done', external_id = 'FP-1'")
    told = await buyer.says("发票抬头写错了，改成王晓明")
    told = told if told.hand_off else await buyer.says("不用")
    assert told.hand_off == "invoice"
    assert "王晓明" in buyer.talk["collected"]["invoice"]


async def test_where_the_refund_is_comes_from_the_request(buyer: Customer) -> None:
    assert "没有查到" in (await buyer.says("退款到哪了")).text
    await buyer.says("不想要了，退款")
    await buyer.says("确认")
    told = await buyer.says("退款到哪了")
    assert "757.15" in told.text
    async with buyer.ground.db.transaction(buyer.ground.workspace_id) as tx:
        await tx.execute("update order_requests set state = 'done'")
        await tx.execute("update orders set state = 'refunded'")
    done = await buyer.says("我的退款到哪了")
    assert "办好" in done.text
    assert "已退款" in done.text


async def test_a_request_is_taken_back_after_a_yes_and_only_where_it_was_made(
    buyer: Customer, ground: Ground, learning: Learning
) -> None:
    await buyer.says("不想要了，退款")
    await buyer.says("确认")
    other = await new_customer(ground, learning)
    await other.says(f"{ORDER} 尾号 {TAIL}")
    assert "没有可以撤回" in (await other.says("把我刚才的退款申请撤回")).text
    asked = await buyer.says("刚才的退款不要了")
    assert "撤回" in asked.text
    assert [state for _, state, _ in await requests_of(buyer)] == ["waiting_approval"]
    await buyer.says("确认")
    assert [state for _, state, _ in await requests_of(buyer)] == ["withdrawn"]


async def test_a_yes_that_is_answered_twice_asks_the_shop_once(buyer: Customer) -> None:
    await buyer.says("帮我取消订单")
    waiting = dict(buyer.talk)
    await buyer.says("确认")
    buyer.talk = waiting
    await buyer.says("确认")
    assert [kind for kind, _, _ in await requests_of(buyer)] == ["cancel"]


async def test_a_double_payment_is_looked_up_and_given_to_a_person(buyer: Customer) -> None:
    told = await buyer.says("扣了我两次钱")
    assert "757.15" in told.text
    assert told.hand_off == "payment"
