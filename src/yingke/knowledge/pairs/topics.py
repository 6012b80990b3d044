"""The bank of topics: what documents settle, and how shoppers ask for it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yingke.knowledge.fold import fold
from yingke.knowledge.pairs.draft import Language

_LONGEST_TITLE = 24


@dataclass(frozen=True, slots=True)
class Topic:
    """`of_thing`: its questions name the thing they are asked of."""

    name: str
    says: re.Pattern[str]
    titled: re.Pattern[str]
    of_thing: bool
    needs_figure: bool
    zh: tuple[str, ...]
    en: tuple[str, ...]

    def questions(self, language: Language, thing: str) -> tuple[str, ...]:
        """Empty where the topic is asked of a thing and none is known."""
        if language == "other" or (self.of_thing and not thing):
            return ()
        return tuple(text.replace("{thing}", thing) for text in (self.zh if language == "zh" else self.en))


@dataclass(frozen=True, slots=True)
class Column:
    """What is asked of a cell."""

    name: str
    column: re.Pattern[str]
    zh: tuple[str, ...]
    en: tuple[str, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """The more special first."""
    return tuple(
        Topic(
            name,
            re.compile(one["says"]),
            re.compile(one["titled"]),
            one.get("thing", False),
            one.get("figure", False),
            tuple(one["zh"]),
            tuple(one["en"]),
        )
        for name, one in _table("topics.toml").items()
    )


@cache
def columns() -> tuple[Column, ...]:
    """The most asked first."""
    return tuple(
        Column(name, re.compile(one["column"]), tuple(one["zh"]), tuple(one["en"]))
        for name, one in _table("cells.toml").items()
    )


def topic_of_sentence(sentence: str) -> Topic | None:
    """What a sentence settles; the first topic whose words it holds."""
    folded = fold(sentence)
    has_figure = any(mark.isdigit() for mark in folded)
    for topic in topics():
        if topic.says.search(folded) and (has_figure or not topic.needs_figure):
            return topic
    return None


def topic_of_heading(heading: str) -> Topic | None:
    """What a short heading announces; None for sentences and names of things."""
    folded = fold(heading)
    if len(folded) > _LONGEST_TITLE:
        return None
    return next((topic for topic in topics() if topic.titled.search(folded)), None)


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("yingke.knowledge.pairs").joinpath(name).read_text(encoding="utf-8"))
