"""Stops calling an endpoint that fails, tries it again with one probe, and keeps retries rare."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from yingke.models.contract import ModelBusy

Clock = Callable[[], float]
State = Literal["closed", "open", "half_open"]
OPENS_AT_SHARE = 0.5
OPENS_AT_CALLS = 20
WINDOW_S = 30
PROBE_AFTER_S = 15.0
CALLS_PER_RETRY = 10
MOST_SAVED_RETRIES = 10


class BreakerOpen(ModelBusy):
    """Not called: the endpoint failed too often just now."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("breaker_open", retry_after)


@dataclass(slots=True)
class _Second:
    number: int
    calls: int = 0
    failures: int = 0


class Breaker:
    """One endpoint's health: opens at half of at least 20 calls failed in 30 s, probes once after 15 s.

    Retries are paid for: every ten first attempts buy one, ten can be saved up, so there are never more than
    1.1 calls an answer. `clock` counts seconds and never goes back.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._seconds: list[_Second] = []
        self._opened_at: float | None = None
        self._probing = False
        self._tenths = 0

    @property
    def state(self) -> State:
        if self._opened_at is None:
            return "closed"
        return "half_open" if self._probing or self._remaining() <= 0 else "open"

    def enter(self) -> "Permit":
        """Ask before a first attempt. Raises BreakerOpen."""
        if self._opened_at is None:
            self._tenths = min(self._tenths + 1, MOST_SAVED_RETRIES * CALLS_PER_RETRY)
            return Permit(self, is_probe=False)
        if self._probing or self._remaining() > 0:
            raise BreakerOpen(max(self._remaining(), 1.0))
        self._probing = True
        return Permit(self, is_probe=True)

    @property
    def has_retry(self) -> bool:
        """Whether one more attempt is affordable and makes sense."""
        return self._opened_at is None and self._tenths >= CALLS_PER_RETRY

    def take_retry(self) -> "Permit | None":
        """Leave for a second attempt, paid from the budget; None when there is none."""
        if not self.has_retry:
            return None
        self._tenths -= CALLS_PER_RETRY
        return Permit(self, is_probe=False)

    def _remaining(self) -> float:
        return 0.0 if self._opened_at is None else self._opened_at + PROBE_AFTER_S - self._clock()

    def _record(self, failed: bool, is_probe: bool) -> None:
        now = self._clock()
        if is_probe:
            self._probing = False
            self._opened_at = now if failed else None
            self._seconds.clear()
            return
        if self._opened_at is not None:
            return
        number = int(now)
        if not self._seconds or self._seconds[-1].number != number:
            self._seconds.append(_Second(number))
        self._seconds[-1].calls += 1
        self._seconds[-1].failures += failed
        self._seconds = [second for second in self._seconds if second.number > number - WINDOW_S]
        calls = sum(second.calls for second in self._seconds)
        failures = sum(second.failures for second in self._seconds)
        if failed and calls >= OPENS_AT_CALLS and failures >= calls * OPENS_AT_SHARE:
            self._opened_at = now

    def _forget(self, is_probe: bool) -> None:
        if is_probe:
            self._probing = False


class Permit:
    """Leave to make one attempt; settle it exactly once, `forget` when it ended without a verdict."""

    def __init__(self, breaker: Breaker, *, is_probe: bool) -> None:
        self._breaker = breaker
        self._is_settled = False
        self.is_probe = is_probe

    def succeed(self) -> None:
        if self._settle():
            self._breaker._record(False, self.is_probe)

    def fail(self) -> None:
        if self._settle():
            self._breaker._record(True, self.is_probe)

    def forget(self) -> None:
        """The caller gave up (the customer left, the text was refused): neither good nor bad."""
        if self._settle():
            self._breaker._forget(self.is_probe)

    def _settle(self) -> bool:
        first, self._is_settled = not self._is_settled, True
        return first


class Breakers:
    """The breakers of one process, one for each (provider, model); `states` is for health pages and metrics."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._breakers: dict[tuple[str, str], Breaker] = {}

    def of(self, provider: str, model: str) -> Breaker:
        """`provider` names the endpoint: two endpoints of the same kind need two names."""
        key = (provider, model)
        if key not in self._breakers:
            self._breakers[key] = Breaker(self._clock)
        return self._breakers[key]

    def states(self) -> dict[tuple[str, str], State]:
        return {key: breaker.state for key, breaker in self._breakers.items()}
