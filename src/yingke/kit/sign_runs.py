"""The runs of one to three signs in a text, each as the number of a weight: what a sentence vector blurs, these keep apart."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SLOTS: Final = 8192
_FIRST, _SECOND, _THIRD, _MIX = np.array([2654435761, 2246822519, 3266489917, 668265263], dtype=np.uint32)
_SHIFT: Final = np.uint32(32 - 13)


def sign_runs(text: str) -> NDArray[np.intp]:
    """Which weights count, at least one, as `text` stands; some µs."""
    signs = np.frombuffer(f" {text} ".encode("utf-32-le", "replace"), dtype=np.uint32)
    one = signs * _FIRST
    two = one[:-1] + signs[1:] * _SECOND
    three = two[:-1] + signs[2:] * _THIRD
    mixed = np.concatenate((one, two ^ _SECOND, three ^ _THIRD)) * _MIX
    slots: NDArray[np.uint32] = (mixed ^ (mixed >> np.uint32(15))) * _FIRST >> _SHIFT
    return slots.astype(np.intp)
