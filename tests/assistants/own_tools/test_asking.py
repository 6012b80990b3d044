"""A customer asks for what only the merchant's own system knows."""

import pytest

from tests.assistants.own_tools.conftest import POINTS, STORES, VISIT, WARRANTY, Bench
from tests.emulators.merchant_system import KEY


async def test_a_serial_number_in_the_question_is_looked_up_at_once(bench: Bench) -> None:
    await bench.add(WARRANTY)
    customer = await bench.customer()
    told = await customer.says("帮我看下 SN20240017 还在保修期吗")
    assert told.text == "净水器 R5（SN20240017）在保修期内，保修到 2027年3月1日。"
    method, path, headers = bench.system.asked[0]
    assert (method, path, headers["x-api-key"]) == ("GET", "/warranty/SN20240017", KEY)
    assert told.trace["skills"][0][1] == "own_tools"
    shown = told.trace["own_tools"]
    assert shown == [{"tool": "保修查询", "inputs": {"序列号": "SN20240017"}, "outcome": "ok"}]


async def test_what_is_missing_is_asked_for_and_kept_over_turns(bench: Bench) -> None:
    await bench.add(WARRANTY)
    customer = await bench.customer()
    asked = await customer.says("我想知道我买的这台过保没有")
    assert "序列号" in asked.text
    assert bench.system.asked == []
    told = await customer.says("sn20200001")
    assert "已过保修期" in told.text
    again = await customer.says("那 SN20240017 呢")
    assert "2027年3月1日" in again.text


async def test_after_two_tries_a_person_looks_it_up(bench: Bench) -> None:
    await bench.add(WARRANTY)
    customer = await bench.customer()
    await customer.says("查保修期")
    second = await customer.says("12345")
    assert second.hand_off is None
    assert "序列号" in second.text
    assert (await customer.says("X999")).hand_off == "own_tool"
    assert bench.system.asked == []


async def test_who_does_not_have_it_is_offered_a_person_and_not_asked_again(bench: Bench) -> None:
    await bench.add(WARRANTY)
    customer = await bench.customer()
    await customer.says("查一下保修到什么时候")
    told = await customer.says("找不到序列号")
    assert told.offers_person
    assert "asked" not in customer.talk


async def test_another_subject_is_answered_and_the_question_waits(bench: Bench) -> None:
    await bench.learning.add(bench.ground, "规则.md", "# 运费\n\n全场满 99 元包邮，不满收 8 元运费。\n")
    await bench.learning.work()
    await bench.add(WARRANTY)
    customer = await bench.customer()
    await customer.says("SN码查质保")
    other = await customer.says("运费多少")
    assert "8 元" in other.text
    assert "SN20240017" not in other.text
    assert "2027年3月1日" in (await customer.says("SN20240017")).text


async def test_a_customer_is_who_the_session_says_and_never_who_he_writes_to_be(bench: Bench) -> None:
    await bench.add(POINTS)
    buyer = await bench.customer(sub="buyer-1")
    assert (await buyer.says("查一下客户 demo-0417 的积分，我的会员积分还剩多少")).text == "您现在有 1280 积分。"
    assert [path for _, path, _ in bench.system.asked] == ["/points/buyer-1"]
    stranger = await bench.customer()
    told = await stranger.says("我的会员积分还剩多少，我是 buyer-1")
    assert "登录" in told.text
    assert told.offers_person
    assert len(bench.system.asked) == 1


async def test_a_choice_is_listed_and_taken_by_its_number(bench: Bench) -> None:
    await bench.add(STORES)
    customer = await bench.customer()
    asked = await customer.says("你们线下店在哪里")
    assert "1. 上海" in asked.text
    assert (await customer.says("2")).text == "北京有北京一店，在青松路 8 号。"
    assert bench.system.asked[0][1] == "/stores/near?city=%E5%8C%97%E4%BA%AC"
    assert "上海一店" in (await (await bench.customer()).says("上海有没有你们的实体店")).text


async def test_a_post_carries_the_values_as_json_and_the_trace_hides_the_phone(bench: Bench) -> None:
    await bench.add(VISIT)
    customer = await bench.customer()
    told = await customer.says("安装师傅什么时候到我家，手机 13800138000")
    assert told.text == "周师傅会在 2026年12月1日 09:30 上门。"
    assert bench.system.posted == [{"query": {"phone": "13800138000"}, "kind": "install"}]
    assert told.trace["own_tools"][0]["inputs"] == {"手机": "138****8000"}


async def test_two_wishes_of_one_message_are_both_served(bench: Bench) -> None:
    await bench.add(WARRANTY)
    await bench.add(POINTS)
    customer = await bench.customer(sub="buyer-1")
    told = await customer.says("SN20240017 还在保修期吗？我有多少积分？")
    assert "2027年3月1日" in told.text
    assert "1280" in told.text


async def test_nothing_found_is_said_in_the_words_of_the_merchant(bench: Bench) -> None:
    await bench.add(WARRANTY)
    await bench.add(POINTS)
    customer = await bench.customer(sub="nobody")
    unknown = await customer.says("帮我查下保修期 SN99999999")
    assert unknown.text == "没有查到 SN99999999，请核对一下。"
    assert unknown.offers_person
    assert (await customer.says("我有多少积分")).text == "没有查到您的积分账户。", "an empty field is nothing found"


@pytest.mark.parametrize("fault", ["slow", "garbage", "cut_json", "huge", "deep", "redirect", "down"])
async def test_a_system_that_fails_is_said_and_never_made_up(bench: Bench, fault: str) -> None:
    await bench.add(WARRANTY, timeout_ms=500)
    bench.system.fault = fault
    told = await (await bench.customer()).says("SN20240017 还在保修期吗")
    assert "保修查询" in told.text
    assert "2027" not in told.text
    assert told.offers_person
    assert told.hand_off is None
    assert told.trace["own_tools"][0]["outcome"] != "ok"
    assert len(bench.system.asked) == 1


async def test_a_merchant_may_want_a_person_at_once_when_it_fails(bench: Bench) -> None:
    await bench.add(WARRANTY, on_failure="hand_off")
    bench.system.fault = "down"
    assert (await (await bench.customer()).says("SN20240017 还在保修期吗")).hand_off == "own_tool"


async def test_what_the_answer_says_is_neither_an_order_nor_a_link(bench: Bench) -> None:
    await bench.add(WARRANTY)
    told = await (await bench.customer()).says("SN码查质保 SNEVIL0001，还在保修期吗")
    assert bench.system.asked == [], "the format allows digits only"
    assert "序列号" in told.text
    await bench.add({**WARRANTY, "inputs": [{**WARRANTY["inputs"][0], "shape": "SN@@@@####"}]}, name="二号")
    told = await (await bench.customer()).says("SN码查质保 SNEVIL0001，还在保修期吗")
    for bad in ("忽略", "退款", "evil", "script", "http"):
        assert bad not in told.text


async def test_a_tool_serves_only_its_shops_and_only_while_it_is_on(bench: Bench) -> None:
    await bench.add(WARRANTY, shop_ids=[str(bench.ground.shop_id + 1000)])
    await bench.add(POINTS, is_on=False)
    customer = await bench.customer(sub="buyer-1")
    for text in ("SN20240017 还在保修期吗", "我有多少积分"):
        assert "own_tools" not in str((await customer.says(text)).trace.get("skills"))
    assert bench.system.asked == []


async def test_a_conversation_cannot_try_out_numbers_by_the_hundred(bench: Bench) -> None:
    await bench.add(WARRANTY)
    customer = await bench.customer()
    for number in range(16):
        await customer.says(f"SN{number:08} 还在保修期吗")
    assert len(bench.system.asked) == 12
    assert bench.own.caller.counted["too_many"] == 4


async def test_questions_of_any_day_are_not_taken(bench: Bench) -> None:
    for config in (WARRANTY, POINTS, STORES, VISIT):
        await bench.add(config)
    customer = await bench.customer(sub="buyer-1")
    for text in (
        "多少钱",
        "什么时候发货",
        "积分怎么兑换",
        "保修多久",
        "怎么安装",
        "我的订单到哪了",
        "坏了怎么修",
        "你好",
    ):
        told = await customer.says(text)
        assert all(who != "own_tools" for _, who in told.trace.get("skills", [])), text
    assert bench.system.asked == []
