"""Says how a customer feels in a message, with the weights that travel with the package (`tools/train_mood.py`)."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, tanh

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.mood.features import SLOTS, Vector, read_text
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
    """Of the vector, of the characters by their places, of the traits, and what is there before. Columns: the five moods,
    then sentiment."""

    vector: NDArray[np.float32]
    runs: NDArray[np.float32]
    traits: NDArray[np.float32]
    bias: NDArray[np.float32]


def sense(text: str, vector: Vector | None, before: Label | None = None) -> Mood:
    """Some 50 µs. `vector` is that of `fold(text)`; None (the encoder is away): words alone. `before` is the mood of
    the message before."""
    shares, sentiment = _shares(text, vector)
    if is_angry_at_once(text):
        return Mood("angry", max(0.95, shares[LABELS.index("angry")]), min(sentiment, -0.6))
    most = max(shares)
    label = LABELS[shares.index(most)]
    if before == "angry" and label == "disappointed" and shares[LABELS.index("angry")] > 0.25:
        label = "angry"
    return Mood(label, most, sentiment)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message by itself, for judging a whole conversation: shares 0..1, `sentiment` -1..1."""

    upset: float
    calm: float
    sentiment: float


def hear(text: str, vector: Vector | None) -> Heard:
    shares, sentiment = _shares(text, vector)
    share = dict(zip(LABELS, shares, strict=True))
    return Heard(share["disappointed"] + share["angry"] + 0.3 * share["anxious"], share["calm"], sentiment)


def sentiment_of(text: str, vector: Vector | None) -> float:
    """-1 (bad) … 1 (good), for any text about a purchase."""
    return _shares(text, vector)[1]


def _shares(text: str, vector: Vector | None) -> tuple[list[float], float]:
    """How likely each of `LABELS` is, 0..1, and the sentiment."""
    weights = _weights(with_vector=vector is not None)
    places, each, traits = read_text(text)
    scores = np.asarray(traits, dtype=np.float32) @ weights.traits
    scores += weights.bias
    if places:
        scores += each * np.add.reduce(weights.runs.take(places, axis=0), 0)
    if vector is not None:
        scores += vector @ weights.vector
    *moods, sentiment = scores.tolist()
    most = max(moods)
    grown = [exp(score - most) for score in moods]
    whole = sum(grown)
    return [one / whole for one in grown], tanh(sentiment / 4)


@cache
def _weights(*, with_vector: bool) -> _Weights:
    """In the file the columns with a vector come first, then those without one."""
    with files("yingke.assistants.mood").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        count = len(LABELS) + 1
        columns = slice(0, count) if with_vector else slice(count, 2 * count)
        matrix = np.ascontiguousarray(stored["matrix"][:, columns].astype(np.float32))
        bias = stored["bias"][columns].astype(np.float32)
    behind = DIMENSIONS + SLOTS
    return _Weights(matrix[:DIMENSIONS], matrix[:behind], matrix[behind:], bias)
