"""The sentences of the skills, several wordings each, so that nobody hears the same one twice in a row."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from yingke.knowledge.not_knowing import shown_in

Wordings = Mapping[str, Mapping[str, list[str]]]
"""Key → language → wordings."""


def say_so(key: str, tag: str, turn: int, instead: Wordings | None = None, **values: Any) -> str:
    """The sentence `key` in the customer's language: Chinese in his script, English for everybody else.

    `turn` chooses among the wordings; `instead` holds those that replace ours. Raises KeyError for a key or a value
    that does not exist.
    """
    language = "zh" if tag.startswith("zh") else "en"
    wordings = (instead or {}).get(key, {}).get(language) or known_words()[key][language]
    said = wordings[turn % len(wordings)].format(**values)
    return shown_in(said, tag) if language == "zh" else said


@cache
def known_words() -> dict[str, dict[str, list[str]]]:
    """All sentences as they are said unless a merchant or a tone says otherwise."""
    text = files("yingke.assistants.skills.pieces").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)
