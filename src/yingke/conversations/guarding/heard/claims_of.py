"""Hears in a sentence's vector and runs of signs that it claims or promises what may not be said, in words no pack holds.

The packs come first and know their words. This only ever warns, unless a merchant sets it higher: it says which rule a
sentence is like, not that it breaks it. The weights travel with the package (`tools/train_words.py` makes them).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from yingke.conversations.guarding.fold_words import fold_words
from yingke.conversations.guarding.promises import sentences_of
from yingke.kit.sign_runs import sign_runs

Kind = Literal[
    "absolute", "effect", "guarantee", "endorsed", "urgency", "private", "review",
    "gift", "compensation", "waiver", "price", "delivery",
]  # fmt: skip
KINDS: Final[tuple[str, ...]] = (
    "none", "absolute", "effect", "guarantee", "endorsed", "urgency", "private", "review",
    "gift", "compensation", "waiver", "price", "delivery",
)  # fmt: skip
"""The order of the outputs."""
SURE: Final = 0.93
"""How sure it must be that a sentence is none of the ordinary. Chosen on rounds of measuring that were left out of the
training, and on sentences that agents write on any day, of which at most one in a hundred may be warned of."""
LONGEST: Final = 120
"""So many signs of a sentence are read."""
MOST: Final = 12
"""So many sentences of a text are heard, from the beginning."""
Vector = NDArray[np.float32]

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Claim:
    """`said`: the sentence as it stands; `share`: how sure, 0..1."""

    kind: Kind
    said: str
    share: float


Heard = tuple[Claim, ...]


def pieces_of(text: str) -> list[str]:
    """The sentences that are heard, each of which wants a vector."""
    return [piece for one in sentences_of(text) if len(piece := one.strip()) > 2][:MOST]


def claims_of(pieces: Sequence[str], vectors: Sequence[Vector]) -> Heard:
    """`vectors` are those of the folded pieces. About 30 µs a piece."""
    found = (claim_of(piece, vector) for piece, vector in zip(pieces, vectors, strict=True))
    return tuple(claim for claim in found if claim is not None)


def claim_of(piece: str, vector: Vector) -> Claim | None:
    """None where it is not sure: most sentences claim nothing."""
    shares = shares_of(piece, vector)
    share = float(1 - shares[0])
    return Claim(cast(Kind, KINDS[int(shares[1:].argmax()) + 1]), piece, share) if share >= SURE else None


def shares_of(piece: str, vector: Vector) -> NDArray[np.float32]:
    """How likely each of `KINDS` is, 0..1."""
    matrix, by_run, bias = _weights()
    runs = runs_of(piece)
    scores = vector @ matrix + bias + by_run.take(runs, axis=0).sum(axis=0) * len(runs) ** -0.5
    shares = np.exp(scores - scores.max())
    return cast("NDArray[np.float32]", shares / shares.sum())


def runs_of(piece: str) -> NDArray[np.intp]:
    """Of the form in which words are looked for, figures all alike."""
    return sign_runs(_NUMBERS.sub("0", fold_words(piece)[:LONGEST]))


@cache
def _weights() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    with files("yingke.conversations.guarding.heard").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        return tuple(stored[name].astype(np.float32) for name in ("matrix", "runs", "bias"))
