"""What one visitor has sent and is not stored yet: one after the other, and what cannot be stored in time is told so."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from yingke.app.load import Load, Place
from yingke.app.visitor_wire import VisitorWire
from yingke.kit.errors import Problem
from yingke.kit.live import Frame

log = structlog.get_logger("socket")

LONGEST = 32
"""Messages of one socket, after which nothing more is read from it until they are stored."""
LONGEST_BEHIND = 0.4
"""Seconds that a visitor's message may wait for his own earlier ones while too much comes."""


class VisitorLine:
    """`store` raises the Problem that its sender is told by `refuse`; `fail` closes the socket."""

    def __init__(
        self,
        load: Load,
        wire: VisitorWire | None,
        store: Callable[[Frame], Awaitable[None]],
        refuse: Callable[[Frame, Problem], None],
        fail: Callable[[], None],
    ) -> None:
        self._load = load
        self._wire = wire
        self._store = store
        self._refuse = refuse
        self._fail = fail
        self._line: deque[tuple[float, Frame, Place]] = deque()
        self._storing: asyncio.Task[None] | None = None

    @property
    def is_long(self) -> bool:
        return len(self._line) >= LONGEST

    def join(self, workspace_id: int, frame: Frame) -> None:
        """Takes a place among those that are stored, or refuses at once."""
        now, load = time.monotonic(), self._load
        try:
            if self._line and now - self._line[0][0] > LONGEST_BEHIND and load.pressure.level > 0:
                raise load.refuse()
            place = load.enter(workspace_id)
        except Problem as problem:
            self._refuse(frame, problem)
            return
        self._line.append((now, frame, place))
        if self._storing is None:
            self._storing = asyncio.create_task(self._work())
        if self.is_long and self._wire is not None:
            self._wire.rest()

    async def settle(self) -> None:
        """Returns when everything that came is stored or refused."""
        if self._storing is not None:
            await self._storing

    async def _work(self) -> None:
        try:
            while self._line:
                await self._next()
        except Exception:
            # The browser comes back and sends again what was not acknowledged.
            log.exception("message failed")
            self._fail()
        finally:
            for _, _, place in self._line:
                place.leave(is_stored=False)
            self._line.clear()
            self._storing = None

    async def _next(self) -> None:
        _, frame, place = self._line[0]
        is_stored = False
        try:
            await self._store(frame)
            is_stored = True
        except Problem as problem:
            self._refuse(frame, problem)
        finally:
            self._line.popleft()
            place.leave(is_stored=is_stored)
            if self._wire is not None and len(self._line) == LONGEST // 2:
                self._wire.go_on()
