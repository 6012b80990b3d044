"""Weighs some hundred candidates by all their words and characters at once, to pick the few that are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.index import Query
from yingke.knowledge.large.counted import Counted
from yingke.knowledge.large.terms_kept import PAIR_HASH, char_hash, concept_hash, counts_of, word_hash
from yingke.knowledge.large.wanted_terms import asked_terms
from yingke.knowledge.postings import saturated
from yingke.knowledge.ranking.weights import OF_PAIR, OF_PASSAGE, PAIR_OF_CHARACTERS

_WORD, _ONE, _TWO, _CONCEPT, _PAIR = range(5)
"""Kinds of terms: words, single characters, two of them, concepts, and what a stored question is known by."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A candidate with those terms of the question that it holds, and their counts."""

    passage_id: int
    bent_length: float
    words: dict[str, float]
    chars: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's terms in the order of their hashes."""

    names: list[tuple[int, str]]
    kinds: NDArray[np.int8]
    hashes: NDArray[np.uint32]
    weights: NDArray[np.float64]

    def whole(self, kind: int) -> float:
        """What all the question's terms of this kind tell together."""
        return float(self.weights[self.kinds == kind].sum())


def look_closer(
    query: Query, bent: NDArray[np.float32], rows: Sequence[Any], words: Counted, chars: Counted, most: int
) -> list[Picked]:
    """The best `most` of `rows` (passage_id, similarity to the question's `bent` vector, hashes, counts, lengths)."""
    if not rows:
        return []
    asked = _asked(query, words, chars)
    hashes = np.frombuffer(b"".join(row["hashes"] for row in rows), dtype="<u4")
    row_of = np.repeat(np.arange(len(rows)), [len(row["counts"]) for row in rows])
    at = np.minimum(np.searchsorted(asked.hashes, hashes), len(asked.hashes) - 1)
    hit = np.flatnonzero(asked.hashes[at] == hashes)
    counts = counts_of(b"".join(row["counts"] for row in rows))
    held = _Held(at[hit], row_of[hit], counts[hit], len(rows))
    lengths = np.array([row["lengths"] for row in rows], dtype=np.float32)
    near = np.array([row["similarity"] for row in rows]) * lengths[:, 2] * float(np.linalg.norm(bent))
    scores = _scores(asked, held, near, lengths[:, :2] / np.maximum([words.mean_length, chars.mean_length], 1.0))
    best = np.argsort(-scores)[:most].tolist()
    each = zip(best, held.of(best), strict=True)
    return [_pick(int(rows[one]["passage_id"]), float(lengths[one, 2]), asked, *terms) for one, terms in each]


@dataclass(frozen=True, slots=True)
class _Held:
    """Which of the question's terms which row holds, and how often; `rows` ascend."""

    at: NDArray[np.intp]
    rows: NDArray[np.intp]
    counts: NDArray[np.float32]
    size: int

    def of(self, rows: Sequence[int]) -> list[tuple[NDArray[np.intp], NDArray[np.float32]]]:
        """For each of `rows`: which terms, and how often."""
        bounds = np.searchsorted(self.rows, np.arange(self.size + 1)).tolist()
        spans = [slice(bounds[row], bounds[row + 1]) for row in rows]
        return [(self.at[span], self.counts[span]) for span in spans]

    def added(self, which: NDArray[np.bool_], worth: NDArray[Any]) -> NDArray[np.float64]:
        """Row by row."""
        return np.bincount(self.rows[which], weights=worth, minlength=self.size).astype(np.float64)


def _scores(asked: _Asked, held: _Held, near: NDArray[Any], relative: NDArray[Any]) -> NDArray[np.float64]:
    """`relative` are the rows' lengths in words and in characters against the mean."""
    kinds = asked.kinds[held.at]

    def weight(kind: int, column: int) -> NDArray[np.float64]:
        which = kinds == kind
        worth = saturated(held.counts[which], relative[held.rows[which], column], 1.0)
        return held.added(which, worth * asked.weights[held.at[which]])

    word = weight(_WORD, 0) / max(asked.whole(_WORD), 1e-6)
    one, two = weight(_ONE, 1), weight(_TWO, 1)
    one_whole, two_whole = asked.whole(_ONE), asked.whole(_TWO)
    concept = held.added(kinds == _CONCEPT, held.counts[kinds == _CONCEPT]) / max(asked.whole(_CONCEPT), 1e-6)
    is_pair = held.added(kinds == _PAIR, held.counts[kinds == _PAIR]) > 0
    full = PAIR_OF_CHARACTERS
    char = np.where(
        is_pair,
        (one + two) / max(one_whole + two_whole, 1e-6),
        (one + two / full) / max(one_whole + two_whole / full, 1e-6),
    )
    weights = np.where(is_pair[:, None], OF_PAIR, OF_PASSAGE)
    return np.asarray((weights * np.stack([near, word, char, concept], axis=1)).sum(axis=1))


def _pick(
    passage_id: int, bent_length: float, asked: _Asked, at: NDArray[np.intp], counts: NDArray[np.float32]
) -> Picked:
    words: dict[str, float] = {}
    chars: dict[str, float] = {}
    for position, count in zip(at.tolist(), counts.tolist(), strict=True):
        kind, term = asked.names[position]
        if kind == _WORD:
            words[term] = count
        elif kind in (_ONE, _TWO):
            chars[term] = count
    return Picked(passage_id, bent_length, words, chars)


def _asked(query: Query, words: Counted, chars: Counted) -> _Asked:
    asked_words, asked_chars = asked_terms(query)
    found: list[tuple[int, int, str, float]] = [
        *((word_hash(term), _WORD, term, weight) for term, weight in _weights(asked_words, words)),
        *(
            (char_hash(term), _ONE if len(term) == 1 else _TWO, term, weight)
            for term, weight in _weights(asked_chars, chars)
        ),
        *((concept_hash(one), _CONCEPT, str(one), 1.0) for one in query.concepts),
        (PAIR_HASH, _PAIR, "", 0.0),
    ]
    found.sort()
    return _Asked(
        [(kind, term) for _, kind, term, _ in found],
        np.array([kind for _, kind, _, _ in found], dtype=np.int8),
        np.array([number for number, _, _, _ in found], dtype=np.uint32),
        np.array([weight for _, _, _, weight in found]),
    )


def _weights(terms: Mapping[str, float], counted: Counted) -> list[tuple[str, float]]:
    return [(term, times * counted.rarity(counted.holders(term))) for term, times in terms.items()]
