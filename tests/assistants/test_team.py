"""The team at the counter: orders, prices to the cent, stock and advice, from the shop's own data."""

import pytest

from tests.assistants.camp import ORDER, TAIL, Customer, new_customer, stock_camp
from tests.conftest import Ground
from tests.learning import Learning


@pytest.fixture
async def stranger(ground: Ground, learning: Learning) -> Customer:
    await stock_camp(ground)
    return await new_customer(ground, learning)


async def test_a_stranger_hears_of_an_order_only_after_number_and_phone_tail(stranger: Customer) -> None:
    asked = await stranger.says(f"{ORDER} 到哪了")
    assert "后四位" in asked.text
    assert asked.settles_order
    assert not asked.cards
    told = await stranger.says(TAIL)
    assert "YS0000123456" in told.text
    assert "已揽收" in told.text
    assert [card["kind"] for card in told.cards] == ["order", "parcel"]
    assert told.trace["skills"] == [[TAIL, "order"]]
    again = await stranger.says("现在到哪了")
    assert "YS0000123456" in again.text


async def test_three_wrong_tails_bring_a_person_and_tell_nothing(stranger: Customer) -> None:
    await stranger.says("我的快递到哪了")
    replies = [await stranger.says(f"{ORDER} 尾号 {tail}") for tail in ("1111", "2222", "3333")]
    assert [reply.hand_off for reply in replies] == [None, None, "order_tries"]
    for reply in replies:
        assert "YS0000123456" not in reply.text
        assert "两人三季帐" not in reply.text
        assert not reply.cards
    assert (await stranger.says(f"{ORDER} 尾号 {TAIL}")).hand_off == "order_tries"


async def test_an_unknown_number_sounds_like_a_wrong_tail(stranger: Customer) -> None:
    unknown = await stranger.says("订单 QX-D9999 尾号 0417 到哪了")
    assert "对不上" in unknown.text


async def test_a_signed_in_customer_is_not_asked_who_he_is(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    customer = await new_customer(ground, learning, is_signed_in=True)
    told = await customer.says("我的快递到哪了")
    assert "YS0000123456" in told.text


async def test_gold_pays_757_15_and_everybody_else_hears_of_it(ground: Ground, learning: Learning) -> None:
    await stock_camp(ground)
    gold = await new_customer(ground, learning, is_signed_in=True, level="gold")
    told = await gold.says("我是金卡,一顶两人帐加俩 10 度睡袋多少钱")
    assert "合计 757.15 元" in told.text
    assert "852.15" in told.text
    stranger = await new_customer(ground, learning)
    other = await stranger.says("我是金卡,一顶两人帐加俩 10 度睡袋多少钱")
    assert "合计 802.00 元" in other.text
    assert "金卡价登录后生效：登录后是 757.15 元" in other.text


async def test_stock_is_told_by_colour_with_the_day_of_more(stranger: Customer) -> None:
    green = await stranger.says("两人帐有绿的吗")
    assert "36" in green.text
    sand = await stranger.says("那沙色的有货吗")
    assert "补货" in sand.text
    assert "两人三季帐" in sand.text


async def test_a_pre_sale_is_told_with_its_day(stranger: Customer) -> None:
    told = await stranger.says("四人帐有现货吗")
    assert "预售" in told.text


async def test_advice_fits_the_budget_and_shows_cards(stranger: Customer) -> None:
    told = await stranger.says("推荐个两百以内的睡袋")
    assert "棉睡袋" in told.text
    assert "羽绒睡袋" not in told.text
    assert told.cards[0]["kind"] == "product"


async def test_two_tents_stand_side_by_side(stranger: Customer) -> None:
    told = await stranger.says("两人帐和四人帐有什么区别")
    assert "两人三季帐" in told.text
    assert "四人自动帐" in told.text
    assert "899.00" in told.text


async def test_two_wishes_in_one_message_are_both_served(stranger: Customer, learning: Learning) -> None:
    await learning.learn(stranger.ground, "退货.md", "# 退货\n\n## 怎么退货?\n签收 7 天内可以无理由退货。\n")
    told = await stranger.says("两人帐有绿的吗?几天内可以退货?")
    assert "36" in told.text
    assert "7 天内" in told.text
    assert [who for _, who in told.trace["skills"]] == ["pre_sales", "knowledge"]


async def test_a_shop_without_goods_is_answered_from_its_knowledge(ground: Ground, learning: Learning) -> None:
    customer = await new_customer(ground, learning)
    told = await customer.says("QX-D0001 到哪了")
    assert "转人工" in told.text
    assert not told.settles_order
    assert "tools" not in told.trace


async def deliver(stranger: Customer) -> None:
    async with stranger.ground.db.transaction(stranger.ground.workspace_id) as tx:
        await tx.execute(
            "update orders set state = 'delivered', delivered_at = now() - interval '1 day' where number = $1", ORDER
        )


async def requests_of(customer: Customer) -> list[tuple[str, str, str]]:
    async with customer.ground.db.transaction(customer.ground.workspace_id) as tx:
        rows = await tx.fetch("select kind, state, asked_by from order_requests order by id")
    return [tuple(row) for row in rows]


async def test_a_return_is_asked_for_confirmed_and_made_once(stranger: Customer) -> None:
    await deliver(stranger)
    await stranger.says("我要退货")
    await stranger.says(ORDER)
    which = await stranger.says(TAIL)
    assert "哪一件" in which.text
    confirm = await stranger.says("第1件")
    assert "两人三季帐" in confirm.text
    assert "确认" in confirm.text
    assert await requests_of(stranger) == []
    done = await stranger.says("确认")
    assert "提交" in done.text
    made = await requests_of(stranger)
    assert [(kind, asked_by) for kind, _, asked_by in made] == [("return", "assistant")]
    await stranger.says("确认")
    assert len(await requests_of(stranger)) == 1


async def test_a_no_leaves_nothing_behind(stranger: Customer) -> None:
    await deliver(stranger)
    await stranger.says(f"帮我把 {ORDER} 的睡袋退货，尾号 {TAIL}")
    told = await stranger.says("算了不用了")
    assert "没有提交" in told.text or "不办理" in told.text
    assert await requests_of(stranger) == []


async def test_what_the_rules_forbid_is_refused_with_its_reason_and_a_person(stranger: Customer) -> None:
    told = await stranger.says(f"帮我取消订单 {ORDER}，尾号 {TAIL}")
    assert "已发货" in told.text
    assert told.hand_off == "request_refused"
    assert await requests_of(stranger) == []


async def test_a_yes_after_another_question_is_no_yes_to_the_change(stranger: Customer, learning: Learning) -> None:
    await deliver(stranger)
    await learning.learn(stranger.ground, "营业.md", "# 营业\n\n## 你们几点上班?\n每天 9 点到 22 点。\n")
    await stranger.says(f"帮我把 {ORDER} 的帐篷退货，尾号 {TAIL}")
    await stranger.says("第1件")
    await stranger.says("你们几点上班")
    await stranger.says("好的")
    assert await requests_of(stranger) == []


@pytest.mark.parametrize("text", ["谢谢，你们服务真好", "太好了 很满意", "Thank you, great service"])
async def test_praise_is_thanked_for_and_not_looked_up(ground: Ground, learning: Learning, text: str) -> None:
    told = await (await new_customer(ground, learning)).says(text)
    assert told.trace["skills"][0][1] == "small_talk"
    assert told.gap is None
    assert not told.offers_person
