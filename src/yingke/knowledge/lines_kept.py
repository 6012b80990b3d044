"""The vectors of lines that were encoded lately: a shop's own answers, and what several parts of a turn ask about."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

MOST_LINES = 2048
Vector = NDArray[np.float32]


class LinesKept:
    """One per connection to the encoder; 2 KB a line, the least recently used ones go first."""

    def __init__(self, most: int = MOST_LINES) -> None:
        self._most = most
        self._known: OrderedDict[str, Vector] = OrderedDict()

    def find(self, line: str) -> Vector | None:
        vector = self._known.get(line)
        if vector is not None:
            self._known.move_to_end(line)
        return vector

    def keep(self, lines: Sequence[str], vectors: Iterable[Vector]) -> None:
        """Copies each row: a row would hold on to the whole batch that it came with."""
        for line, vector in zip(lines, vectors, strict=True):
            self._known[line] = vector.copy()
        while len(self._known) > self._most:
            self._known.popitem(last=False)
