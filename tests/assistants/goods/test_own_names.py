"""What a shop alone calls its goods and colours is read from its own titles and variants."""

import numpy as np
import pytest

from yingke.assistants.goods.shelf import Good, Shelf, lines_of
from yingke.commerce.finding.need import names_a_thing, read_need
from yingke.commerce.words.cut import class_tokens
from yingke.commerce.words.own_words import as_kept, hearing

GOODS = (
    Good(1, "高邮咸鸭蛋 20 枚", "YD-1", "蛋品", lines_of("", {"储存": "阴凉处 90 天", "R 值": "3"}, ""), None, 6800),
    Good(2, "桂花酸梅汤", "ST-1", "冲饮", lines_of("", {"配料": "乌梅、山楂"}, ""), None, 3200),
    Good(3, "黑巧克力 72%", "QK-1", "糖果", lines_of("", {}, ""), None, 4500),
    Good(4, "垂感阔腿裤", "KT-1", "裤装", lines_of("", {}, ""), None, 19900, ("雾霾蓝 M", "深蓝 L", "05 奶油杏")),
)
SHELF = Shelf(
    GOODS,
    np.zeros((sum(len(good.lines) for good in GOODS), 4), dtype=np.float32),
    np.zeros((len(GOODS), 4), dtype=np.float32),
    tuple(map(int, np.cumsum([0, *(len(good.lines) for good in GOODS)]))),
)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("咸鸭蛋多少钱", "高邮咸鸭蛋 20 枚"),
        ("鸭蛋来两盒", "高邮咸鸭蛋 20 枚"),
        ("酸梅汤有货吗", "桂花酸梅汤"),
        ("黑巧来一块", "黑巧克力 72%"),
        ("黑巧克力苦不苦", "黑巧克力 72%"),
        ("奶油杏的还有吗", "垂感阔腿裤"),
        ("那05还有吗", "垂感阔腿裤"),
    ],
)
def test_a_shop_is_asked_for_its_goods_by_its_own_words(text: str, title: str) -> None:
    with hearing(SHELF.own_words):
        assert [good.title for good in SHELF.named(text, read_need(text), None)] == [title]


def test_own_words_name_a_thing_in_that_shop_alone() -> None:
    assert not names_a_thing("咸鸭蛋多少钱")
    with hearing(SHELF.own_words):
        assert names_a_thing("咸鸭蛋多少钱")
    assert not names_a_thing("咸鸭蛋多少钱")


def test_a_colour_of_its_own_is_told_apart_from_the_like() -> None:
    with hearing(SHELF.own_words):
        assert set(class_tokens("雾霾蓝")) == {"c:蓝", "c:=雾霾蓝"}
        assert set(class_tokens("深蓝")) == {"c:蓝", "c:=深蓝"}
        assert class_tokens("qx-05") == []


def test_a_known_word_is_never_cut_by_one_of_the_shop() -> None:
    with hearing(SHELF.own_words):
        assert class_tokens("黑巧克力") == ["c:黑", "t:巧克力"]


def test_a_product_is_found_by_what_is_stored_of_an_own_word() -> None:
    assert as_kept("t:=咸鸭蛋") == "鸭蛋"
    assert as_kept("t:帐篷") == "t:帐篷"


@pytest.mark.parametrize(
    "text", ["顺丰包邮吗", "里面有什么", "面料怎么样", "买两包", "出油厉害", "1米长", "红包呢", "被老公拿走了"]
)
def test_a_sign_within_another_word_is_no_thing(text: str) -> None:
    assert not names_a_thing(text)


def test_a_property_is_asked_for_by_the_name_that_the_merchant_gave_it() -> None:
    assert [fact.line.text for fact in SHELF.called(GOODS[0], "R多少啊")] == ["3"]
    assert SHELF.called(GOODS[1], "R多少啊") == []
