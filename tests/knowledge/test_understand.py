"""Pure: what was typed becomes questions that stand alone."""

import time

import pytest

from yingke.knowledge.concepts import lexicon
from yingke.knowledge.fold import fold
from yingke.knowledge.understand import split_questions, understand


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("你们那个帐篷下雨漏不漏啊，俩人带条狗睡得下不", ["你们那个帐篷下雨漏不漏啊", "俩人带条狗睡得下不"]),
        ("那个有绿的吗 今天下单几号能发", ["那个有绿的吗", "今天下单几号能发"]),
        ("这灯能发德国吗,能带上飞机吗", ["这灯能发德国吗", "能带上飞机吗"]),
        ("你好,在吗?我想问下多久发货", ["我想问下多久发货"]),
        ("我身高175,体重130,穿什么码", ["我身高175 体重130 穿什么码"]),
        ("昨天买的杯子碎了。能换吗", ["昨天买的杯子碎了 能换吗"]),
        ("Do you ship to Canada? How long does it take?", ["Do you ship to Canada", "How long does it take"]),
        ("运费险", ["运费险"]),
    ],
)
def test_several_questions_in_one_message_are_told_apart(text: str, clauses: list[str]) -> None:
    assert split_questions(text) == clauses


def test_a_pronoun_takes_what_was_cited_before() -> None:
    first, second = understand(["那个有绿的吗 今天下单几号能发"], ["两人三季帐"])
    assert first.search == "两人三季帐 那个有绿的吗"
    assert second.subject == "两人三季帐"


def test_a_question_with_its_own_subject_borrows_none() -> None:
    (ask,) = understand(["折叠椅承重多少"], ["两人三季帐"])
    assert ask.search == "折叠椅承重多少"


def test_the_second_question_keeps_the_subject_of_the_first() -> None:
    asks = understand(["露营灯防水吗,能亮多久"])
    assert "灯" in asks[1].search


def test_a_sum_becomes_prices_and_rules() -> None:
    asks = understand(["我是金卡，一顶两人帐加俩 10 度睡袋多少钱"])
    assert [ask.text for ask in asks[:2]] == ["两人帐多少钱", "10度睡袋多少钱"]
    assert asks[2].wants_rules
    assert all(ask.wants_total for ask in asks)


@pytest.mark.parametrize(
    ("question", "concept"),
    [
        ("会不会漏水", "waterproof"), ("能发到美国吗", "abroad"), ("几天能到", "delivery_time"), ("可以开专票吗", "invoice"),
        ("少发了一件", "damage"), ("能机洗不", "washing"), ("有優惠嗎", "promotion"), ("Can I return it", "returns"),
    ],
)  # fmt: skip
def test_the_concept_of_a_question_is_found(question: str, concept: str) -> None:
    (ask,) = understand([question])
    assert concept in {lexicon().names[position] for position in ask.concepts}


def test_one_word_inside_another_is_not_a_concept() -> None:
    (ask,) = understand(["trains and brains in the terrain"])
    assert ask.concepts == {}


def test_everyday_and_traditional_spelling_fold_to_one_form() -> None:
    assert fold("俩人 ２００Ｇ 帳篷 10 ℃") == fold("两人 200g 帐篷 10度")


def test_a_hostile_message_is_understood_in_no_time() -> None:
    began = time.process_time()
    for text in ("吗" * 4000, "," * 4000, "a " * 2000, "一个加" * 1300, "1" * 4000, "\ud83d\ude00" * 1000):
        assert len(understand([text])) <= 4
    assert time.process_time() - began < 2.0
