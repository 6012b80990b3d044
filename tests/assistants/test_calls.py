"""A person is called by words that no rule knows, and never by a shopper's need."""

import asyncio
from collections.abc import Sequence

import pytest

from yingke.assistants.calls.call_of import call_of
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.fold import fold


async def _calls(encoder: Encoder, texts: Sequence[str]) -> list[str | None]:
    vectors = await encoder.encode([fold(text) for text in texts])
    return [await asyncio.to_thread(call_of, text, vector) for text, vector in zip(texts, vectors, strict=True)]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("能不能让你们懂行的人跟我讲两句", "asked"),
        ("少跟我整这些没用的，叫你们当家的出来", "asked"),
        ("宝，能不能把你主人叫来", "asked"),
        ("给你两条路，要么打钱要么我让你店铺下架", "extortion"),
        ("跑步机把我甩出去了，膝盖磕得全是血", "injury"),
        ("活着太苦了，我想结束这一切", "self_harm"),
        ("孩子拿奶奶手机偷偷下单花了三千多，他才上小学", "minor"),
        ("小孙子让你家花生仁卡着气管了，脸憋得发紫", "injury"),
        ("你甭念经了，把你们那儿能签字的唤来", "asked"),
    ],
)
async def test_a_person_is_called_in_words_that_were_not_foreseen(encoder: Encoder, text: str, call: str) -> None:
    assert await _calls(encoder, [text]) == [call]


async def test_what_shoppers_need_and_ask_calls_nobody(encoder: Encoder) -> None:
    texts = [
        "我爸爱钓鱼，想给他买个能坐的", "能不能给个内部价 我是老客户", "给我个内部价，50 块两人帐行不行", "刀快不快", "儿童能用吗", "累死了终于到了",
        "火锅底料保质期", "花粉过敏戴哪种口罩", "给我侄子买的，他六年级", "I found you on Instagram", "几点有真人值班", "人工啥时候在", "有现货就打我手机 13800138000", "不用转人工，你帮我查就行",
        "客服几点下班", "打工人神器有吗", "生产日期是几月的", "你们老板是谁", "真人试穿图有没有", "高压锅多大的够四口人", "烧烤用的炉子 火得旺点儿", "上次露营硌得我腰疼死了 有啥能垫的", "shoes for a 12 year old",
    ]  # fmt: skip
    assert await _calls(encoder, texts) == [None] * len(texts)
