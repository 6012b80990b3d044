"""Token buckets: a burst, then a steady rate, in bounded memory."""

import pytest

from yingke.kit.errors import Problem
from yingke.kit.rates import Rates


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_the_burst_tokens_come_back_at_the_rate() -> None:
    clock = Clock()
    rates = Rates(clock=clock)
    assert [rates.take("v", rate=5, burst=20) for _ in range(20)] == [0.0] * 20
    assert rates.take("v", rate=5, burst=20) == pytest.approx(0.2)
    clock.now += 0.2
    assert rates.take("v", rate=5, burst=20) == 0.0
    assert rates.take("v", rate=5, burst=20) > 0
    clock.now += 1000
    assert [rates.take("v", rate=5, burst=20) for _ in range(20)] == [0.0] * 20
    assert rates.take("v", rate=5, burst=20) > 0


def test_a_refused_try_costs_nothing() -> None:
    clock = Clock()
    rates = Rates(clock=clock)
    rates.take("v", rate=1, burst=1)
    for _ in range(100):
        assert rates.take("v", rate=1, burst=1) == pytest.approx(1.0)
    clock.now += 1.0
    assert rates.take("v", rate=1, burst=1) == 0.0


def test_keys_do_not_share() -> None:
    rates = Rates(clock=Clock())
    assert rates.take("a", rate=1, burst=1) == 0.0
    assert rates.take("b", rate=1, burst=1) == 0.0
    rates.forget("a")
    assert rates.take("a", rate=1, burst=1) == 0.0


def test_too_much_is_a_429_that_says_when_to_come_back() -> None:
    rates = Rates(clock=Clock())
    rates.check("v", rate=0.5, burst=1)
    with pytest.raises(Problem) as refused:
        rates.check("v", rate=0.5, burst=1)
    assert refused.value.status == 429
    assert refused.value.retry_after == pytest.approx(2.0)


def test_memory_is_bounded_and_the_busy_stay_known() -> None:
    rates = Rates(most=100, clock=Clock())
    for n in range(10_000):
        rates.take("busy", rate=0.001, burst=20_000)
        rates.take(f"stranger {n}", rate=1, burst=5)
    assert len(rates) == 100
    assert rates.peek("busy", rate=0.001, burst=20_000, cost=10_001) > 0
