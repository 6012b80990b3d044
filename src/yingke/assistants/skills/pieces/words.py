"""The sentences of the skills, several wordings each, so that nobody hears the same one twice in a row."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from yingke.knowledge.not_knowing import shown_in

Wordings = Mapping[str, Mapping[str, list[str]]]
"""Key → language → wordings."""
_NAME = re.compile(r"\\{(\w+)\\}")
_PIECES = "yingke.assistants.skills.pieces"


def say_so(key: str, tag: str, turn: int, instead: Wordings | None = None, **values: Any) -> str:
    """The sentence `key` in the customer's language: Chinese in his script, a language that has a table in `languages/`
    as far as it goes, English for everybody else.

    `turn` chooses among the wordings; `instead` holds those that replace ours. Raises KeyError for a key or a value
    that does not exist.
    """
    language = "zh" if tag.startswith("zh") else "en"
    wordings = (instead or {}).get(key, {}).get(language) or _abroad(tag).get(key) or known_words()[key][language]
    said = wordings[turn % len(wordings)].format(**values)
    return shown_in(said, tag) if language == "zh" else said


def word_for(key: str, tag: str, chinese: str, english: str) -> str:
    """A word or a few that stand in a sentence, in the customer's language as `say_so` does."""
    if tag.startswith("zh"):
        return chinese
    words: dict[str, str] = _abroad(tag).get("words", {})
    return words.get(key, english)


def phrase_for(english: str, tag: str) -> str:
    """A phrase that other rooms say in English, such as an offer, in the customer's language; itself where none is known."""
    for pattern, translated in _phrases(tag.split("-")[0]):
        if found := pattern.fullmatch(english):
            return translated.format(**found.groupdict())
    return english


@cache
def known_words() -> dict[str, dict[str, list[str]]]:
    """All sentences as they are said unless a merchant or a tone says otherwise."""
    return tomllib.loads(files(_PIECES).joinpath("words.toml").read_text("utf-8"))


@cache
def languages() -> frozenset[str]:
    """Beside Chinese and English: the files of `languages/`."""
    return frozenset(one.name.removesuffix(".toml") for one in files(_PIECES).joinpath("languages").iterdir())


def _abroad(tag: str) -> dict[str, Any]:
    language = tag.split("-")[0]
    return table_of(language) if language in languages() else {}


@cache
def table_of(language: str) -> dict[str, Any]:
    """Of one of `languages`: key → wordings; `words`: key → a word; `phrases`: an English one → its translation."""
    return tomllib.loads(files(_PIECES).joinpath("languages", f"{language}.toml").read_text("utf-8"))


@cache
def _phrases(language: str) -> list[tuple[re.Pattern[str], str]]:
    """What stands in braces is any figure or name."""
    phrases: dict[str, str] = _abroad(language).get("phrases", {})
    return [(re.compile(_NAME.sub(r"(?P<\1>.+?)", re.escape(known))), said) for known, said in phrases.items()]
