"""Below sure: ask back with what may have been meant, offer a person, and never a passage in another language."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from yingke.knowledge.answerable import Decision
from yingke.knowledge.compose import Finding, compose, in_language
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Entry, Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.understand import understand

SCOPE = Scope(datetime.now(UTC))
PAIRS = [
    (
        "退货运费谁出",
        "无理由退货由买家付运费。",
        {"en": "You pay the return shipping.", "ja": "返品送料はお客様負担です。"},
    ),
    ("退款多久到账", "收到退货后 48 小时内退款。", None),
    ("能换货吗", "签收 15 天内可以换货一次。", None),
]


async def find(encoder: Encoder, question: str) -> list[Hit]:
    vectors = await encoder.encode_many([fold(asked) for asked, _, _ in PAIRS])
    entries = [
        Entry(at, answer, asked, vectors[at], asked, "qa", None, answers=answers)
        for at, (asked, answer, answers) in enumerate(PAIRS)
    ]
    (vector,) = await encoder.encode([fold(question)])
    return KnowledgeIndex.build(entries).search(query_for(question, vector), scope=SCOPE)


def finding(question: str, hits: Sequence[Hit], confidence: float) -> Finding:
    (ask,) = understand([question])
    is_sure = confidence >= 0.5
    return Finding(ask, tuple(hits), Decision(is_sure, confidence, tuple(hits[:1]) if is_sure else (), best=hits[0]))


async def test_nearly_sure_asks_which_question_was_meant(encoder: Encoder) -> None:
    hits = await find(encoder, "退货要多少天")
    composed = compose([finding("退货要多少天", hits, 0.4)], "zh-CN")
    assert "没有写到" in composed.text
    assert "您想问的是不是：\n1. " in composed.text
    assert composed.text.count("\n") <= 5
    assert composed.offers_person
    assert composed.citations == ()


async def test_hardly_sure_offers_a_person_and_no_choices(encoder: Encoder) -> None:
    hits = await find(encoder, "能开飞机吗")
    composed = compose([finding("能开飞机吗", hits, 0.05)], "zh-CN")
    assert "您想问的是不是" not in composed.text
    assert "转人工" in composed.text


async def test_the_second_time_in_a_row_a_person_is_offered_plainly(encoder: Encoder) -> None:
    hits = await find(encoder, "能开飞机吗")
    composed = compose([finding("能开飞机吗", hits, 0.4)], "zh-CN", is_second_time=True)
    assert "回复「转人工」" in composed.text
    assert "最相近" not in composed.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You pay the return shipping."), ("ja", "返品送料はお客様負担です。"), ("zh-CN", "由买家付运费")],
)
async def test_a_pair_answers_in_the_customers_language(encoder: Encoder, language: str, words: str) -> None:
    hits = await find(encoder, "退货运费谁出")
    composed = compose([finding("退货运费谁出", hits, 0.9)], language)
    assert words in composed.text
    assert words in composed.citations[0].quote


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "person"), ("ja", "担当者"), ("ko", "상담원"), ("es", "persona"), ("fr", "conseiller")],
)
async def test_without_an_answer_in_the_language_there_is_one_short_sentence(
    encoder: Encoder, language: str, word: str
) -> None:
    hits = await find(encoder, "退款多久到账")
    composed = compose([finding("退款多久到账", hits, 0.9)], language)
    assert word in composed.text
    assert "48" not in composed.text
    assert composed.citations == ()
    assert composed.offers_person
    assert len(composed.text) < 120


async def test_traditional_readers_get_our_sentences_in_their_characters(encoder: Encoder) -> None:
    hits = await find(encoder, "能开飞机吗")
    composed = compose([finding("能开飞机吗", hits, 0.05)], "zh-TW")
    assert "資料裡沒有寫到" in composed.text


async def test_a_hit_in_another_language_is_not_shown(encoder: Encoder) -> None:
    (first, *_) = await find(encoder, "退款多久到账")
    assert in_language(first, "es") is None
    assert in_language(first, "zh") is first
