"""The tables beside this file: a sentence by its key, a word within one, an English phrase, a day of the year.

Whoever speaks keeps his Chinese and English sentences himself and asks here for the others, by a key that says what the
sentence is. The folder is the registry: `de.toml` makes the house speak German.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_TABLES = "yingke.kit.tongues"
_NAME = re.compile(r"\\{(\w+)\\}")
_APART = ("words", "phrases", "days")


@cache
def languages() -> frozenset[str]:
    """Those with a table, such as de; neither Chinese nor English."""
    return frozenset(one.name.removesuffix(".toml") for one in files(_TABLES).iterdir() if one.name.endswith(".toml"))


@cache
def table_of(language: str) -> dict[str, Any]:
    """Of one of `languages`: key → wordings; `words`: key → a word or a few; `phrases`: an English one → the same here;
    `days`: how a day is written. Empty for other languages."""
    if language not in languages():
        return {}
    table = tomllib.loads(files(_TABLES).joinpath(f"{language}.toml").read_text("utf-8"))
    return {key: [said] if isinstance(said, str) else said for key, said in table.items()}


def wordings(key: str, tag: str) -> list[str]:
    """All ways to say the sentence in the language of `tag`; empty where it has no table."""
    found: list[str] = table_of(_plain(tag)).get(key, []) if key not in _APART else []
    return found


def in_tongue(key: str, tag: str, chinese: str, english: str) -> str:
    """The first wording in the customer's language: `chinese` for every Chinese, `english` for whom there is no table."""
    if tag.lower().startswith("zh"):
        return chinese
    return next(iter(wordings(key, tag)), english)


def word_in(key: str, tag: str, chinese: str, english: str) -> str:
    """As `in_tongue`, of a word or a few that stand in a sentence."""
    if tag.lower().startswith("zh"):
        return chinese
    known: dict[str, str] = table_of(_plain(tag)).get("words", {})
    return known.get(key, english)


def phrase_in(english: str, tag: str) -> str:
    """An English sentence with figures or names in it, such as an offer, in the customer's language; itself where none
    is known."""
    for pattern, said in _phrases(_plain(tag)):
        if found := pattern.fullmatch(english):
            return said.format(**found.groupdict())
    return english


def day_in(month: int, day: int, tag: str) -> str | None:
    """「25 de noviembre」; None for a language without a table."""
    days: dict[str, Any] = table_of(_plain(tag)).get("days", {})
    return days["written"].format(day=day, month=days["months"][month - 1]) if days else None


@cache
def _plain(tag: str) -> str:
    return tag.lower().split("-")[0].split("_")[0]


@cache
def _phrases(language: str) -> list[tuple[re.Pattern[str], str]]:
    """What stands in braces is any figure or name."""
    phrases: dict[str, str] = table_of(language).get("phrases", {})
    return [(re.compile(_NAME.sub(r"(?P<\1>.+?)", re.escape(known))), said) for known, said in phrases.items()]
