"""What a question asks of a thing, and which of a shop's words answer it."""

import pytest

from yingke.assistants.goods.aspects import aspects_in, aspects_of
from yingke.commerce.words.cut import fold


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("这个重不重啊", "weight"),
        ("我后备箱放得下吗", "size"),
        ("胖子坐得住不", "load"),
        ("淋雨没事吧", "water"),
        ("能机洗吗", "washing"),
        ("充一次亮多久", "running"),
        ("要自己打气么", "setting_up"),
        ("一包几条", "count"),
        ("保修几年", "warranty"),
        ("孕妇能用吗", "skin"),
        ("How heavy is it?", "weight"),
        ("Is it waterproof?", "water"),
    ],
)
def test_a_question_asks_for_an_aspect(question: str, aspect: str) -> None:
    assert aspect in {one.name for one in aspects_in(fold(question))}


@pytest.mark.parametrize(
    ("name", "aspect"),
    [
        ("净重", "weight"),
        ("收纳长度", "size"),
        ("桌面承重", "load"),
        ("防水等级", "water"),
        ("舒适温标", "warmth"),
        ("适合肤质", "skin"),
    ],
)
def test_a_shops_word_stands_for_an_aspect(name: str, aspect: str) -> None:
    assert aspect in aspects_of(name)


@pytest.mark.parametrize("words", ["你好", "什么时候发货", "能开发票吗", "在吗", "我要退货"])
def test_other_questions_ask_for_none(words: str) -> None:
    assert aspects_in(fold(words)) == []
