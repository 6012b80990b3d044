"""The house speaks every language that it understands, wholly, with the same blanks to fill in."""

import re
import string
from pathlib import Path

import pytest

from yingke.assistants.skills.pieces.words import known_words
from yingke.commerce.words.foreign import LANGUAGES
from yingke.kit.tongues.tongue import day_in, in_tongue, languages, phrase_in, table_of, word_in, wordings

TABLES = sorted(languages())
SCRIPTS = {"ja": r"[\u3041-\u30ff\u4e00-\u9fff]", "ko": r"[\uac00-\ud7af]", "ru": r"[\u0400-\u04ff]",
           "th": r"[\u0e00-\u0e7f]", "ar": r"[\u0600-\u06ff]"}  # fmt: skip
APART = ("words", "phrases", "days")


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _sentences(language: str) -> dict[str, list[str]]:
    return {key: said for key, said in table_of(language).items() if key not in APART}


def test_every_language_that_is_understood_is_spoken() -> None:
    assert set(TABLES) == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("language", TABLES)
def test_every_sentence_word_phrase_and_month_is_there(language: str) -> None:
    like, here = table_of("es"), table_of(language)
    assert set(known_words()) - set(here) == set()
    for part in ({"": like}, {"": here}):
        assert all(part.values())
    assert set(here) == set(like)
    assert set(here["words"]) == set(like["words"])
    assert set(here["phrases"]) == set(like["phrases"])
    assert len(set(here["days"]["months"])) == 12


@pytest.mark.parametrize("language", TABLES)
def test_every_sentence_has_the_blanks_of_the_english_one(language: str) -> None:
    english = {key: said["en"] for key, said in known_words().items()}
    like = _sentences("es") | english
    for key, said in _sentences(language).items():
        wanted = [_names(one) for one in like[key]]
        assert said, key
        for one in said:
            assert _names(one) in wanted, (key, one)
            assert one.strip(), key
    for key, one in table_of(language)["words"].items():
        assert _names(one) == _names(table_of("es")["words"][key]), key
    for one, same in table_of(language)["phrases"].items():
        assert _names(one) == _names(same), one
    assert _names(table_of(language)["days"]["written"]) == {"day", "month"}


@pytest.mark.parametrize("language", TABLES)
def test_a_sentence_is_written_in_the_signs_of_its_language(language: str) -> None:
    """No Chinese punctuation among Latin letters, no letters of another language, and nothing left in English."""
    english = {
        one for said in known_words().values() for one in said["en"] if re.search(r"[a-z]", re.sub(r"\{\w+\}", "", one))
    }
    for key, said in _sentences(language).items():
        for one in said:
            assert one not in english, key
            plain = re.sub(r"\{\w+\}", "", one)
            if language in SCRIPTS and re.search(r"\w", plain):
                assert re.search(SCRIPTS[language], plain), (key, one)
            if language != "ja":
                assert not re.search(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uff60]", plain), (key, one)


def test_no_key_stands_in_the_tables_that_nobody_asks_for() -> None:
    source = "\n".join(path.read_text("utf-8") for path in Path("src/yingke").rglob("*.py"))
    stems = set(re.findall(r"f[\"'](\w+_)\{", source))
    for key in {*_sentences("es"), *table_of("es")["words"]} - set(known_words()):
        asked = f'"{key}"' in source or f"'{key}'" in source
        assert asked or any(key.startswith(stem) for stem in stems), key


def test_what_is_asked_for_is_found_in_the_language_or_in_its_own_words() -> None:
    assert in_tongue("handing_over", "zh-TW", "好的", "All right") == "好的"
    assert in_tongue("handing_over", "fi", "好的", "All right") == "All right"
    assert in_tongue("handing_over", "es-MX", "好的", "All right").startswith("De acuerdo")
    assert word_in("in_stock", "de", "有货", "in stock") == "auf Lager"
    assert phrase_in("40 off every 300 ×2", "ja") == "300 ごとに 40 引き ×2"
    assert phrase_in("Free shipping", "ko") == "무료 배송"
    assert phrase_in("a wholly new kind of offer", "ja") == "a wholly new kind of offer"
    assert phrase_in("40 off every 300", "fi") == "40 off every 300"
    assert (day_in(11, 25, "es"), day_in(11, 25, "ko"), day_in(11, 25, "fi")) == ("25 de noviembre", "11월 25일", None)
    assert wordings("words", "es") == []
