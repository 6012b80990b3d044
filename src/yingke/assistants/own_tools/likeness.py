"""How surely a message asks for one of the tools: near to its examples, farther from what customers write on any day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.fold import fold

Vectors = NDArray[np.float32]
NEAR, NEAR_KNOWN = 0.36, 0.44
"""From these on a tool is meant; the latter where the knowledge has an answer too."""
OF_ORDINARY, OF_WORDS = 0.5, 0.08
BESIDE = 0.8
"""An ordinary line this near to an example is what the merchant's tool is for, and no other thing."""
MOST_WORDS = 2.0
REPEATED = 1.3
_RUNS = re.compile(r"[\u4e00-\u9fff]+|[a-z]{3,}|[a-z0-9]{4,}")


@cache
def ordinary() -> tuple[str, ...]:
    """What is asked in any shop."""
    lines = files("yingke.assistants.own_tools").joinpath("ordinary.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Examples:
    """Of one tool. `vectors` and `others` have rows of length one; `words`: what a word of the examples weighs."""

    vectors: Vectors
    others: Vectors
    words: Mapping[str, float]

    def score(self, vector: Vectors, text: str) -> float:
        """About 0 … 0.9; from NEAR on it is meant."""
        own = float((self.vectors @ vector).max())
        other = float((self.others @ vector).max()) if len(self.others) else 0.0
        said = words_of(text)
        telling = min(MOST_WORDS, sum(weight for word, weight in self.words.items() if word in said))
        return own - OF_ORDINARY * other + OF_WORDS * telling


def examples_of(texts: Sequence[str], vectors: Vectors, ordinary_vectors: Vectors) -> Examples:
    """`vectors` of the folded `texts`, `ordinary_vectors` of the folded `ordinary()`."""
    near = (ordinary_vectors @ vectors.T).max(axis=1) >= BESIDE
    heard: dict[str, int] = {}
    for text in texts:
        for word in words_of(text):
            heard[word] = heard.get(word, 0) + 1
    weights = {word: (REPEATED if times > 1 else 1.0) / (1 + _usual().get(word, 0)) for word, times in heard.items()}
    return Examples(vectors, ordinary_vectors[~near], weights)


def words_of(text: str) -> frozenset[str]:
    """Pairs of Chinese signs, words of letters, numbers with letters."""
    found: set[str] = set()
    for run in _RUNS.findall(fold(text).lower()):
        is_chinese = "\u4e00" <= run[0] <= "\u9fff"
        found |= {run[at : at + 2] for at in range(len(run) - 1)} if is_chinese else {run}
    return frozenset(found)


@cache
def _usual() -> dict[str, int]:
    """How many ordinary lines hold a word."""
    counted: dict[str, int] = {}
    for line in ordinary():
        for word in words_of(line):
            counted[word] = counted.get(word, 0) + 1
    return counted
