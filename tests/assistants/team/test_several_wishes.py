"""Several wishes, a question in between, a changed mind: nothing is lost and nothing is done twice."""

from tests.assistants.camp import ORDER, Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


async def _customer(ground: Ground, learning: Learning, *, is_signed_in: bool = False) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning, is_signed_in=is_signed_in)


async def test_the_second_wish_waits_for_the_order_and_is_served_with_it(ground: Ground, learning: Learning) -> None:
    customer = await _customer(ground, learning)
    asked = await customer.says("我的包裹到哪了？另外给我开张发票")
    assert "订单号" in asked.text
    assert len(customer.talk["waiting"]) == 1
    assert "后四位" in (await customer.says(ORDER)).text
    served = await customer.says("0417")
    assert "YS0000123456" in served.text
    assert "抬头" in served.text
    assert "waiting" not in customer.talk


async def test_a_question_in_between_is_answered_and_the_step_is_put_again_once(
    ground: Ground, learning: Learning
) -> None:
    customer = await _customer(ground, learning)
    await customer.says("帮我查一下我的包裹到哪了")
    between = await customer.says("露营灯多少钱")
    assert "129" in between.text
    assert "缺订单号" in between.text
    assert "缺订单号" not in (await customer.says("有货吗")).text
    assert "后四位" in (await customer.says(ORDER)).text


async def test_after_a_question_in_between_only_a_word_of_its_own_confirms(ground: Ground, learning: Learning) -> None:
    customer = await _customer(ground, learning, is_signed_in=True)
    await customer.says("给我的订单开发票，个人抬头")
    await customer.says("zhang@example.com")
    assert customer.talk["asked"] == "confirm"
    assert "确认" in (await customer.says("露营灯多少钱")).text
    await customer.says("好的")
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from order_requests") == 0


async def test_after_a_question_in_between_the_word_asked_for_does_it(ground: Ground, learning: Learning) -> None:
    customer = await _customer(ground, learning, is_signed_in=True)
    await customer.says("给我的订单开发票，个人抬头")
    await customer.says("zhang@example.com")
    await customer.says("露营灯多少钱")
    await customer.says("确认")
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from order_requests") == 1


async def test_number_and_tail_given_bit_by_bit_in_one_breath_open_the_order(
    ground: Ground, learning: Learning
) -> None:
    customer = await _customer(ground, learning)
    assert "YS0000123456" in (await customer.says("帮我看看我的快递", ORDER, "尾号0417")).text


async def test_what_happened_in_words_of_its_own_is_taken(ground: Ground, learning: Learning) -> None:
    customer = await _customer(ground, learning)
    said = await customer.says("门牌写错了 是8号不是5号")
    assert "订单号" in said.text
    assert "没有写到" not in said.text


async def test_a_few_words_about_the_order_that_was_shown_are_about_it(ground: Ground, learning: Learning) -> None:
    customer = await _customer(ground, learning, is_signed_in=True)
    await customer.says("我的包裹到哪了")
    assert "757.15" in (await customer.says("给了多少钱")).text


async def test_an_invoice_asked_for_hears_the_rule_before_the_question_for_the_order(
    ground: Ground, learning: Learning
) -> None:
    await learning.learn(
        ground, "票.md", "# 可以开发票吗\n下单时填写抬头和税号，签收后 1 个工作日内把电子发票发到邮箱。\n"
    )
    customer = await _customer(ground, learning)
    said = await customer.says("公司报销要张发票，帮我开一下")
    assert "1 个工作日" in said.text
    assert "订单号" in said.text


async def test_who_wants_no_more_of_a_late_parcel_is_not_served_by_a_chase(ground: Ground, learning: Learning) -> None:
    customer = await _customer(ground, learning, is_signed_in=True)
    await customer.says("都一个星期了还没到")
    said = await customer.says("不等了，退款吧")
    assert "登记" not in said.text
