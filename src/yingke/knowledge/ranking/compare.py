"""Lays a question beside stored questions: the same words for the same meaning, as long, and neither denying what the
other affirms."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.fold import fold
from yingke.knowledge.ranking.plain import denies, plain
from yingke.knowledge.ranking.weights import PAIR_OF_CHARACTERS
from yingke.knowledge.terms import bigrams

_SHARED, _LENGTH, _DENIAL = 0.18, 0.045, 0.022
# What only the answer speaks of, such as the cases that a rule covers.
_ANSWERED = 0.1
_READ_OF_ANSWER = 600
_MOST_APART = 1.1
_OTHER_LETTERS = 0.5
_MOST_READ = 2048
"""Stored questions that are kept as they were read; some 3 KB each."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SIGNS = re.compile(r"[\W_]+")
Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to ask, in plain words."""

    said: str
    traits: tuple[float, bool, bool]
    """The logarithm of its length as it was written, whether it denies something, whether it is Chinese."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what each of its characters and pairs of characters tells; the shares add up to one."""

    phrasing: Phrasing
    shares: dict[str, float]


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored question in all its ways; `terms`: of each the numbers of its terms, then of those that only the answer
    holds."""

    traits: tuple[tuple[float, bool, bool], ...]
    terms: tuple[Numbers, ...]


def read_phrasing(folded: str) -> Phrasing:
    said = _SIGNS.sub("", plain(folded))
    return Phrasing(said, (math.log(max(1, len(folded))), denies(said), _HAN.search(folded) is not None))


def read_asked(folded: str, rarity: Callable[[str], float]) -> Asked:
    phrasing = read_phrasing(folded)
    weights = {character: rarity(character) for character in phrasing.said}
    for pair in bigrams(phrasing.said):
        if pair not in weights:
            weights[pair] = PAIR_OF_CHARACTERS * rarity(pair)
    total = sum(weights.values()) or 1.0
    return Asked(phrasing, {term: weight / total for term, weight in weights.items()})


class StoredQuestions:
    """The stored questions of one index as they were read when they first came near; may be shared between threads."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._read: dict[int, Stored] = {}

    def get(self, at: int, lines: Callable[[int], tuple[str, str]]) -> Stored:
        """`lines` gives what is written there: one way to ask in each line, and the answer."""
        found = self._read.get(at)
        if found is None:
            if len(self._read) >= _MOST_READ:
                self._read.clear()
            found = self._read[at] = self.read(*lines(at))
        return found

    def read(self, lines: str, answer: str) -> Stored:
        ways = [read_phrasing(fold(line)) for line in lines.splitlines() if line.strip()]
        told = _terms(plain(fold(answer[:_READ_OF_ANSWER])))
        said = [_terms(way.said) for way in ways]
        terms = tuple(self._number(some) for one in said for some in (one, told - one))
        return Stored(tuple(way.traits for way in ways), terms)

    def likenesses(self, asked: Asked, stored: Sequence[Stored]) -> list[float]:
        """What the best phrasing of each adds to the score of its entry, about -0.07 to 0.18. Some 60 µs for two dozen."""
        traits = [one for each in stored for one in each.traits]
        if not traits:
            return [-_LENGTH * _OTHER_LETTERS] * len(stored)
        numbers = self._numbers
        known = {numbers[term]: share for term, share in asked.shares.items() if term in numbers}
        weights = np.zeros(len(numbers) + 1)
        weights[list(known)] = list(known.values())
        said, told = _sums(weights, [some for each in stored for some in each.terms]).reshape(-1, 2).T
        size, is_denial, is_han = asked.phrasing.traits
        sizes, are_denials, are_han = np.array(traits, dtype=np.float64).T
        apart = np.minimum(np.abs(sizes - size), _MOST_APART)
        found = _SHARED * said + _ANSWERED * told - _LENGTH * apart - _DENIAL * (are_denials != is_denial)
        found[are_han != is_han] = -_LENGTH * _OTHER_LETTERS
        if len(traits) == len(stored) and all([each.traits for each in stored]):
            return list(found.tolist())
        each_way = iter(found.tolist())
        return [max([next(each_way) for _ in one.traits], default=-_LENGTH * _OTHER_LETTERS) for one in stored]

    def _number(self, terms: Iterable[str]) -> Numbers:
        """Never none: nought stands for no term."""
        numbers = self._numbers
        return np.array([0, *sorted(numbers.setdefault(term, len(numbers) + 1) for term in terms)], dtype=np.int32)


def _terms(said: str) -> set[str]:
    return {*said, *map("".join, pairwise(said))}


def _sums(weights: NDArray[np.float64], each: Sequence[Numbers]) -> NDArray[np.float64]:
    starts = [0, *accumulate(map(len, each[:-1]))]
    return np.asarray(np.add.reduceat(weights[np.concatenate(each)], starts))
