"""How hard one process is pressed: how late its loop is, how long a message takes to be stored, how old the line is."""

import asyncio
import time
from collections.abc import Callable

TICK_SECONDS = 0.05
STEPS = (0.08, 0.15, 0.25, 0.35, 0.45)
"""Seconds that a message waits here, loop and database together, from which on the level is 1, 2, 3, 4 and 5."""
AGES = (2.0, 10.0)
"""Seconds that the oldest unanswered turn has waited for its answer to begin: level 1, level 2."""
RUSH = 50.0
"""Messages a second below which nothing is called pressure: a stall without a crowd is not mended by refusing others."""
FALL_SECONDS = 1.0


class Pressure:
    """`level` is 0 (calm) to 5. It rises at once and falls a step a second.

    `waits` and `age` are asked at each tick: seconds that a message takes to be stored, and that the oldest turn waits.
    """

    def __init__(
        self,
        waits: Callable[[], float],
        age: Callable[[], float],
        on_tick: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._waits = waits
        self._age = age
        self._on_tick = on_tick
        self._clock = clock
        self._arrived = 0
        self._counted_at = clock()
        self._fell_at = clock()
        self.level = 0
        self.lag = 0.0
        """How late the loop runs what is due, in seconds: up at once, down slowly."""
        self.busy = 0.0
        """The share of its time that this process works, smoothed."""
        self.rate = 0.0
        """Messages a second that came, stored or refused."""

    @property
    def wait(self) -> float:
        """Seconds from a message's arrival at this machine until it is stored, as far as this process knows."""
        return self.lag + self._waits()

    def arrived(self) -> None:
        """A message came, whatever becomes of it."""
        self._arrived += 1

    async def run(self) -> None:
        """Measures for ever."""
        while True:
            began, worked = self._clock(), time.process_time()
            await asyncio.sleep(TICK_SECONDS)
            took = self._clock() - began
            self.busy += ((time.process_time() - worked) / max(took, TICK_SECONDS) - self.busy) * 0.1
            self.look(max(0.0, took - TICK_SECONDS))

    def look(self, late: float) -> None:
        """One measurement; `late` is how much later than it should the loop came back."""
        now = self._clock()
        self.lag = late if late > self.lag else self.lag * 0.9 + late * 0.1
        if (passed := now - self._counted_at) >= 0.5:
            self.rate = self._arrived / passed
            self._arrived, self._counted_at = 0, now
        wanted = self._wanted()
        if wanted >= self.level:
            self.level, self._fell_at = wanted, now
        elif now - self._fell_at >= FALL_SECONDS:
            self.level, self._fell_at = self.level - 1, now
        self._on_tick(self.wait)

    def _wanted(self) -> int:
        old = sum(self._age() > step for step in AGES)
        if self.rate < RUSH:
            return old
        return max(old, sum(self.wait > step for step in STEPS))
