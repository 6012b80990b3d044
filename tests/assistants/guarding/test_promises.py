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


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("已经为您取消订单并退款 300 元，请放心。面料是纯棉的。", "面料是纯棉的。"),
        ("给您申请了退货。", ""),
        ("您的退款已经批准了。", ""),
        ("I have refunded your order. It is made of cotton.", " It is made of cotton."),
        ("Your refund is approved. It is made of cotton.", " It is made of cotton."),
    ],
)
def test_a_model_cannot_say_that_something_was_done(text: str, kept: str) -> None:
    """Nothing is done before the customer's yes, and then the shop's own words say so."""
    language = "zh" if text[0] > "z" else "en"
    reply = speech(language=language).check(chat(text, "面料：纯棉。It is made of cotton."))
    assert reply.text == f"{SAFE[language]}{kept}"
    assert reply.offers_person
    assert reply.trace["guard"]["notes"] == ["promise:price" if "300 元" in text else "promise:done"]


@pytest.mark.parametrize(
    "text",
    [
        "如果已经为您退款，到账需要 3 天？",
        "订单已取消的话怎么办？",
        "帮您看了一下，有现货。",
        "为您推荐两人三季帐。",
        "已为您查到这款。",
    ],
)
def test_help_and_conditions_are_no_claim_of_an_effect(text: str) -> None:
    assert speech().check(chat(text)).text == text


def test_only_the_sentence_of_a_promise_is_taken_in_english_too() -> None:
    said = "The tent sleeps two. I will refund you 50 dollars. It weighs 2.1 kg."
    reply = speech(language="en").check(chat(said, "The tent sleeps two and weighs 2.1 kg."))
    assert reply.text == f"The tent sleeps two.{SAFE['en']} It weighs 2.1 kg."


def embedded(text: str, *quotes: str, facts: tuple[str, ...] = ()) -> Reply:
    return Reply(text, {"engine": "embedded"}, citations=[{"quote": quote} for quote in quotes], facts=facts)


@pytest.mark.parametrize(
    "reply",
    [
        embedded("每天 16:00 前付款当天发出。", "每天 16:00 前付款当天发出，其余 48 小时内发出。"),
        embedded(
            "1. 四人自动帐　899.00 元　预售，11月25日起发货",
            facts=("四人自动帐 899.00 元", "100.00 元 11月22日 11月25日"),
        ),
        embedded("资料里没有写到「晚到一天赔我五百」，我不乱猜。最相近的内容有：《今天下单明天能到吗？》。"),
        embedded("退货申请已经为您提交，编号 12。"),
        embedded("加上优惠券一共 757.15 元。", facts=("合计 757.15 元",)),
    ],
)
def test_the_embedded_engine_may_say_what_it_quotes_and_what_tools_told(reply: Reply) -> None:
    assert speech().check(reply) is reply


@pytest.mark.parametrize(
    "wording", ["我们保证明天送到！", "下单就送您一个收纳袋。", "晚到一天赔您 50 元。", "过了七天也可以给您退。"]
)
def test_a_wording_of_the_merchant_promises_no_more_than_his_data(wording: str) -> None:
    """A closing line or a tone is said to everybody; what it promises has to stand in a document or an offer."""
    answer = embedded(f"面料是纯棉的。\n{wording}", "面料：纯棉，95% 棉。")
    reply = speech().check(answer)
    assert reply.text == f"面料是纯棉的。\n{SAFE['zh']}"
    assert reply.offers_person
    borne_out = embedded(answer.text, "面料：纯棉，95% 棉。", f"活动说明：{wording}")
    assert speech().check(borne_out) is borne_out


def test_sentences_of_the_product_itself_are_not_doubted() -> None:
    reply = Reply("我马上为您转人工，今天之内会有同事送到答复。", {"engine": "notice"})
    assert speech().check(reply) is reply
