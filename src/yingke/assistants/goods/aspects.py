"""What is asked of a thing — its weight, whether rain gets in — and which of a shop's words answer that."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from yingke.kit.expression import Expression, OneOf, expression


@dataclass(frozen=True, slots=True)
class Aspect:
    """`less` and `more` are how a comparison asks for one end of the scale; None where there is no scale."""

    name: str
    en: str
    """How it is called to a customer who reads no Chinese."""
    asks: Expression
    names: Expression
    less: Expression | None = None
    more: Expression | None = None
    instead: tuple[str, ...] = ()
    """Aspects that its own words merely sound like: 「收起来多长」 is no question on the length."""
    examples: tuple[str, ...] = ()
    """How people ask it, for those who ask it otherwise."""
    also: tuple[str, ...] = ()
    """Aspects that tell something of it where the shop does not write it: how warm it is, of what it is made."""


def aspects_in(text: str) -> list[Aspect]:
    """Those that folded `text` asks for, in the order in which it does."""
    found = [(match.start(), one) for one, match in _asking().search(text)]
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


@cache
def _asking() -> OneOf[Aspect]:
    return OneOf([(one, one.asks) for one in known_aspects()])


def meant_of(aspects: Sequence[Aspect]) -> list[Aspect]:
    """Without those that another one stands for."""
    covered = {name for one in aspects for name in one.instead}
    return [one for one in aspects if one.name not in covered]


def instead_of(aspects: Sequence[Aspect]) -> tuple[Aspect, ...]:
    """What tells something of them where they are not written."""
    names = {name for one in aspects for name in one.also}
    return tuple(one for one in known_aspects() if one.name in names)


def scales_in(text: str) -> list[Aspect]:
    """Those of which folded `text` praises one end: 轻一点的, which is cheaper."""
    ends = ((one, end.search(text)) for one in known_aspects() for end in (one.less, one.more) if end is not None)
    return [one for one, found in ends if found]


@lru_cache(maxsize=4096)
def aspects_of(name: str) -> frozenset[str]:
    """Which aspects a shop's word for a property stands for: 舒适温标 → warmth, season."""
    return frozenset(one.name for one in known_aspects() if one.names.search(name))


@cache
def known_aspects() -> tuple[Aspect, ...]:
    read = tomllib.loads(files("yingke.assistants.goods").joinpath("aspects.toml").read_text("utf-8"))
    return tuple(
        Aspect(
            name,
            one["en"],
            _pattern(one["asks"]),
            _pattern(one["names"]),
            _scale(one, "less"),
            _scale(one, "more"),
            tuple(one.get("instead", ())),
            tuple(one.get("examples", ())),
            tuple(one.get("also", ())),
        )
        for name, one in read.items()
    )


def _pattern(words: str) -> Expression:
    return expression(words, re.IGNORECASE)


def _scale(one: dict[str, Any], key: str) -> Expression | None:
    return _pattern(one[key]) if key in one else None
