"""What a question is like: the uses and aspects whose examples it is near to, where none of their words stand in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.goods.aspects import Aspect, known_aspects
from yingke.assistants.goods.uses import known_uses

NEAR_USE, NEAR_WANTED, NEAR_ASPECT = 0.5, 0.44, 0.64
"""Cosines. Of 22 needs told by a situation 21 are above the first, and eight questions on terms below 0.47."""
BESIDE = 0.06
"""What is this much less near than the nearest is meant as well."""


def examples() -> list[str]:
    """All sentences, in the order in which `Likeness` takes their vectors."""
    return [one for _, some in _groups() for one in some]


@dataclass(frozen=True)
class Likeness:
    """`vectors`: a row of length one for each of `examples()`."""

    vectors: NDArray[np.float32]

    @cached_property
    def _labels(self) -> tuple[tuple[str, str], ...]:
        return tuple(label for label, some in _groups() for _ in some)

    def kinds(self, vector: NDArray[np.float32], *, wants: bool = False) -> frozenset[str]:
        """The kinds of things for what is wanted; none where it is like no use. `wants`: the words wish for something."""
        near = set(self._near(vector, "use", NEAR_WANTED if wants else NEAR_USE))
        return frozenset(kind for name, use in known_uses().items() if name in near for kind in use.kinds)

    def aspects(self, vector: NDArray[np.float32]) -> list[Aspect]:
        """What is asked of a thing, the nearest first."""
        near = self._near(vector, "aspect", NEAR_ASPECT)
        by_name = {one.name: one for one in known_aspects()}
        return [by_name[name] for name in near]

    def _near(self, vector: NDArray[np.float32], group: str, least: float) -> list[str]:
        scores: dict[str, float] = {}
        near = self.vectors @ vector
        for at in np.flatnonzero(near >= least).tolist():
            kind, name = self._labels[at]
            if kind == group:
                scores[name] = max(scores.get(name, 0.0), float(near[at]))
        best = max(scores.values(), default=0.0)
        return sorted(
            (name for name, score in scores.items() if score >= best - BESIDE), key=lambda name: -scores[name]
        )


def _groups() -> list[tuple[tuple[str, str], Sequence[str]]]:
    uses = [(("use", name), use.examples) for name, use in known_uses().items()]
    return [*uses, *((("aspect", one.name), one.examples) for one in known_aspects())]
