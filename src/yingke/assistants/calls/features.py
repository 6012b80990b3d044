"""A message as numbers for what calls a person, beside its sentence vector: its runs of signs, and what its words are about."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from yingke.assistants.calls import traits
from yingke.assistants.calls.runs import runs_of
from yingke.kit import sign_runs

SLOTS: Final = sign_runs.SLOTS + traits.SLOTS
_GAIN: Final = 1.5
"""So much more the kinds of words count than the runs of signs: there are fewer of them, and each says more."""


def features(text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The places of the weights that count and how much each counts; some tens of µs."""
    runs, kinds = runs_of(text), traits.traits_of(text)
    values = np.full(len(runs) + len(kinds), len(runs) ** -0.5, dtype=np.float32)
    if len(kinds):
        values[len(runs) :] = _GAIN * len(kinds) ** -0.5
    return np.concatenate((runs, kinds + sign_runs.SLOTS)), values
