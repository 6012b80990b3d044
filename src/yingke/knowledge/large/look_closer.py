"""Weighs some hundred candidates by all their words and characters at once, to pick the few that are judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.index import Query
from yingke.knowledge.large.counted import Counted
from yingke.knowledge.large.terms_kept import char_hash, concept_hash, counts_of, word_hash
from yingke.knowledge.postings import saturated

# As the index in memory weighs them before names are looked at.
_MEANING, _WORD, _CHAR, _CONCEPT = 0.58, 0.12, 0.36, 0.22
_Kind = Literal["word", "char", "concept"]


@dataclass(frozen=True, slots=True)
class Picked:
    """A candidate with those terms of the question that it holds, and their counts."""

    passage_id: int
    words: dict[str, float]
    chars: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The question's terms in the order of their hashes."""

    names: list[tuple[_Kind, str]]
    kinds: NDArray[np.str_]
    hashes: NDArray[np.uint32]
    weights: NDArray[np.float64]


def look_closer(query: Query, rows: Sequence[Any], words: Counted, chars: Counted, most: int) -> list[Picked]:
    """The best `most` of `rows` (passage_id, similarity, hashes, counts, lengths)."""
    if not rows:
        return []
    asked = _asked(query, words, chars)
    hashes = np.frombuffer(b"".join(row["hashes"] for row in rows), dtype="<u4")
    counts = counts_of(b"".join(row["counts"] for row in rows))
    row_of = np.repeat(np.arange(len(rows)), [len(row["counts"]) for row in rows])
    at = np.minimum(np.searchsorted(asked.hashes, hashes), len(asked.hashes) - 1)
    hit = np.flatnonzero(asked.hashes[at] == hashes)
    at, row_of, counts = at[hit], row_of[hit], counts[hit]
    lengths = np.array([row["lengths"] for row in rows], dtype=np.float32)
    is_word, is_concept = asked.kinds[at] == "word", asked.kinds[at] == "concept"
    length = np.where(is_word, lengths[row_of, 0], lengths[row_of, 1])
    mean = np.where(is_word, words.mean_length, chars.mean_length)
    worth = np.where(is_concept, counts, saturated(counts, length / np.maximum(mean, 1.0), 1.0)) * asked.weights[at]
    scores = _MEANING * np.array([row["similarity"] for row in rows]) + np.bincount(
        row_of, weights=worth, minlength=len(rows)
    )
    best = np.argsort(-scores)[:most]
    return [_pick(int(rows[one]["passage_id"]), asked, at[row_of == one], counts[row_of == one]) for one in best]


def _pick(passage_id: int, asked: _Asked, at: NDArray[np.intp], counts: NDArray[np.float32]) -> Picked:
    found: dict[_Kind, dict[str, float]] = {"word": {}, "char": {}, "concept": {}}
    for position, count in zip(at.tolist(), counts.tolist(), strict=True):
        kind, term = asked.names[position]
        found[kind][term] = count
    return Picked(passage_id, found["word"], found["char"])


def _asked(query: Query, words: Counted, chars: Counted) -> _Asked:
    share = 1.0 / max(1, len(query.concepts))
    found: list[tuple[int, _Kind, str, float]] = [
        *((word_hash(term), "word", term, weight) for term, weight in _shares(query.words, words, _WORD)),
        *((char_hash(term), "char", term, weight) for term, weight in _shares(query.chars, chars, _CHAR)),
        *((concept_hash(one), "concept", str(one), _CONCEPT * share) for one in query.concepts),
    ]
    found = sorted(found) or [(0, "word", "", 0.0)]
    return _Asked(
        [(kind, term) for _, kind, term, _ in found],
        np.array([kind for _, kind, _, _ in found]),
        np.array([number for number, _, _, _ in found], dtype=np.uint32),
        np.array([weight for _, _, _, weight in found]),
    )


def _shares(terms: Mapping[str, float], counted: Counted, share: float) -> list[tuple[str, float]]:
    weights = [(term, times * counted.rarity(counted.holders(term))) for term, times in terms.items()]
    total = sum(weight for _, weight in weights) or 1.0
    return [(term, share * weight / total) for term, weight in weights]
