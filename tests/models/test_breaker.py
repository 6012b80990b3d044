"""The breaker and the retry budget, on a clock of the test's own."""

import random
from dataclasses import dataclass

import pytest

from yingke.models.breaker import Breaker, BreakerOpen, Breakers


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def run(breaker: Breaker, failures: int, successes: int) -> None:
    for number in range(failures + successes):
        permit = breaker.enter()
        if number < successes:
            permit.succeed()
        else:
            permit.fail()


def state_of(breaker: Breaker) -> str:
    """Read anew each time: a type checker takes a property for unchanging."""
    return breaker.state


def test_it_opens_at_half_of_twenty_calls() -> None:
    breaker = Breaker(Clock())
    run(breaker, failures=10, successes=10)
    assert breaker.state == "open"


def test_nineteen_failures_are_not_enough() -> None:
    breaker = Breaker(Clock())
    run(breaker, failures=19, successes=0)
    assert breaker.state == "closed"


def test_less_than_half_failing_keeps_it_closed() -> None:
    breaker = Breaker(Clock())
    run(breaker, failures=40, successes=41)
    assert breaker.state == "closed"


def test_failures_older_than_thirty_seconds_are_forgotten() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    run(breaker, failures=15, successes=0)
    clock.now += 30
    run(breaker, failures=15, successes=0)
    assert breaker.state == "closed"


def test_open_refuses_and_says_when_to_come_back() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    run(breaker, failures=20, successes=0)
    clock.now += 5
    with pytest.raises(BreakerOpen) as refused:
        breaker.enter()
    assert refused.value.retry_after == 10


def test_after_fifteen_seconds_exactly_one_probe_goes_out() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    run(breaker, failures=20, successes=0)
    clock.now += 15
    assert state_of(breaker) == "half_open"
    probe = breaker.enter()
    with pytest.raises(BreakerOpen):
        breaker.enter()
    probe.succeed()
    assert state_of(breaker) == "closed"


def test_a_failed_probe_opens_it_for_another_fifteen_seconds() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    run(breaker, failures=20, successes=0)
    clock.now += 15
    breaker.enter().fail()
    clock.now += 14
    with pytest.raises(BreakerOpen):
        breaker.enter()
    clock.now += 1
    breaker.enter().succeed()
    assert breaker.state == "closed"


def test_a_probe_without_a_verdict_leaves_room_for_the_next() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    run(breaker, failures=20, successes=0)
    clock.now += 15
    breaker.enter().forget()
    assert breaker.enter().is_probe


def test_a_permit_counts_once() -> None:
    breaker = Breaker(Clock())
    permit = breaker.enter()
    permit.succeed()
    for _ in range(50):
        permit.fail()
    assert breaker.state == "closed"


def test_retries_never_exceed_a_tenth_of_the_calls() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    dice = random.Random(7)
    calls = retries = 0
    for _ in range(5000):
        clock.now += dice.random()
        try:
            permit = breaker.enter()
        except BreakerOpen:
            continue
        calls += 1
        if dice.random() < 0.45:
            permit.fail()
            second = breaker.take_retry()
            if second is not None:
                retries += 1
                second.succeed()
        else:
            permit.succeed()
        assert retries <= calls * 0.1
    assert retries > 100


def test_each_endpoint_and_model_has_its_own_breaker() -> None:
    breakers = Breakers(Clock())
    run(breakers.of("a", "m"), failures=20, successes=0)
    assert breakers.states() == {("a", "m"): "open"}
    assert breakers.of("a", "n").state == "closed"
    assert breakers.of("a", "m").state == "open"
