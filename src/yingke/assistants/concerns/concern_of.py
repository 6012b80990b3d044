"""Hears in a message what of the customer's own purchase it is about: a return, a late parcel, a bill to be put right.

The words come first (`skills/pieces/{wishes,problems,money_wishes}.py`) and need no encoder; they know what we thought
of. This hears the others. The weights travel with the package (`tools/train_concerns.py` makes them of our own
sentences in evals/concerns/train).
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.intents.features import TEXT_SLOTS, places_of
from yingke.kit.recently import recently
from yingke.knowledge.encoder_frames import DIMENSIONS

Name = Literal[
    "none", "rule", "track", "state", "carrier", "late", "not_received", "missing", "wrong", "broken", "quality", "extra",
    "service", "price", "return", "exchange", "refund", "repair", "cancel", "address", "take_back", "standing", "invoice",
    "invoice_state", "invoice_fix", "refund_state", "paid_twice", "pay_failed",
]  # fmt: skip
CONCERNS: Final[tuple[Name, ...]] = Name.__args__  # type: ignore[attr-defined]
"""The order of the outputs. `none`: goods, prices, chat; `rule`: how such things are done in general."""
NONE, RULE = 0, 1
RUNS_SHARE: Final = 0.4
"""How much the characters count beside the vector."""
CLEARLY: Final = 0.97
"""So sure by the vector alone that it is about nothing of one's own: its characters need not be read."""
Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Concern:
    """`own`: how likely it is the customer's own purchase at all, `sure`: that and this concern of it; `rule`: a question
    of how such things are done."""

    name: Name
    sure: float
    own: float
    rule: float


def concern_of(text: str, vector: Vector) -> Concern:
    """`vector` is that of `fold(text)`. Some 25 µs, less for what is plainly about something else, and for what was heard a
    moment ago. `name` is the likeliest of one's own, even where `own` is small."""
    return _heard(text, vector.tobytes())


@recently
def _heard(text: str, vector: bytes) -> Concern:
    of_vector, of_runs, bias = _weights()
    scores = np.frombuffer(vector, dtype=np.float32) @ of_vector
    scores += bias
    shares = _shares(scores)
    if shares[NONE] < CLEARLY:
        places, each = places_of(text)
        scores += each * np.add.reduce(of_runs.take(places, axis=0), 0)
        shares = _shares(scores)
    own = shares[RULE + 1 :]
    sure = max(own)
    return Concern(CONCERNS[own.index(sure) + RULE + 1], sure, 1.0 - shares[NONE] - shares[RULE], shares[RULE])


def _shares(scores: Vector) -> list[float]:
    found = scores.tolist()
    most = max(found)
    grown = [exp(score - most) for score in found]
    whole = sum(grown)
    return [one / whole for one in grown]


@cache
def _weights() -> tuple[Vector, Vector, Vector]:
    """Of the vector, of the characters by their places, and what is there before."""
    with files("yingke.assistants.concerns").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        matrix = stored["matrix"].astype(np.float32) * stored["scale"].astype(np.float32)
        if matrix.shape != (DIMENSIONS + TEXT_SLOTS, len(CONCERNS)):
            raise ValueError("the weights of the concerns are of another release")
        return matrix[:DIMENSIONS], np.float32(RUNS_SHARE) * matrix, stored["bias"].astype(np.float32)
