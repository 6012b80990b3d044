"""Pressure: measured, up at once, down step by step; and how many may be under way, learned from how long they take."""

from collections import deque

import pytest

from tests.kit.test_rates import Clock
from yingke.kit.in_flight import FEWEST, FIRST, GOOD_SECONDS, InFlight
from yingke.kit.pressure import RUSH, Pressure


class Machine:
    """A process whose figures the test sets."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.wait = self.age = 0.0
        self.pressure = Pressure(lambda: self.wait, lambda: self.age, lambda _: None, self.clock)

    def pass_time(self, seconds: float, rate: float, late: float = 0.0) -> int:
        for _ in range(round(seconds / 0.05)):
            self.clock.now += 0.05
            for _ in range(round(rate * 0.05)):
                self.pressure.arrived()
            self.pressure.look(late)
        return self.pressure.level


def test_a_stall_without_a_crowd_is_no_pressure() -> None:
    machine = Machine()
    machine.wait = 3.0
    assert machine.pass_time(2, rate=RUSH / 2, late=0.5) == 0


@pytest.mark.parametrize(("wait", "level"), [(0.05, 0), (0.1, 1), (0.2, 2), (0.3, 3), (0.4, 4), (0.9, 5)])
def test_the_longer_a_message_of_a_crowd_waits_the_higher_the_level(wait: float, level: int) -> None:
    machine = Machine()
    machine.wait = wait
    assert machine.pass_time(2, rate=200) == level


def test_it_falls_a_step_a_second_once_the_crowd_has_gone() -> None:
    machine = Machine()
    machine.wait = 1.0
    assert machine.pass_time(2, rate=200) == 5
    machine.wait = 0.0
    assert [machine.pass_time(1.05, rate=0) for _ in range(6)][-1] == 0
    assert machine.pass_time(1, rate=0) == 0


def test_an_old_line_of_answers_alone_is_worth_two_steps() -> None:
    machine = Machine()
    machine.age = 3.0
    assert machine.pass_time(1, rate=0) == 1
    machine.age = 11.0
    assert machine.pass_time(1, rate=0) == 2


def test_slow_work_lets_fewer_in_and_quick_work_more_again() -> None:
    clock = Clock()
    some = InFlight(clock)
    for _ in range(200):
        clock.now += 0.1
        number = some.enter()
        clock.now += 2.0
        some.leave(number)
    assert some.limit == FEWEST, "a few always come in"
    numbers: deque[int] = deque()
    while number := some.enter():
        numbers.append(number)
    assert (len(numbers), some.refused, some.is_full) == (FEWEST, 1, True)
    for _ in range(3000):
        some.leave(numbers.popleft())
        numbers.append(some.enter())
    assert some.limit >= 2 * FEWEST


def test_a_crowd_does_not_come_in_before_the_first_of_it_is_done() -> None:
    clock = Clock()
    some = InFlight(clock)
    first = some.enter()
    for _ in range(int(FEWEST)):
        assert some.enter()
    clock.now += 2 * GOOD_SECONDS
    assert (some.enter(), some.limit) == (0, FIRST), "at once, not only when one of them has been measured"
    some.leave(first, is_done=False)
    assert some.running == FEWEST
    alone = InFlight(clock)
    alone.enter()
    clock.now += 100.0
    assert alone.enter(), "a few that wait for a held row keep nobody out"


def test_what_was_refused_for_a_reason_of_its_own_is_not_taken_for_quick() -> None:
    clock = Clock()
    some = InFlight(clock)
    for _ in range(200):
        number = some.enter()
        clock.now += 0.3
        some.leave(number)
        for _ in range(20):
            some.leave(some.enter(), is_done=False)
    assert (round(some.seconds, 1), some.limit) == (0.3, FEWEST)


def test_what_was_slow_once_is_forgotten_while_nothing_comes() -> None:
    clock = Clock()
    some = InFlight(clock)
    for _ in range(500):
        number = some.enter()
        clock.now += 1.0
        some.leave(number)
    slow = some.seconds
    for _ in range(100):
        some.rest()
    assert slow > 0.5
    assert some.seconds < 0.001
    assert some.limit == FIRST
