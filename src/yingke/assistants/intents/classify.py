"""Says what a message wants, with the weights that travel with the package (`tools/train_intents.py` makes them)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.intents.features import BEFORE_SLOTS, BEFORE_VECTOR_SHARE, TEXT_SLOTS, Vector, features
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


def classify(text: str, vector: Vector, before: str = "", before_vector: Vector | None = None) -> Intent:
    """About 0.1 ms. `vector` is that of `fold(text)`; `before` the other side's last line, `before_vector` its vector,
    needed only when `features.needs_before(text)`."""
    found = features(text, vector, before, before_vector)
    weights = _weights()
    scores = weights.bias + found.vector @ weights.matrix[:DIMENSIONS] + found.values @ weights.matrix[found.places]
    if found.before is not None:
        start = DIMENSIONS + TEXT_SLOTS + BEFORE_SLOTS
        scores = scores + BEFORE_VECTOR_SHARE * (found.before @ weights.matrix[start : start + DIMENSIONS])
    shares = np.exp(scores - scores.max())
    best = int(shares.argmax())
    return Intent(LABELS[best], float(shares[best] / shares.sum()))


@cache
def _weights() -> _Weights:
    with files("yingke.assistants.intents").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        return _Weights(stored["matrix"].astype(np.float32), stored["bias"].astype(np.float32))
