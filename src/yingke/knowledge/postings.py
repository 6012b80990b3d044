"""Which entries hold a term, with BM25 weights worked out in advance."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_K1 = 1.2
_B = 0.35
# In a large knowledge a character of every fifth passage costs the most time and tells the least.
_TELLS_LITTLE, _LONG = 1.6, 1000
_MOST_SEEN = 4096
"""Terms of which the place in the arrays is kept ready; 0.3 KB each."""
_Held = tuple[NDArray[np.int32], NDArray[np.float64], float]


class Background(ABC):
    """How common terms are in the whole knowledge of which these entries are a part."""

    count: int
    """Entries of the whole."""
    mean_length: float
    """Of an entry, as the sum of its terms' counts."""

    @abstractmethod
    def holders(self, term: str) -> int:
        """How many entries of the whole hold `term`."""


class Postings:
    """Immutable. Scores are shares: 1.0 is an entry that holds every term of the question."""

    def __init__(
        self,
        documents: Sequence[Mapping[str, float]],
        background: Background | None = None,
        lengths: Sequence[float] | None = None,
    ) -> None:
        """`documents` holds how often each term occurs; fractions are allowed for weaker fields.

        With a `background`, rarities and the mean length are those of the whole that the documents come from.
        `lengths` are the sums of the counts, needed where `documents` names only some of the terms.
        """
        self.count = len(documents)
        self._background = background
        self._whole = background.count if background else self.count
        if lengths is None:
            lengths = [sum(terms.values()) for terms in documents]
        sizes_of = np.array(lengths, dtype=np.float32)
        mean = float(sizes_of.mean()) if len(sizes_of) and sizes_of.mean() > 0 else 1.0
        if background:
            mean = max(background.mean_length, 1.0)
        found: dict[str, tuple[list[int], list[float]]] = {}
        for position, terms in enumerate(documents):
            for term, times in terms.items():
                ids, counts = found.setdefault(term, ([], []))
                ids.append(position)
                counts.append(times)
        self._slots: dict[str, tuple[int, int, float]] = {}
        all_ids: list[int] = []
        all_counts: list[float] = []
        for term, (ids, counts) in found.items():
            holders = max(len(ids), background.holders(term)) if background else len(ids)
            self._slots[term] = (len(all_ids), len(all_ids) + len(ids), rarity_of(self._whole, holders))
            all_ids += ids
            all_counts += counts
        self._ids = np.array(all_ids, dtype=np.int32)
        times_ = np.array(all_counts)
        length = sizes_of[self._ids] if len(self._ids) else np.empty(0)
        rarities = np.array([rarity for _, _, rarity in self._slots.values()])
        sizes = np.array([end - start for start, end, _ in self._slots.values()], dtype=np.int64)
        weights = saturated(times_, length, mean)
        # float64 because bincount would convert a copy for every question.
        self._weights = weights * np.repeat(rarities, sizes)
        self._seen: dict[str, _Held] = {}
        self.unknown_rarity = rarity_of(self._whole, 0) if self._whole else 1.0

    @property
    def memory_bytes(self) -> int:
        """Arrays, and about 200 bytes for each term of the dictionary."""
        return int(self._ids.nbytes + self._weights.nbytes) + 200 * len(self._slots)

    def rarity(self, term: str) -> float:
        """How much a term tells; a term nobody wrote tells most."""
        slot = self._slots.get(term)
        return slot[2] if slot else self._rarity_elsewhere(term)

    def rarities(self, terms: Iterable[str]) -> list[float]:
        """Of each term its rarity."""
        slots = self._slots
        return [slots[term][2] if term in slots else self._rarity_elsewhere(term) for term in terms]

    def holds(self, term: str) -> bool:
        return term in self._slots or (self._background is not None and self._background.holders(term) > 0)

    def _rarity_elsewhere(self, term: str) -> float:
        return rarity_of(self._whole, self._background.holders(term)) if self._background else self.unknown_rarity

    def score(self, terms: Mapping[str, float]) -> NDArray[np.float32]:
        """The share of the question's weight that each entry holds; terms unknown everywhere count half."""
        held, whole = self.weigh(terms)
        return np.asarray(held / max(whole, 1e-6), dtype=np.float32)

    def weigh(self, terms: Mapping[str, float]) -> tuple[NDArray[np.float64], float]:
        """What each entry holds of the question's weight, and that weight."""
        ids: list[NDArray[np.int32]] = []
        weights: list[NDArray[np.float64]] = []
        spans: list[tuple[int, int, float]] = []
        begun, size, last, total = 0, 0, 1.0, 0.0
        long = _LONG if self._background is None or self._whole // 5 <= _LONG else -1
        for term, times in terms.items():
            held = self._seen.get(term) or self._look_up(term)
            if held is None:
                rarity = self._rarity_elsewhere(term)
                # In the whole it would be passed over, as below.
                if rarity < _TELLS_LITTLE and long < 0:
                    continue
                total += (0.5 if rarity == self.unknown_rarity else 1.0) * times * rarity
                continue
            holders, worth, rarity = held
            if rarity < _TELLS_LITTLE and len(holders) > long:
                continue
            total += times * rarity
            if times != last:
                # Terms that count alike stand together: all pairs of characters, then the characters.
                spans.append((begun, size, last))
                begun, last = size, times
            ids.append(holders)
            weights.append(worth)
            size += len(holders)
        if not ids:
            return np.zeros(self.count), total
        weighed = np.concatenate(weights)
        for begin, end, times in (*spans, (begun, size, last)):
            if times != 1.0:
                weighed[begin:end] *= times
        found = np.bincount(np.concatenate(ids), weights=weighed, minlength=self.count)
        return np.asarray(found, dtype=np.float64), total

    def _look_up(self, term: str) -> _Held | None:
        """Who holds `term`, what it is worth there, and its rarity; what was asked lately is at hand."""
        slot = self._slots.get(term)
        if slot is None:
            return None
        if len(self._seen) >= _MOST_SEEN:
            self._seen.clear()
        start, end, rarity = slot
        held = self._seen[term] = (self._ids[start:end], self._weights[start:end], rarity)
        return held


def rarity_of(count: int, holders: int) -> float:
    """How much a term tells that `holders` of `count` entries hold."""
    return math.log(1 + max(count - holders + 0.5, 0.5) / (holders + 0.5))


def saturated(
    times: NDArray[np.floating[Any]], lengths: NDArray[np.floating[Any]], mean: float
) -> NDArray[np.floating[Any]]:
    """BM25: what a term's count is worth in an entry of that length."""
    return times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths / mean))
