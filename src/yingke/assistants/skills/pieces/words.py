"""The sentences of the skills, several wordings each, so that nobody hears the same one twice in a row."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from yingke.kit.tongues.tongue import wordings
from yingke.knowledge.not_knowing import shown_in

Wordings = Mapping[str, Mapping[str, list[str]]]
"""Key → language → wordings."""
ABROAD = "abroad"
"""The language of what a merchant wrote himself, for those who read neither Chinese nor English: it may hold other facts
than our sentence, so that it goes before ours. The mere tone of a team does not."""
_PIECES = "yingke.assistants.skills.pieces"


def say_so(key: str, tag: str, turn: int, instead: Wordings | None = None, **values: Any) -> str:
    """The sentence `key` in the customer's language: Chinese in his script, a language that the house has a table of,
    English for everybody else.

    `turn` chooses among the wordings; `instead` holds those that replace ours. Raises KeyError for a key or a value
    that does not exist.
    """
    language = "zh" if tag.startswith("zh") else "en"
    ours = wordings(key, tag)
    chosen = (instead or {}).get(key, {}).get(ABROAD if ours else language) or ours or known_words()[key][language]
    said = chosen[turn % len(chosen)].format(**values)
    return shown_in(said, tag) if language == "zh" else said


@cache
def known_words() -> dict[str, dict[str, list[str]]]:
    """All sentences as they are said unless a merchant or a tone says otherwise."""
    return tomllib.loads(files(_PIECES).joinpath("words.toml").read_text("utf-8"))
