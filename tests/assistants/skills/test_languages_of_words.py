"""The sentences of the skills in the customer's language: his table, English where there is none, the merchant's own first."""

import pytest

from yingke.assistants.skills.pieces.words import ABROAD, known_words, say_so
from yingke.assistants.team_versions.config import OwnSentence, TeamConfig
from yingke.assistants.team_versions.sentences import tones
from yingke.assistants.team_versions.version import TeamVersion
from yingke.kit.tongues.tongue import languages, wordings


@pytest.mark.parametrize(("tag", "holds"), [("ja", "下4桁"), ("ko-KR", "4자리"), ("es", "cuatro últimas cifras")])
def test_what_is_said_most_is_said_in_the_language(tag: str, holds: str) -> None:
    asked = say_so("ask_tail", tag, 0, None, number="QX-1")
    assert holds in asked
    assert "QX-1" in asked


def test_a_language_without_a_table_is_answered_in_english() -> None:
    assert say_so("ask_number", "fi", 0) in known_words()["ask_number"]["en"]


def test_what_a_merchant_says_instead_is_not_undone_by_our_translation() -> None:
    mine = TeamVersion(1, TeamConfig(sentences={"ask_number": OwnSentence(zh="", en="Number, please.")})).wordings
    assert say_so("ask_number", "ja", 0, mine) == "Number, please."
    assert mine["ask_number"][ABROAD] == ["Number, please."]
    assert say_so("ask_number", "fi", 0, mine) == "Number, please."


@pytest.mark.parametrize("language", sorted(languages()))
def test_the_tone_of_a_team_makes_nobody_read_english(language: str) -> None:
    for tone, toned in tones().items():
        said = TeamVersion(1, TeamConfig(tone=tone)).wordings  # type: ignore[arg-type]
        for key in set(toned) - {"closing"}:
            assert said[key]["en"]
            ours = wordings(key, language)
            blanks = {name: "x" for name in ("number", "left", "ways", "purpose", "products", "product", "items", "what",
                                             "orders", "request", "total", "lines", "name", "count")}  # fmt: skip
            assert say_so(key, language, 0, said, **blanks) == ours[0].format(**blanks)
