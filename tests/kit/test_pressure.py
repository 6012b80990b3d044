"""Pressure: measured, up at once, down step by step; and how many may be under way, learned from how long they take."""

import pytest

from tests.kit.test_rates import Clock
from yingke.kit.in_flight import FEWEST, FIRST, InFlight
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
        assert some.enter()
        some.leave(2.0)
    assert some.limit == FEWEST, "a few always come in"
    held = 0
    while some.enter():
        held += 1
    assert (held, some.refused, some.is_full) == (FEWEST, 1, True)
    for _ in range(3000):
        some.leave(0.01)
        some.enter()
    assert some.limit >= 2 * FEWEST


def test_what_was_slow_once_is_forgotten_while_nothing_comes() -> None:
    some = InFlight()
    for _ in range(500):
        some.enter()
        some.leave(1.0)
    slow = some.seconds
    for _ in range(100):
        some.rest()
    assert slow > 0.5
    assert some.seconds < 0.001
    assert some.limit == FIRST
