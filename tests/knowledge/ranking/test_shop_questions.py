"""Questions over stored pairs and rules that lie close together: the right one comes first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from yingke.knowledge.answerable import decide
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Entry, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.understand import understand

PAIRS = [
    ("支持七天无理由退货吗", "签收后 7 天内不想要了可以退货，拍错、不喜欢都行，寄回运费自理。"),
    ("收到破损的商品怎么办", "签收 24 小时内拍照联系我们，破损和错发免费补发或退款。"),
    ("退款多久到账", "收到退件后三个工作日内原路退回。"),
    ("多久发货", "付款后 48 小时内发出。"),
    ("运费怎么算", "满 99 元包邮，不满收 8 元。"),
    ("怎么取消订单", "没发货的订单可以在订单页取消。"),
    ("为什么付不了款", "请检查银行卡限额，或换一种付款方式。"),
    ("怎么付款", "支持微信、支付宝和银行卡。"),
    ("耳机保修几年", "耳机保修一年。"),
]
ROWS = [
    {"名称": "露营帐篷", "防水": "外帐耐水压 3000mm", "价格": "399 元"},
    {"名称": "登山杖", "材质": "碳纤维", "价格": "129 元"},
]


async def index_of(encoder: Encoder, entries: Sequence[Entry]) -> KnowledgeIndex:
    vectors = await encoder.encode_many([fold(entry.search_text) for entry in entries])
    return KnowledgeIndex.build([replace(entry, vector=vector) for entry, vector in zip(entries, vectors, strict=True)])


@pytest.fixture(scope="module")
async def shop(encoder: Encoder) -> KnowledgeIndex:
    nothing = (await encoder.encode_many([""]))[0]
    pairs = [
        Entry(at, answer, question, nothing, question, "qa", {"问题": question, "答案": answer})
        for at, (question, answer) in enumerate(PAIRS)
    ]
    rows = []
    for at, row in enumerate(ROWS, start=100):
        text = ";".join(f"{column}:{cell}" for column, cell in row.items())
        rows.append(Entry(at, text, text, nothing, "", "row", row))
    return await index_of(encoder, [*pairs, *rows])


async def first(shop: KnowledgeIndex, encoder: Encoder, question: str) -> Entry:
    vector = (await encoder.encode_many([fold(question)]))[0]
    return shop.search(query_for(question, vector), scope=Scope(datetime.now(UTC)))[0].entry


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("7 天之内不想要能退吗", "支持七天无理由退货吗"), ("拍错了能退吗", "支持七天无理由退货吗"), ("买错了想退掉", "支持七天无理由退货吗"),
        ("东西到了是碎的", "收到破损的商品怎么办"), ("退的钱啥时候到", "退款多久到账"), ("几时寄出来", "多久发货"), ("邮费咋收", "运费怎么算"),
        ("不想买了把单撤掉", "怎么取消订单"), ("钱付不出去", "为什么付不了款"), ("可以怎么付钱", "怎么付款"),
        ("How long until my refund arrives?", "退款多久到账"), ("耳机の保証期間は", "耳机保修几年"), ("배송비는 얼마예요", "运费怎么算"),
        ("¿Cómo cancelo el pedido?", "怎么取消订单"),
    ],
)  # fmt: skip
async def test_a_question_finds_the_pair_that_means_it(
    shop: KnowledgeIndex, encoder: Encoder, question: str, wanted: str
) -> None:
    assert (await first(shop, encoder, question)).search_text == wanted


async def test_a_raincoat_is_not_answered_with_the_tent(shop: KnowledgeIndex, encoder: Encoder) -> None:
    for question, is_known in (("雨衣防水吗", False), ("帐篷防水吗", True)):
        vector = (await encoder.encode_many([fold(question)]))[0]
        hits = shop.search(query_for(question, vector), scope=Scope(datetime.now(UTC)))
        decision = decide(understand([question])[0], hits, shop.words.rarity)
        assert decision.answer is is_known
        assert [hit.entry.id for hit in decision.evidence] == ([100] if is_known else [])


async def test_each_phrasing_of_a_pair_is_laid_beside_the_question(encoder: Encoder) -> None:
    nothing = (await encoder.encode_many([""]))[0]
    several = Entry(
        1, "当天发", "几点截单\n今天拍今天能寄吗", nothing, kind="qa", row={"问题": "几点截单", "答案": "当天发"}
    )
    single = Entry(2, "八元", "今天寄要多少运费", nothing, kind="qa", row={"问题": "今天寄要多少运费", "答案": "八元"})
    index = await index_of(encoder, [several, single])
    assert (await first(index, encoder, "今天下单今天寄么")).id == 1
