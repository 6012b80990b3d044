"""Says what a message wants, with the weights that travel with the package (`tools/train_intents.py` makes them)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.intents.features import (
    BEFORE_SLOTS,
    BEFORE_VECTOR_SHARE,
    SIZE,
    TEXT_SLOTS,
    TRAIT_SHARE,
    TRAITS,
    Vector,
    line_of,
    needs_before,
    places_before,
    places_of,
    traits_of,
)
from yingke.assistants.intents.labels import LABELS
from yingke.knowledge.encoder_frames import DIMENSIONS


@dataclass(frozen=True, slots=True)
class Intent:
    """`confidence` 0..1 is the classifier's own; `label` is one of `labels.LABELS`."""

    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Weights:
    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]
    vector: NDArray[np.float32]
    """The parts of `matrix` that vectors and traits meet."""
    before: NDArray[np.float32]
    traits: NDArray[np.float32]


def classify(text: str, vector: Vector, before: str = "", before_vector: Vector | None = None) -> Intent:
    """Some 40 µs. `vector` is that of `fold(text)`; `before` the other side's last line, `before_vector` its vector,
    needed only when `features.needs_before(text)`. The same as the product of `features` and the weights."""
    weights = _weights()
    scores = vector @ weights.vector
    scores += weights.bias
    places, each = places_of(text)
    scores += each * np.add.reduce(weights.matrix.take(places, axis=0), 0)
    if traits := traits_of(text):
        scores += np.add.reduce(weights.traits.take(traits, axis=0), 0)
    if before:
        places, each = places_before(line_of(before))
        scores += each * np.add.reduce(weights.matrix.take(places, axis=0), 0)
        if before_vector is not None and needs_before(text):
            scores += before_vector @ weights.before
    each_label = scores.tolist()
    most = max(each_label)
    return Intent(LABELS[each_label.index(most)], 1.0 / sum([exp(score - most) for score in each_label]))


@cache
def _weights() -> _Weights:
    with files("yingke.assistants.intents").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        matrix, bias = stored["matrix"].astype(np.float32), stored["bias"].astype(np.float32)
    start = DIMENSIONS + TEXT_SLOTS + BEFORE_SLOTS
    before = matrix[start : start + DIMENSIONS] * np.float32(BEFORE_VECTOR_SHARE)
    return _Weights(matrix, bias, matrix[:DIMENSIONS], before, matrix[SIZE - TRAITS :] * np.float32(TRAIT_SHARE))
