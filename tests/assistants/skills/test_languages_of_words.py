"""The sentences of the skills in languages of their own: complete in their names, English where they have none."""

import string

import pytest

from yingke.assistants.skills.pieces.words import known_words, languages, phrase_for, say_so, table_of, word_for


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_sentence_names_nothing_that_the_english_one_does_not(language: str) -> None:
    for key, wordings in known_words().items():
        allowed = set().union(*(_names(one) for one in [*wordings["en"], *wordings["zh"]]))
        said = say_so(key, language, 0, None, **{name: f"<{name}>" for name in allowed})
        assert said
        assert "{" not in said


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_sentence_is_translated_that_nobody_says(language: str) -> None:
    assert set(table_of(language)) - {"words", "phrases"} <= set(known_words())


def test_a_phrase_of_the_shops_offers_is_said_in_the_language_with_its_figures() -> None:
    assert phrase_for("40 off every 300 ×2", "ja") == "300 ごとに 40 引き ×2"
    assert phrase_for("Free shipping", "ko") == "무료 배송"
    assert phrase_for("a wholly new kind of offer", "ja") == "a wholly new kind of offer"
    assert phrase_for("40 off every 300", "fr") == "40 off every 300"


def test_japanese_and_korean_hear_what_is_said_most_in_their_own_language() -> None:
    asked = say_so("ask_tail", "ja", 0, None, number="QX-1")
    assert "下4桁" in asked
    assert "QX-1" in asked
    assert "4자리" in say_so("ask_tail", "ko-KR", 0, None, number="QX-1")
    assert word_for("in_stock", "ja", "有货", "in stock") == "在庫あり"


def test_other_languages_and_sentences_without_a_translation_are_english() -> None:
    assert say_so("ask_number", "fr", 0).startswith("Please")
    assert word_for("in_stock", "fr", "有货", "in stock") == "in stock"
    assert say_so("small_fun", "ja", 0) in known_words()["small_fun"]["en"]


def test_what_a_merchant_says_instead_is_not_undone_by_our_translation() -> None:
    instead = {"ask_number": {"en": ["Number, please."]}}
    assert say_so("ask_number", "ja", 0, instead) == "Number, please."
