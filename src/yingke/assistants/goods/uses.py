"""What somebody wants to do — sit, cook, see in the dark — and which kinds of things are for it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yingke.commerce.words.cut import class_spans, fold
from yingke.kit.expression import Expression, expression


@dataclass(frozen=True, slots=True)
class Use:
    """`kinds` as the search of goods keeps them: t:椅, t:凳 …"""

    says: Expression
    kinds: frozenset[str]
    examples: tuple[str, ...] = ()
    """How people tell it, for those who tell it otherwise."""
    is_vague: bool = False
    """Says so little that any other use counts before it."""


def kinds_for(text: str) -> frozenset[str]:
    """The kinds of things for what folded `text` wants to do; none where it says nothing of the sort."""
    said = [use for use in known_uses().values() if use.says.search(text)]
    plain = [use for use in said if not use.is_vague] or said
    return frozenset(kind for use in plain for kind in use.kinds)


@cache
def known_uses() -> dict[str, Use]:
    read = tomllib.loads(files("yingke.assistants.goods").joinpath("uses.toml").read_text("utf-8"))
    return {
        name: Use(
            expression(one["says"], re.IGNORECASE),
            frozenset(token for word in one["kinds"] for token, _, _ in class_spans(fold(word)) if token[0] == "t"),
            tuple(one.get("examples", ())),
            bool(one.get("is_vague", False)),
        )
        for name, one in read.items()
    }
