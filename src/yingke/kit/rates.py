"""Token buckets of one process: how often somebody may do something, in bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable

from yingke.kit.errors import too_many

MOST_BUCKETS = 100_000


class Rates:
    """Buckets by key. With more than `most` keys the one unused for longest is forgotten, and starts full again."""

    def __init__(self, most: int = MOST_BUCKETS, clock: Callable[[], float] = time.monotonic) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._most = most
        self._clock = clock

    def take(self, key: str, *, rate: float, burst: float, cost: float = 1.0) -> float:
        """Takes `cost` tokens: 0.0 when they were there, else the seconds until they will be, and takes nothing.

        `rate` tokens come back each second, up to `burst`.
        """
        wait = self.peek(key, rate=rate, burst=burst, cost=cost)
        if wait > 0:
            return wait
        now = self._clock()
        self._buckets[key] = (self._level(key, now, rate, burst) - cost, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0

    def peek(self, key: str, *, rate: float, burst: float, cost: float = 1.0) -> float:
        """What `take` would answer, without taking."""
        level = self._level(key, self._clock(), rate, burst)
        return 0.0 if level >= cost else (cost - level) / rate

    def check(self, key: str, *, rate: float, burst: float, cost: float = 1.0) -> None:
        """`take` that raises the 429 Problem with its Retry-After."""
        wait = self.take(key, rate=rate, burst=burst, cost=cost)
        if wait > 0:
            raise too_many(wait)

    def forget(self, key: str) -> None:
        """The bucket is full again."""
        self._buckets.pop(key, None)

    def __len__(self) -> int:
        return len(self._buckets)

    def _level(self, key: str, now: float, rate: float, burst: float) -> float:
        level, since = self._buckets.get(key, (burst, now))
        return min(burst, level + (now - since) * rate)
