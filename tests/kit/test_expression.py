"""An expression answers as the pattern that it was made of, whatever the text: only faster where it cannot match."""

import gc
import random
import re
import sys
from pathlib import Path

import pytest

import yingke.assistants.guard
import yingke.assistants.team
import yingke.assistants.wants_person  # noqa: F401 - brings its expressions with it
from yingke.assistants.goods.aspects import known_aspects
from yingke.kit.expression import LONGEST, Expression, OneOf, expression, unmet
from yingke.kit.needed_pieces import needed_pieces

SENTENCES = (Path(__file__).parent.parent / "assistants" / "ordinary_sentences.txt").read_text("utf-8").splitlines()
BESIDE = (
    "",
    " ",
    "我想退货，顺便问问桌子有没有货",
    "WHERE IS MY ORDER YK-004217?",
    "手机尾号００４２，订单ｙｋ－００１２３４",
    "骗子店!马上退钱",
    "ﬁnd Ｗｈｅｒｅ Straße ΟΔΟΣ İstanbul ıs",
    "転送して、担当者をお願いします",
    "I AM 15 YEARS OLD",
)
LETTERS = [chr(code) for code in range(sys.maxunicode + 1) if chr(code).lower() != chr(code).upper()]


def _all_expressions() -> list[Expression]:
    known_aspects()
    return [one for one in gc.get_objects() if isinstance(one, Expression)]


def test_every_expression_of_the_house_finds_what_its_pattern_finds() -> None:
    found = _all_expressions()
    assert len(found) > 200
    texts = [*SENTENCES, *BESIDE, "。".join(SENTENCES)[: LONGEST + 50]]
    for one in found:
        plain = one.plain
        for text in texts:
            first, second = plain.search(text), one.search(text)
            assert (first and first.span()) == (second and second.span()), (plain.pattern[:60], text)


def test_what_an_expression_is_made_of_calls_for_it() -> None:
    """Sentences shuffled into each other hit more than sentences as they are."""
    chance = random.Random(4)
    found = _all_expressions()
    for _ in range(150):
        pieces = [
            text[chance.randrange(len(text) or 1) :][: chance.randint(1, 9)] for text in chance.choices(SENTENCES, k=4)
        ]
        text = "".join(pieces)
        for one in found:
            if one.plain.search(text):
                assert one.search(text), (one.plain.pattern[:60], text)


def test_all_ways_to_ask_agree_with_the_pattern() -> None:
    one = expression(r"退(?:货|款)了?|(\d+)\s*件|\breturn\b", re.IGNORECASE)
    for text in ("退货了，还要3 件", "RETURN it", "2件2件", "发货", "", "退"):
        plain = one.plain
        assert [match.span() for match in one.finditer(text)] == [match.span() for match in plain.finditer(text)]
        assert one.findall(text) == plain.findall(text)
        assert one.sub("·", text, 1) == plain.sub("·", text, 1)
        assert one.split(text) == plain.split(text)
        for first, second in ((one.match(text), plain.match(text)), (one.fullmatch(text), plain.fullmatch(text))):
            assert (first and first.span()) == (second and second.span())


@pytest.mark.parametrize("letter", [*"abcdefghijklmnopqrstuvwxyz", "é", "ß", "ñ", "в", "σ", "ı", "ſ", "К"])
def test_letters_that_match_in_another_case_are_called_for(letter: str) -> None:
    one = expression(f"{letter}{letter}", re.IGNORECASE)
    for other in LETTERS:
        if one.plain.search(other * 2):
            assert one.search(other * 2), (letter, other)


def test_what_must_stand_in_a_match_is_read_from_its_parts() -> None:
    assert needed_pieces("多少钱|几钱", 0)[0] == {"少钱", "几钱"}
    assert set(needed_pieces("退.{0,4}(?:货|款)", 0)) == {frozenset("退"), frozenset("货款")}
    assert needed_pieces(r"\bREFUND\b", re.IGNORECASE)[0] <= {"re", "ef", "fu", "un", "nd"}
    assert needed_pieces(r"(?<!不)要?|换", 0) == ()
    assert needed_pieces(r"[^，]{2,}", 0) == ()


def test_a_long_text_is_simply_tried() -> None:
    assert unmet("退" * (LONGEST + 1)) == 0
    assert expression("货").search("退" * (LONGEST + 1) + "货")


def test_of_several_those_are_told_that_match_in_their_order() -> None:
    known = [(aspect.name, aspect.asks) for aspect in known_aspects()]
    several = OneOf(known)
    for text in (*SENTENCES[:300], "", "多重，防水吗", "WATERPROOF?", "退" * (LONGEST + 1)):
        told = [name for name, one in known if one.plain.search(text)]
        assert [name for name, _ in several.search(text)] == told
        assert several.first(text) == next(iter(told), None)
