"""How many of a kind may be under way at once, learned from how long they take: what comes on top is refused at once."""

import time
from collections.abc import Callable

GOOD_SECONDS = 0.2
"""Longer than this and fewer are let in; half of it and more are."""
FEWEST, MOST, FIRST = 64.0, 4000.0, 512.0
SHRINK, GROW = 0.85, 0.25
PAUSE_SECONDS = 0.05
"""Between two steps down, so that one slow batch counts once."""


class InFlight:
    """A limit that falls by a share while the work is slow and rises by a count while it is quick.

    `FEWEST` are always let in: a few that wait for a held row say nothing about the others.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shrunk_at = 0.0
        self.limit = FIRST
        self.running = 0
        self.refused = 0
        self.seconds = 0.0
        """How long they take now, smoothed."""

    @property
    def is_full(self) -> bool:
        return self.running >= self.limit

    def enter(self) -> bool:
        """False: refuse it, and do not call `leave`."""
        if self.running >= self.limit:
            self.refused += 1
            return False
        self.running += 1
        return True

    def rest(self) -> None:
        """Called now and then: while nothing is under way, what was measured last says less and less."""
        if not self.running:
            self.seconds *= 0.7
            self.limit = max(self.limit, min(FIRST, self.limit * 1.05))

    def leave(self, seconds: float) -> None:
        """It took `seconds`, whatever came of it."""
        used = self.running / self.limit
        self.running -= 1
        self.seconds += (seconds - self.seconds) * 0.05
        if seconds > GOOD_SECONDS:
            now = self._clock()
            if now - self._shrunk_at >= PAUSE_SECONDS:
                self._shrunk_at = now
                self.limit = max(FEWEST, self.limit * SHRINK)
        elif seconds < GOOD_SECONDS / 2 and used > 0.5:
            self.limit = min(MOST, self.limit + GROW)
