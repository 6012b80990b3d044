"""What was meant is read from what was typed, and every change is noted."""

import pytest

from yingke.knowledge.correcting.correct import Confusions, common_confusions, correct
from yingke.knowledge.read_question import read_question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("我要退快", "我要退款"), ("什么时候发或", "什么时候发货"), ("尺马怎么选", "尺码怎么选"), ("优汇券能用吗", "优惠券能用吗"),
        ("快弟到哪了", "快递到哪了"), ("退货地止", "退货地址"), ("包有吗", "包邮吗"),
    ],
)  # fmt: skip
def test_a_word_typed_by_its_sound_is_read_as_the_word_of_the_shop(typed: str, meant: str) -> None:
    (read,), corrections = correct([typed], common_confusions())
    assert read == meant
    assert [one.kind for one in corrections] == ["typo"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shenme shihou fahuo", "什么时候发货"), ("tuikuan", "退款"), ("duoshaoqian", "多少钱"),
        ("ni men ji dian shangban", "你们几点上班"), ("You Meiyou Youhuiquan?", "有没有优惠券"),
    ],
)  # fmt: skip
def test_chinese_in_latin_letters_is_read_as_chinese(typed: str, meant: str) -> None:
    (read,), (noted,) = correct([typed], common_confusions())
    assert read == meant
    assert noted.kind == "pinyin"


@pytest.mark.parametrize(
    "text",
    [
        "How long do you ship", "can i return it", "do you have men shoes", "size guide", "QX-T2", "hi", "能退快点吗", "你好",
        "红轴跟茶轴哪个声音小", "这个多少钱", "羽绒服跑毛吗", "退款多久到账", "我要换货", "",
    ],
)  # fmt: skip
def test_what_is_written_rightly_stays(text: str) -> None:
    assert correct([text], common_confusions()) == ((text,), ())


def test_traditional_characters_are_noted() -> None:
    understood = read_question(["帳篷會不會漏水"])
    assert understood.texts == ("帐篷会不会漏水",)
    assert [one.kind for one in understood.corrections] == ["traditional"]


def test_the_words_of_the_workspace_itself_are_known_too() -> None:
    own = Confusions.of(["蛋卷桌", "睡袋"])
    (read,), corrections = correct(["蛋卷卓多重"], own)
    assert read == "蛋卷桌多重"
    assert (corrections[0].was, corrections[0].now) == ("蛋卷卓", "蛋卷桌")
    assert correct(["蛋卷卓多重"], common_confusions())[1] == ()


def test_every_invented_question_that_is_written_rightly_stays() -> None:
    """An over-eager correction would be worse than none."""
    import pathlib

    shops = pathlib.Path(__file__).parent.parent.parent / "evals" / "shops"
    questions = [
        line[2:].partition(" => ")[0]
        for path in shops.glob("*/questions.txt")
        for line in path.read_text("utf-8").splitlines()
        if line
    ]
    changed = [one for question in questions for one in correct([question], common_confusions())[1]]
    assert len(questions) > 400
    assert {one.kind for one in changed} <= {"traditional"}
