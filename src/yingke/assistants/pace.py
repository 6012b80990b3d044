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

QUOTED, NOTICE = 2, 3
"""Steps of the ladder that a long wait leads down: the knowledge without a model, a fixed sentence."""
QUOTED_AFTER, NOTICE_AFTER = 10.0, 40.0
"""Seconds in the line. Whoever waits longer than the second is told so within the minute that a rush allows."""
FEWEST, FIRST, MOST = 8.0, 128.0, 700.0
HALF = 0.5
LONGEST_LINE = 5000
CALM, TIGHT = 0.1, 0.2
"""Seconds that a message takes to be stored: below the first more answers are begun at once, above the second fewer."""


@dataclass(slots=True, eq=False)
class _Place:
    turn: Turn
    since: float
    is_urgent: bool = False
    called: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Pace:
    """One per process. Without a rush it is a counter; nobody waits and nothing is looked at.

    `fewest` are answered at once however pressed the process is.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, fewest: float = FEWEST) -> None:
        self._clock = clock
        self._fewest = fewest
        self._urgent: deque[_Place] = deque()
        self._lines: OrderedDict[int, deque[_Place]] = OrderedDict()
        self._places: dict[int, _Place] = {}
        self._waited: dict[int, float] = {}
        self.running = 0
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
        if self._places or self.running >= self.limit:
            await self._wait(turn)
        else:
            self.running += 1
        try:
            yield
        finally:
            self._waited.pop(conversation_id, None)
            self.running -= 1
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
            self.limit = min(MOST, self.limit * 1.15 + 1)
            self._call_next()
        elif wait < CALM and self.limit < FIRST:
            self.limit += 1

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
        while self._urgent or self._lines:
            # A person's wish, anger and danger do not wait for answers; they are few and cost little.
            if not self._urgent and self.running >= self.limit:
                return
            self._call(self._urgent.popleft() if self._urgent else self._pop())

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


def _is_urgent(texts: Sequence[str]) -> bool:
    return any(wants_person(text) or is_angry_at_once(text) or danger_of(text) for text in texts)
