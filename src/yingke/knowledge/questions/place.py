"""Puts a question to those that ask the same: meaning and concepts together, and a cluster never wanders off."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.concepts import find_asked, lexicon
from yingke.knowledge.fold import fold
from yingke.knowledge.understand import content_words

JOIN = 0.63
MERGE = 0.67
CONCEPTS = 0.3
STRANGE_WORDS = 0.12
"""Taken off when each of two questions has a telling word that the other lacks: one thing, but not one question."""
STEADY = 40
"""After so many questions the centre stays where it is: a cluster cannot drift over a year."""
_NEAREST = 12


@dataclass(slots=True)
class Cluster:
    """`id` 0 = not stored yet. `centre` has length one; `typical` is how near its shown question lies to the centre."""

    id: int
    question: str
    centre: NDArray[np.float32]
    times: int
    concepts: frozenset[int]
    is_changed: bool = False
    into: "Cluster | None" = None
    """Set when it was joined to another one."""

    @property
    def final(self) -> "Cluster":
        return self if self.into is None else self.into.final


def concepts_of(question: str) -> frozenset[int]:
    needed = lexicon().required
    found = find_asked(fold(question))
    return frozenset(found) if len(found) < 2 else frozenset(at for at in found if needed[at]) or frozenset(found)


@lru_cache(maxsize=20_000)
def words_of(question: str) -> frozenset[str]:
    """The telling words beside its concepts."""
    folded = fold(question)
    return frozenset(content_words(folded, find_asked(folded)))


class Sorter:
    """The clusters of one workspace while questions are put into them. A thousand centres cost 2 MB."""

    def __init__(self, clusters: Sequence[Cluster]) -> None:
        self.clusters = list(clusters)
        self._centres = np.zeros((max(64, 2 * len(clusters)), 512), dtype=np.float32)
        for at, cluster in enumerate(self.clusters):
            self._centres[at] = cluster.centre

    def place(self, question: str, vector: NDArray[np.float32]) -> Cluster:
        """The cluster that `question` joined, perhaps a new one. `vector` has length one."""
        concepts = concepts_of(question)
        at = self._best(vector, concepts, words_of(question), JOIN)
        if at is None:
            return self._add(Cluster(0, question, vector, 1, concepts, True))
        cluster = self.clusters[at]
        if cluster.times < STEADY:
            self._move(at, cluster.centre * cluster.times + vector)
        cluster.times += 1
        cluster.is_changed = True
        return cluster

    def join_alike(self) -> list[Cluster]:
        """Joins clusters whose centres have come close; those joined away, each with `into`. Only changed ones are
        looked at, so the work is bounded by the batch."""
        gone = []
        for at, cluster in enumerate(self.clusters):
            if not cluster.is_changed or cluster.into is not None:
                continue
            other = self._best(cluster.centre, cluster.concepts, words_of(cluster.question), MERGE, but=at)
            if other is None:
                continue
            into, away = (other, at) if self.clusters[other].times >= cluster.times else (at, other)
            kept, lost = self.clusters[into], self.clusters[away]
            if kept.times < STEADY:
                self._move(into, kept.centre * kept.times + lost.centre * min(lost.times, STEADY))
            kept.times += lost.times
            kept.is_changed = True
            lost.into = kept
            self._centres[away] = 0.0
            gone.append(lost)
        return gone

    def _best(
        self,
        vector: NDArray[np.float32],
        concepts: frozenset[int],
        words: frozenset[str],
        least: float,
        but: int | None = None,
    ) -> int | None:
        count = len(self.clusters)
        if not count:
            return None
        near = self._centres[:count] @ vector
        if but is not None:
            near[but] = -1.0
        # Concepts add half their weight at most: what lies further away can never reach `least`.
        top = [int(at) for at in np.argsort(-near)[:_NEAREST] if near[at] > least - CONCEPTS / 2]
        scored = [(float(near[at]) + _agreement(concepts, words, self.clusters[at]), at) for at in top]
        best = max(scored, default=(0.0, 0))
        return best[1] if best[0] >= least else None

    def _add(self, cluster: Cluster) -> Cluster:
        if len(self.clusters) == len(self._centres):
            self._centres = np.concatenate([self._centres, np.zeros_like(self._centres)])
        self._centres[len(self.clusters)] = cluster.centre
        self.clusters.append(cluster)
        return cluster

    def _move(self, at: int, towards: NDArray[np.float32]) -> None:
        centre = (towards / max(float(np.linalg.norm(towards)), 1e-6)).astype(np.float32)
        self.clusters[at].centre = self._centres[at] = centre


def _agreement(concepts: frozenset[int], words: frozenset[str], other: Cluster) -> float:
    """-0.15 for a question that wants something else, 0.15 for the same; where neither says, its telling words do."""
    either = len(concepts | other.concepts)
    if either:
        return CONCEPTS * (len(concepts & other.concepts) / either - 0.5)
    told = words_of(other.question)
    return -STRANGE_WORDS if words - told and told - words else 0.0
