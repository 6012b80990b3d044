"""The sentences of the skills exist in both languages, vary, and follow the script."""

import tomllib
from importlib.resources import files
from string import Formatter

from yingke.assistants.skills.pieces.words import say_so

KNOWN = tomllib.loads(files("yingke.assistants.skills.pieces").joinpath("words.toml").read_text("utf-8"))


def test_every_sentence_exists_in_both_languages_with_the_same_names() -> None:
    for key, wordings in KNOWN.items():
        names = [
            {name.removesuffix("_en") for _, name, _, _ in Formatter().parse(one) if name}
            for language in ("zh", "en")
            for one in wordings[language]
        ]
        assert all(one == names[0] for one in names), key


def test_the_wording_changes_from_turn_to_turn_and_the_script_follows_the_customer() -> None:
    assert say_so("ask_number", "zh", 0) != say_so("ask_number", "zh", 1)
    assert "訂單 QX-1" in say_so("ask_tail", "zh-Hant", 0, number="QX-1")
    assert say_so("ask_tail", "fr", 0, number="QX-1").startswith("Pour protéger")
    assert say_so("ask_tail", "sv", 0, number="QX-1").startswith("To protect")
