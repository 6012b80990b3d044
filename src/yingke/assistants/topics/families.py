"""What a few words mean behind what was just spoken of: 「打几折」 after 金卡, 「要等多久」 after an invoice."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yingke.kit.expression import Expression, expression


@dataclass(frozen=True, slots=True)
class Family:
    """`then`: words, and the plain question that they stand for; the first that are said count."""

    name: str
    concepts: frozenset[str]
    wishes: frozenset[str]
    unless: Expression
    then: tuple[tuple[Expression, str], ...]

    def meant(self, text: str) -> str:
        """The plain question; empty where `text` says nothing of the family."""
        if self.unless.search(text):
            return ""
        return next((ask for words, ask in self.then if words.search(text)), "")


def family_of(concepts: Collection[str], wish: str = "") -> Family | None:
    """Of what is wanted of an order, or of the concepts of a question or a heading."""
    every = families()
    if wish:
        return next((one for one in every if wish in one.wishes), None)
    return next((one for one in every if not one.concepts.isdisjoint(concepts)), None)


@cache
def families() -> tuple[Family, ...]:
    table: dict[str, Any] = tomllib.loads(
        files("yingke.assistants.topics").joinpath("families.toml").read_text("utf-8")
    )
    return tuple(
        Family(
            name,
            frozenset(one["concepts"]),
            frozenset(one.get("wishes", ())),
            expression(one["unless"]),
            tuple((expression(then["words"]), then["ask"]) for then in one["then"]),
        )
        for name, one in table.items()
    )
