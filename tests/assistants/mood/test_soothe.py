"""Comfort goes before the answer, in the customer's language, varied, and never in two answers running."""

import pytest

from tests.assistants.mood.counter import Counter, Speaker, counter, open_counter
from tests.conftest import Ground
from yingke.assistants.engine import Said
from yingke.assistants.mood.soothe import is_comfort, soothe

__all__ = ["counter"]
LANGUAGES = ("zh", "zh-Hant", "en", "ja", "ko", "es", "fr", "de", "pt", "it", "ru", "th", "vi", "ar")
UPSET = "还没到，急死了，真让人失望"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mood", ["anxious", "disappointed"])
def test_there_are_several_sentences_in_every_language(mood: str, language: str) -> None:
    said = {soothe(mood, 0.9, language, (), number, UPSET) for number in range(12)}  # type: ignore[arg-type]
    assert len(said) >= 2
    assert all(is_comfort(text) for text in said)


@pytest.mark.parametrize("mood", ["calm", "satisfied", "angry", None])
def test_nobody_else_is_comforted(mood: str | None) -> None:
    assert soothe(mood, 0.9, "zh", (), 1, UPSET) == ""  # type: ignore[arg-type]


def test_a_language_without_sentences_of_its_own_is_comforted_in_english() -> None:
    assert soothe("anxious", 0.9, "fi", (), 1, "myöhässä").isascii()


def test_whoever_was_just_comforted_is_not_comforted_again() -> None:
    first = soothe("anxious", 0.9, "zh", (), 1, UPSET)
    history = (Said("contact", "急"), Said("assistant", f"{first}\n16:00 前付款当天发。"), Said("contact", "急死了"))
    assert soothe("anxious", 0.9, "zh", history, 2, UPSET) == ""
    assert soothe("anxious", 0.9, "zh", (*history, Said("assistant", "好的。")), 2, UPSET) != ""


@pytest.mark.parametrize(
    "said",
    [
        "两人帐挤不挤", "会不会漏水", "我怕辣，有不辣的吗", "坏了谁修", "你是机器人吧", "四人帐有优惠了叫我一声", "能不能配我那个旧的天幕杆",
        "hey is the 2 person tent waterproof", "杯子我自己摔碎了，想再买一个", "不急，慢慢来", "哈喽今天终于放假啦",
    ],
)  # fmt: skip
def test_who_has_nothing_against_us_in_his_words_is_asked_no_pardon(said: str) -> None:
    assert soothe("disappointed", 0.95, "zh", (), 1, said) == ""
    assert soothe("anxious", 0.95, "en", (), 1, said) == ""


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ("等了十天还没收到", ("等", "送达")),
        ("锅收到就是裂的", ("问题", "坏了")),
        ("给我发错颜色了，唉", ("对不上", "不对")),
        ("问了三遍没人回我", ("照顾", "遍")),
        ("刚买完就降价了，心里不舒服", ("钱",)),
    ],
)
def test_comfort_fits_what_happened(said: str, fits: tuple[str, ...]) -> None:
    text = soothe("disappointed", 0.9, "zh", (), 1, said)
    assert any(word in text for word in fits)


def test_no_sentence_of_comfort_comes_twice_in_a_talk() -> None:
    history: tuple[Said, ...] = ()
    heard = []
    for number in range(9):
        text = soothe("disappointed", 0.9, "zh", history, number, "等了十天还没收到，太失望了")
        if text:
            heard.append(text)
        history = (*history, Said("assistant", f"{text}\n在查。" if text else "好的。"))
    assert len(heard) == len(set(heard)) >= 3


async def test_comfort_is_stored_and_shown_before_the_words(counter: Counter) -> None:
    counter.engine.trace, counter.engine.is_streaming = {"mood": ["anxious", 0.9]}, False
    counter.engine.words = ("16:00 前付款当天发。",)
    await counter.say("明天就要用了怎么办")
    await counter.until(lambda: counter.customer.messages)
    await counter.desk.close()
    text = (await counter.log())[1][1] or ""
    assert text.endswith("\n16:00 前付款当天发。")
    assert is_comfort(text)
    assert counter.customer.messages[0]["text"] == text


async def test_a_streamed_answer_begins_with_comfort_too(counter: Counter) -> None:
    counter.engine.words = ("16:00 前付款", "当天发。")
    counter.engine.trace = {"mood": ["anxious", 0.9]}
    await counter.say("急急急，明天就要用了，还没发货怎么办")
    await counter.until(lambda: counter.customer.messages)
    await counter.desk.close()
    shown = "".join(frame["text"] for _, frame in counter.customer.seen("reply_delta"))
    assert is_comfort(shown)
    assert (await counter.log())[1][1] == shown


async def test_a_merchant_who_wants_no_comfort_gets_none_in_a_streamed_answer_either(ground: Ground) -> None:
    counter = await open_counter(ground, None, Speaker(("16:00 前付款", "当天发。")), comforts=False)
    await counter.say("急急急，明天就要用了，还没发货怎么办")
    await counter.until(lambda: counter.customer.messages)
    await counter.desk.close()
    shown = "".join(frame["text"] for _, frame in counter.customer.seen("reply_delta"))
    assert shown == "16:00 前付款当天发。"
    assert (await counter.log())[1][1] == shown
