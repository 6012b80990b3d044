"""The runs of one to three signs in a message, each as a number: what a sentence vector blurs, these keep apart."""

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from yingke.kit.sign_runs import sign_runs
from yingke.knowledge.fold import fold

LONGEST: Final = 160
"""So many signs are read, from the beginning."""
_NUMBERS = re.compile(r"\d+")


def runs_of(text: str) -> NDArray[np.intp]:
    """Which weights count, at least one; about 15 µs."""
    return sign_runs(_NUMBERS.sub("0", fold(text)[:LONGEST]))
