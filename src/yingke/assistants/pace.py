"""Answers take turns: so many at once as leave room for what comes in, fairly between workspaces, the urgent first."""

import asyncio
import contextlib
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

from yingke.assistants.guarding.danger import danger_of
from yingke.assistants.mood.is_angry_at_once import is_angry_at_once
from yingke.assistants.turns import Turn
from yingke.assistants.wants_person import wants_person
from yingke.kit.elsewhere import holder

QUOTED, NOTICE = 2, 3
"""Steps of the ladder that a long wait leads down: the knowledge without a model, a fixed sentence."""
QUOTED_AFTER, NOTICE_AFTER = 10.0, 40.0
"""Seconds in the line. Whoever waits longer than the second is told so within the minute that a rush allows."""
FEWEST, FIRST, MOST = 8.0, 32.0, 700.0
"""At work at once. The last counts those as well who wait for a model or a shop: they take no time of this process."""
HALF = 0.5
LONGEST_LINE = 5000
CALM, TIGHT = 0.06, 0.12
"""Seconds that a message takes to be stored: below the first more answers are begun at once, above the second fewer."""


@dataclass(slots=True, eq=False)
class _Place:
    turn: Turn
    since: float
    is_urgent: bool = False
    called: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Pace:
    """One per process. Without a rush it is a counter; nobody waits and nothing is looked at.

    `fewest` are answered at once however pressed the process is. Whoever waits for somebody else's machine is not at
    work, and another begins in his place.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, fewest: float = FEWEST) -> None:
        self._clock = clock
        self._fewest = fewest
        self._urgent: deque[_Place] = deque()
        self._lines: OrderedDict[int, deque[_Place]] = OrderedDict()
        self._places: dict[int, _Place] = {}
        self._waited: dict[int, float] = {}
        self.running = 0
        """At work here."""
        self.away = 0
        """Begun, and waiting for somebody else's machine."""
        self.limit = max(FIRST, fewest)
        self.skipped = 0
        """Turns that found the line full and were told so at once."""

    @property
    def waiting(self) -> int:
        return len(self._places)

    @property
    def oldest(self) -> float:
        """Seconds that the longest waiting turn has waited."""
        first = min((line[0].since for line in self._lines.values() if line), default=None)
        return 0.0 if first is None else self._clock() - first

    @contextlib.asynccontextmanager
    async def admit(self, turn: Turn) -> AsyncIterator[None]:
        """Waits until it is this turn's turn."""
        conversation_id = turn.conversation_id
        if self._places or self._free <= 0:
            await self._wait(turn)
        else:
            self.running += 1
        work = _Work(self)
        before = holder.set(work)
        try:
            yield
        finally:
            holder.reset(before)
            self._waited.pop(conversation_id, None)
            work.end()
            self._call_next()

    def leave_for(self, step: int) -> None:
        """One of those at work waits for another machine (1), or is back (-1)."""
        self.running -= step
        self.away += step
        self._call_next()

    def is_waiting(self, conversation_id: int) -> bool:
        return conversation_id in self._places

    def said(self, conversation_id: int, text: str) -> None:
        """More from somebody who waits: what must not wait lets him go first."""
        place = self._places.get(conversation_id)
        if place is not None and not place.is_urgent and _is_urgent((text,)):
            self._leave_line(place)
            place.is_urgent = True
            self._places[conversation_id] = place
            self._urgent.append(place)
            self._call_next()

    def level_of(self, conversation_id: int) -> int:
        """The step of the ladder for the turn that is being answered: 0, QUOTED or NOTICE."""
        waited = self._waited.get(conversation_id, 0.0)
        return NOTICE if waited > NOTICE_AFTER else QUOTED if waited > QUOTED_AFTER else 0

    def adjust(self, wait: float, busy: float = 1.0) -> None:
        """`wait` seconds are what a message takes to be stored: messages go before answers.

        `busy` is the share of its time that this process works. One that is kept from working by others is late in any
        case; with fewer answers at once each would only take longer.
        """
        if wait > TIGHT:
            fewest = self._fewest if busy > HALF else max(self._fewest, FIRST)
            self.limit = max(fewest, min(self.limit, self.running) * 0.8)
        elif wait < CALM and self._places:
            self.limit = min(max(FIRST, self._fewest), self.limit * 1.15 + 1)
            self._call_next()
        elif wait < CALM and self.limit < FIRST:
            self.limit += 1

    @property
    def _free(self) -> int:
        return int(min(self.limit - self.running, MOST - self.running - self.away))

    async def _wait(self, turn: Turn) -> None:
        place = _Place(turn, self._clock(), _is_urgent(turn.texts))
        if len(self._places) >= LONGEST_LINE and not place.is_urgent:
            self.skipped += 1
            self.running += 1
            self._waited[turn.conversation_id] = float("inf")
            return
        self._places[turn.conversation_id] = place
        if place.is_urgent:
            self._urgent.append(place)
        else:
            self._lines.setdefault(turn.workspace_id, deque()).append(place)
        self._call_next()
        try:
            await place.called
        except asyncio.CancelledError:
            if place.called.done() and not place.called.cancelled():
                self.running -= 1
            self._leave_line(place)
            self._call_next()
            raise
        if not place.is_urgent:
            self._waited[turn.conversation_id] = self._clock() - place.since

    def _leave_line(self, place: _Place) -> None:
        if self._places.get(place.turn.conversation_id) is place:
            del self._places[place.turn.conversation_id]
        line = self._urgent if place.is_urgent else self._lines.get(place.turn.workspace_id)
        if line is not None:
            with contextlib.suppress(ValueError):
                line.remove(place)
        if not place.is_urgent and not line:
            self._lines.pop(place.turn.workspace_id, None)

    def _call_next(self) -> None:
        # A person's wish, anger and danger do not wait for answers; they are few and cost little.
        while self._urgent:
            self._call(self._urgent.popleft())
        # Those who begin together go to the encoder and to the database together, which costs each of them less.
        if self._free < min(len(self._places), self.limit // 4):
            return
        while self._lines and self._free > 0:
            self._call(self._pop())

    def _pop(self) -> _Place:
        """The first of the workspace whose turn it is; it goes behind the others then."""
        workspace_id, line = next(iter(self._lines.items()))
        place = line.popleft()
        if line:
            self._lines.move_to_end(workspace_id)
        else:
            del self._lines[workspace_id]
        return place

    def _call(self, place: _Place) -> None:
        self._places.pop(place.turn.conversation_id, None)
        if not place.called.done():
            self.running += 1
            place.called.set_result(None)


class _Work:
    """One turn that is being answered; hears of its waiting for other machines, also several at once."""

    __slots__ = ("_ended", "_pace", "_waits")

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._waits = 0
        self._ended = False

    def __call__(self, step: int) -> None:
        was_away = self._waits > 0
        self._waits += step
        # What a turn leaves behind it may go on waiting, but holds no place.
        if not self._ended and was_away != (self._waits > 0):
            self._pace.leave_for(step)

    def end(self) -> None:
        self._ended = True
        if self._waits > 0:
            self._pace.away -= 1
        else:
            self._pace.running -= 1


def _is_urgent(texts: Sequence[str]) -> bool:
    return any(wants_person(text) or is_angry_at_once(text) or danger_of(text) for text in texts)
