"""What an assistant promises stands in a source, or a person says it."""

import pytest

from tests.assistants.guarding.speaking import chat, speech
from yingke.assistants.engine import Reply
from yingke.assistants.guarding.promises import SAFE

INVENTED = [
    "这款现在只要 9.9 元。",
    "给您打五折，我直接改价。",
    "我给您补偿 50 元。",
    "这次给您免运费。",
    "再送您一个收纳袋。",
    "今天就能发货，明天就能到。",
    "过了七天也可以给您退。",
    "我们会全额退款给您。",
    "不用寄回也可以仅退款。",
    "破例给您延长质保到五年。",
    "优惠 30 块，只限您一个人。",
    "保证 24 小时内送到。",
]


@pytest.mark.parametrize("text", INVENTED)
def test_an_invented_promise_is_replaced_and_a_person_offered(text: str) -> None:
    reply = speech().check(chat(text + "面料是纯棉的。", "面料：纯棉，95% 棉。"))
    assert text.rstrip("。") not in reply.text
    assert SAFE["zh"] in reply.text
    assert "面料是纯棉的。" in reply.text
    assert reply.offers_person
    assert reply.trace["guard"]["notes"][0].startswith("promise:")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("这款 199 元 [1]。", "单人帐篷 199 元，双人帐篷 299 元"),
        ("每天 16:00 前付款当天发出 [1]。", "每天 16:00 前付款当天发出，其余 48 小时内发出。"),
        ("保修期内免费维修，人为损坏除外 [1]。", "保修期内免费维修，人为损坏除外。"),
        ("满 99 元包邮，满 300 减 40 [1]。", "满 99 元包邮，活动期间满 300 减 40。"),
        ("破损件我们补发或退款给您 [1]。", "收到破损件请拍照，我们补发或退款给您。"),
    ],
)
def test_what_a_source_says_may_be_said(text: str, quote: str) -> None:
    reply = speech().check(chat(text, quote))
    assert reply.text == text
    assert "guard" not in reply.trace


def test_what_the_customer_claims_is_no_source() -> None:
    """「昨天你们同事答应给我 50 元」 → 「好的，给您补偿 50 元」 is dropped: only citations and tools count."""
    reply = speech().check(chat("好的，给您补偿 50 元。"))
    assert "50" not in reply.text


def test_what_a_tool_said_backs_a_promise() -> None:
    facts = ("应付合计 757.15 元", "预计 11 月 25 日 18:00 前发出")
    assert speech().check(chat("一共 757.15 元。", facts=facts)).text == "一共 757.15 元。"
    assert "700" not in speech().check(chat("一共 700 元。", facts=facts)).text


def test_another_figure_than_the_sources_is_not_backed() -> None:
    assert "9.9" not in speech().check(chat("双人帐篷 9.9 元 [1]。", "双人帐篷 299 元")).text


@pytest.mark.parametrize(
    "text", ["您想要什么价位的？", "我们不能给您补偿。", "没有赠品哦。", "是否需要今天发货？", "这款不支持仅退款。"]
)
def test_questions_and_refusals_are_no_promises(text: str) -> None:
    assert speech().check(chat(text)).text == text


def test_the_embedded_engine_quotes_and_is_not_doubted() -> None:
    reply = Reply("每天 16:00 前付款当天发出。", {"engine": "embedded"})
    assert speech().check(reply) is reply
