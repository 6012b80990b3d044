"""Pure: passages are whole by themselves and never lose a word."""

from hypothesis import given
from hypothesis import strategies as st

from yingke.knowledge.parse import Parsed, Section
from yingke.knowledge.split import sentences, split


def parsed(*sections: Section) -> Parsed:
    return Parsed("说明", list(sections), "txt", "zh", False)


def test_questions_and_answers_in_text_become_pairs() -> None:
    text = "常见问题如下\n问:多久发货?\n答:四点前当天发。\n其余两天内发。\nQ2: 能退吗\nA2: 七天内可以。"
    passages = split(parsed(Section(("服务",), text)))
    assert [passage.kind for passage in passages] == ["text", "qa", "qa"]
    assert passages[1].row == {"问题": "多久发货?", "答案": "四点前当天发。\n其余两天内发。"}
    assert passages[2].text == "七天内可以。"
    assert passages[1].search_text == "多久发货?"


def test_a_heading_that_asks_becomes_a_pair() -> None:
    (passage,) = split(parsed(Section(("服务", "[售后] 能退货吗？"), "七天内可以退。")))
    assert (passage.kind, passage.heading, passage.text) == ("qa", "能退货吗？", "七天内可以退。")


def test_a_row_is_one_passage_with_its_column_names() -> None:
    row = {"货号": "K-1", "名称": "竹杯", "价格": "25元"}
    (passage,) = split(parsed(Section(("报价",), "货号:K-1;名称:竹杯;价格:25元", "row", row)))
    assert passage.text == "货号:K-1;名称:竹杯;价格:25元"
    assert passage.search_text.endswith("报价")


def test_articles_of_a_statute_stand_alone() -> None:
    text = "第一条 为了保护顾客制定本规则。\n第二条 本规则自发布之日起施行。"
    assert [passage.text[:3] for passage in split(parsed(Section((), text)))] == ["第一条", "第二条"]


def test_the_heading_can_be_searched_with_its_text() -> None:
    (passage,) = split(parsed(Section(("配送", "大件"), "由物流送货。")))
    assert passage.heading == "配送 › 大件"
    assert passage.search_text == "配送 › 大件\n由物流送货。"


def test_the_hash_changes_with_the_words_and_only_with_them() -> None:
    (one,) = split(parsed(Section(("甲",), "四点前发货。")))
    (same,) = split(parsed(Section(("甲",), "四点前发货。")))
    (other,) = split(parsed(Section(("甲",), "五点前发货。")))
    assert one.content_hash == same.content_hash
    assert one.content_hash != other.content_hash
    assert len(one.content_hash) == 16


def test_figures_are_not_cut_inside_a_sentence() -> None:
    assert sentences("价格 3.5 元。满 99 包邮;西藏加 20 元!") == ["价格 3.5 元。", "满 99 包邮;", "西藏加 20 元!"]


@given(st.text(alphabet="今天发货。!?;,1.2a \n（）”", max_size=1500))
def test_no_character_is_lost_and_no_passage_is_huge(text: str) -> None:
    passages = split(parsed(Section((), text)))
    kept = "".join("".join(passage.text.split()) for passage in passages)
    assert kept == "".join(text.split())
    assert all(len(passage.text) <= 900 for passage in passages)
