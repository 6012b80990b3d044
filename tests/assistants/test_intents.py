"""What a message wants, told by the weights that travel with the package."""

import time

import pytest

from yingke.assistants.intents.classify import classify
from yingke.assistants.intents.features import needs_before
from yingke.assistants.intents.labels import INTENTS, LABELS
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold

MESSAGES = [
    ("", "昨天拍的帐篷今天能寄出来不", "logistics_shipping"),
    ("", "穿着有点紧,想换大一号的", "return_exchange"),
    ("", "说好的退款到现在还没到账", "refund"),
    ("", "麻烦把收件电话换成我爱人的", "order_modify"),
    ("", "不想要了,把单子撤了吧", "order_cancel"),
    ("", "沙色的什么时候再有货", "stock_availability"),
    ("", "两件一起买能少点吗", "price_promotion"),
    ("", "信用卡能分几期付", "payment"),
    ("", "发票抬头能换成公司的么", "invoice"),
    ("", "这个睡袋是什么填充的", "product_consult"),
    ("", "灯用了两天就不亮了", "aftersales_quality_repair"),
    ("", "你们这种态度我要去12315投诉", "complaint"),
    ("", "别自动回复了,给我接个真人", "contact_human"),
    ("请提供一下订单号", "20260912004411", "provide_info"),
    ("还有其他可以帮您的吗", "没有啦,谢谢", "chitchat_ack"),
]


async def _told(encoder: Encoder, before: str, text: str) -> str:
    vectors = await encoder.encode_many([fold(text), fold(before)])
    return classify(text, vectors[0], before, vectors[1] if before else None).label


@pytest.mark.parametrize(("before", "text", "label"), MESSAGES)
async def test_a_message_of_each_intent_is_told(encoder: Encoder, before: str, text: str, label: str) -> None:
    assert await _told(encoder, before, text) == label


async def test_the_same_short_words_mean_what_the_line_before_was_about(encoder: Encoder) -> None:
    assert await _told(encoder, "师傅周三上门取件", "能换成周五吗") == "order_modify"
    assert await _told(encoder, "款项已经原路退回", "要多久") == "refund"


def test_only_short_messages_lean_on_the_line_before() -> None:
    assert needs_before("可以更改么")
    assert not needs_before("我上个礼拜买的那顶帐篷到现在都没有收到是怎么回事")


def test_every_intent_has_a_name_in_both_languages() -> None:
    assert len(LABELS) == 15
    assert all(chinese and english for chinese, english in INTENTS.values())


async def test_telling_an_intent_costs_less_than_a_millisecond(encoder: Encoder) -> None:
    vectors = await encoder.encode_many(["快递三天没动了,能帮忙催一下吗"])
    classify("快递三天没动了,能帮忙催一下吗", vectors[0])
    began = time.process_time()
    for _ in range(100):
        classify("快递三天没动了,能帮忙催一下吗", vectors[0], "您好")
    assert time.process_time() - began < 0.1
