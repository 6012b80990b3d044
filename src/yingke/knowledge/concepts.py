"""What a question asks about and what a passage tells, as sets of concepts."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from yingke.kit.recently import recently


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Concepts by position. `asked` and `said` map a literal to concept positions, keyed by its first character."""

    names: tuple[str, ...]
    required: NDArray[np.bool_]
    of_thing: NDArray[np.bool_]
    asked: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]
    said: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]
    patterns: tuple[tuple[int, re.Pattern[str]], ...]
    any_pattern: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The concepts of `concepts.toml`, read once."""
    table = tomllib.loads(files("yingke.knowledge").joinpath("concepts.toml").read_text(encoding="utf-8"))
    names = tuple(table)
    asked: dict[str, set[int]] = {}
    said: dict[str, set[int]] = {}
    patterns = []
    for position, concept in enumerate(table.values()):
        for literal in (*concept.get("both", ()), *concept.get("asks", ())):
            asked.setdefault(literal, set()).add(position)
        for literal in (*concept.get("both", ()), *concept.get("says", ())):
            said.setdefault(literal, set()).add(position)
        patterns += [(position, re.compile(pattern)) for pattern in concept.get("patterns", ())]
    return Lexicon(
        names,
        np.array([concept.get("required", False) for concept in table.values()]),
        np.array([concept.get("thing", False) for concept in table.values()]),
        _by_first(asked),
        _by_first(said),
        tuple(patterns),
        re.compile("|".join(pattern.pattern for _, pattern in patterns)),
    )


def _by_first(literals: Mapping[str, set[int]]) -> dict[str, tuple[tuple[str, tuple[int, ...]], ...]]:
    grouped: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for literal in sorted(literals, key=len, reverse=True):
        grouped.setdefault(literal[0], []).append((literal, tuple(literals[literal])))
    return {first: tuple(rest) for first, rest in grouped.items()}


def find_asked(folded: str) -> dict[int, tuple[str, ...]]:
    """Concept position → the words of the question that asked for it."""
    return dict(_asked(folded))


@recently
def _asked(folded: str) -> dict[int, tuple[str, ...]]:
    return _find(folded, lexicon().asked)


def find_said(folded: str) -> set[int]:
    """Concepts that a passage, sentence or cell touches."""
    words = lexicon()
    found = set(_find(folded, words.said))
    if words.any_pattern.search(folded):
        found.update(position for position, pattern in words.patterns if pattern.search(folded))
    return found


def _find(folded: str, literals: Mapping[str, tuple[tuple[str, tuple[int, ...]], ...]]) -> dict[int, tuple[str, ...]]:
    """Longest literal at each place, no overlaps, so that 漏发 is not 漏. Latin words must begin and end there."""
    found: dict[int, tuple[str, ...]] = {}
    at, end = 0, len(folded)
    while at < end:
        step = 1
        for literal, positions in literals.get(folded[at], ()):
            if folded.startswith(literal, at) and _whole(folded, at, at + len(literal)):
                for position in positions:
                    found[position] = (*found.get(position, ()), literal)
                step = len(literal)
                break
        at += step
    return found


def _whole(folded: str, start: int, end: int) -> bool:
    if not folded[start].isascii():
        return True
    before = start > 0 and folded[start - 1].isascii() and folded[start - 1].isalpha()
    after = end < len(folded) and folded[end].isascii() and folded[end].isalpha() and folded[end : end + 1] != "s"
    return not before and not after
