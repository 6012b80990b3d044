"""Says how a customer feels in a message, with the weights that travel with the package (`tools/train_mood.py`)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.mood.features import Features, Vector, features
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once
from yingke.assistants.mood.labels import LABELS, Label
from yingke.knowledge.encoder_frames import DIMENSIONS

SHORT = 8
"""A message of so few signs keeps the feeling of the one before when it carries none of its own."""


@dataclass(frozen=True, slots=True)
class Mood:
    """`confidence` 0..1 is the classifier's own; `sentiment` -1 (bad) … 1 (good)."""

    label: Label
    confidence: float
    sentiment: float = 0.0


@dataclass(frozen=True, slots=True)
class _Weights:
    """Columns: the five moods with a vector, the five without one, sentiment with and without."""

    matrix: NDArray[np.float32]
    bias: NDArray[np.float32]


def sense(text: str, vector: Vector | None, before: Label | None = None) -> Mood:
    """About 0.1 ms. `vector` is that of `fold(text)`; None (the encoder is away): words alone. `before` is the mood of
    the message before."""
    shares, sentiment = _shares(text, vector)
    if is_angry_at_once(text):
        return Mood("angry", max(0.95, float(shares[LABELS.index("angry")])), min(sentiment, -0.6))
    best = int(shares.argmax())
    label = LABELS[best]
    if before == "angry" and label == "disappointed" and shares[LABELS.index("angry")] > 0.25:
        label = "angry"
    return Mood(label, float(shares[best]), sentiment)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message by itself, for judging a whole conversation: shares 0..1, `sentiment` -1..1."""

    upset: float
    calm: float
    sentiment: float


def hear(text: str, vector: Vector | None) -> Heard:
    shares, sentiment = _shares(text, vector)
    share = dict(zip(LABELS, shares.tolist(), strict=True))
    return Heard(share["disappointed"] + share["angry"] + 0.3 * share["anxious"], share["calm"], sentiment)


def sentiment_of(text: str, vector: Vector | None) -> float:
    """-1 (bad) … 1 (good), for any text about a purchase."""
    return _shares(text, vector)[1]


def _shares(text: str, vector: Vector | None) -> tuple[NDArray[np.float32], float]:
    found, weights = features(text), _weights()
    count = len(LABELS)
    first = 0 if vector is not None else count + 1
    columns = slice(first, first + count + 1)
    scores = weights.bias[columns] + _sparse(found, weights.matrix[:, columns])
    if vector is not None:
        scores = scores + vector @ weights.matrix[:DIMENSIONS, columns]
    shares = np.exp(scores[:count] - scores[:count].max())
    return shares / shares.sum(), float(np.tanh(scores[count] / 4))


def _sparse(found: Features, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    product: NDArray[np.float32] = found.values @ matrix[found.places]
    return product


@cache
def _weights() -> _Weights:
    with files("yingke.assistants.mood").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        return _Weights(stored["matrix"].astype(np.float32), stored["bias"].astype(np.float32))
