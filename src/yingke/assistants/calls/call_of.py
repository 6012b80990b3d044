"""Hears in a sentence's vector that a person is called: somebody wishes one, or it is about what only a person may touch.

The rules (`wants_person`, `guarding/danger.py`) come first and need no encoder; they know the words we thought of. This
hears the others. The weights travel with the package (`tools/train_calls.py` makes them of our own sentences).
"""

from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.guarding.danger import TOPICS, Topic, asks_of_goods
from yingke.assistants.wants_person import declines_person

Call = Literal["asked"] | Topic
CALLS: Final[tuple[str, ...]] = ("none", "asked", *TOPICS)
"""The order of the outputs."""
SURE_WISH = 0.88
SURE_DANGER = 0.82
Vector = NDArray[np.float32]


def call_of(text: str, vector: Vector) -> Call | None:
    """`vector` is that of `fold(text)`. A few µs. None where it is not sure: most messages call nobody."""
    matrix, bias = _weights()
    scores = vector @ matrix + bias
    best = int(scores[1:].argmax()) + 1
    if scores[best] <= scores[0]:
        return None
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    if CALLS[best] == "asked":
        return "asked" if shares[best] >= SURE_WISH and not declines_person(text) else None
    topic = cast(Topic, CALLS[best])
    is_sure = float(shares[2:].sum()) >= SURE_DANGER
    return topic if is_sure and not asks_of_goods(topic, text) else None


@cache
def _weights() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    with files("yingke.assistants.calls").joinpath("weights.npz").open("rb") as stream:
        stored = np.load(stream)
        return stored["matrix"].astype(np.float32), stored["bias"].astype(np.float32)
