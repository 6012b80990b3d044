"""The one screen that lists what is set in motion later: jobs by kind, and what happens by the clock.

What an event sets in motion `now` stands in the verb that records it, in the same transaction.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from yingke.app import watch_agent
from yingke.app.house import House
from yingke.app.sweep import sweep_files, sweep_rows
from yingke.kit.jobs import Handler

Schedule = tuple[float, Callable[[], Awaitable[object]]]


def handlers_of(house: House) -> dict[str, Handler]:
    """Job kind → who does it."""
    return {watch_agent.KIND: partial(watch_agent.look_after, house)}


def schedules_of(house: House) -> dict[str, Schedule]:
    """Name → (seconds between runs, what runs). Each runs in one process at a time."""
    return {
        "sweep_rows": (3600.0, partial(sweep_rows, house.db)),
        "sweep_files": (3600.0, partial(sweep_files, house.db, house.files)),
    }
