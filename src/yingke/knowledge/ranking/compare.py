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
    """A stored question in all its ways; `terms`: of each twice the numbers of its terms, and one more than that for those
    that only the answer holds."""

    traits: tuple[tuple[float, bool, bool], ...]
    terms: tuple[Numbers, ...]


def read_phrasing(folded: str) -> Phrasing:
    said = _SIGNS.sub("", plain(folded))
    return Phrasing(said, (math.log(max(1, len(folded))), denies(said), _HAN.search(folded) is not None))


def read_asked(folded: str, rarities: Callable[[Iterable[str]], list[float]]) -> Asked:
    """`rarities` tells how much each of some terms tells."""
    phrasing = read_phrasing(folded)
    single = list(dict.fromkeys(phrasing.said))
    known = set(single)
    pairs = [pair for pair in dict.fromkeys(bigrams(phrasing.said)) if pair not in known]
    weights = rarities(single)
    weights += [PAIR_OF_CHARACTERS * rarity for rarity in rarities(pairs)]
    total = sum(weights) or 1.0
    return Asked(phrasing, dict(zip([*single, *pairs], [weight / total for weight in weights], strict=True)))


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
        return Stored(tuple(way.traits for way in ways), tuple(self._number(one, told - one) for one in said))

    def likenesses(self, asked: Asked, stored: Sequence[Stored]) -> list[float]:
        """What the best phrasing of each adds to the score of its entry, about -0.07 to 0.18. Some 30 µs for two dozen."""
        each = [terms for one in stored for terms in one.terms]
        if not each:
            return [-_LENGTH * _OTHER_LETTERS] * len(stored)
        shared = iter(self._shared(asked, each))
        size, is_denial, is_han = asked.phrasing.traits
        found: list[float] = []
        for one in stored:
            best = None
            for other_size, other_denial, other_han in one.traits:
                alike = next(shared)
                if is_han != other_han:
                    alike = -_LENGTH * _OTHER_LETTERS
                else:
                    alike -= _LENGTH * min(abs(other_size - size), _MOST_APART)
                    if is_denial != other_denial:
                        alike -= _DENIAL
                if best is None or alike > best:
                    best = alike
            found.append(-_LENGTH * _OTHER_LETTERS if best is None else best)
        return found

    def _shared(self, asked: Asked, each: Sequence[Numbers]) -> list[float]:
        """What the terms that it shares with the question add, for each of the ways."""
        numbers = self._numbers
        weights = np.zeros(2 * len(numbers) + 2)
        places = np.array([numbers.get(term, 0) for term in asked.shares], dtype=np.intp)
        places *= 2
        shares = np.array([*asked.shares.values()])
        weights[places] = _SHARED * shares
        weights[places + 1] = _ANSWERED * shares
        weights[:2] = 0.0
        starts = [0, *accumulate([len(one) for one in each[:-1]])]
        summed: list[float] = np.add.reduceat(weights.take(np.concatenate(each)), starts).tolist()
        return summed

    def _number(self, said: Iterable[str], told: Iterable[str]) -> Numbers:
        """Never none: nought stands for no term."""
        numbers = self._numbers
        own = sorted(2 * numbers.setdefault(term, len(numbers) + 1) for term in said)
        return np.array(
            [0, *own, *sorted(2 * numbers.setdefault(term, len(numbers) + 1) + 1 for term in told)], np.int32
        )


def _terms(said: str) -> set[str]:
    return {*said, *map("".join, pairwise(said))}
