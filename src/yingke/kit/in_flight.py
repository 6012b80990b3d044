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

    `FEWEST` are always let in: a few that wait for a held row say nothing about the others. No more than those are
    while the first of them has waited too long: a crowd must not come in before the first of it is done.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._shrunk_at = 0.0
        self._since: dict[int, float] = {}
        self._number = 0
        self.limit = FIRST
        self.refused = 0
        self.seconds = 0.0
        """How long they take now, smoothed."""

    @property
    def running(self) -> int:
        return len(self._since)

    @property
    def is_full(self) -> bool:
        running = len(self._since)
        return running >= self.limit or (running >= FEWEST and self.oldest > GOOD_SECONDS)

    @property
    def oldest(self) -> float:
        """Seconds that the first of those under way has taken until now."""
        return self._clock() - next(iter(self._since.values())) if self._since else 0.0

    def enter(self) -> int:
        """A number to `leave` with; 0: refuse it."""
        if self.is_full:
            self.refused += 1
            return 0
        self._number += 1
        self._since[self._number] = self._clock()
        return self._number

    def rest(self) -> None:
        """Called now and then: while nothing is under way, what was measured last says less and less."""
        if not self._since:
            self.seconds *= 0.7
            self.limit = max(self.limit, min(FIRST, self.limit * 1.05))

    def leave(self, number: int, *, late: float = 0.0, is_done: bool = True) -> None:
        """`late` seconds passed before it entered. What was refused for a reason of its own took no time, and tells
        nothing."""
        now = self._clock()
        used = len(self._since) / self.limit
        seconds = now - self._since.pop(number) + late
        if not is_done and seconds <= GOOD_SECONDS:
            return
        self.seconds += (seconds - self.seconds) * 0.05
        if seconds > GOOD_SECONDS:
            if now - self._shrunk_at >= PAUSE_SECONDS:
                self._shrunk_at = now
                self.limit = max(FEWEST, self.limit * SHRINK)
        elif seconds < GOOD_SECONDS / 2 and used > 0.5:
            self.limit = min(MOST, self.limit + GROW)
