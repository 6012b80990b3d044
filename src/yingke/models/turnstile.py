"""Lets so many model calls run at once; workspaces that wait take turns, however many calls each of them has waiting."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yingke.models.contract import ModelBusy


class Turnstile:
    """One per process. `total` calls at once, `each` of one workspace unless it has a lower limit of its own."""

    def __init__(self, total: int, each: int) -> None:
        self._total = total
        self._each = each
        self._running: Counter[int] = Counter()
        self._most: dict[int, int] = {}
        self._waiting: OrderedDict[int, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def running(self) -> int:
        return self._running.total()

    @property
    def waiting(self) -> int:
        return sum(len(queue) for queue in self._waiting.values())

    @asynccontextmanager
    async def admit(self, workspace_id: int, most: int | None, patience_s: float) -> AsyncIterator[None]:
        """Raises ModelBusy `queue` when no place comes free in time."""
        self._most[workspace_id] = min(most or self._each, self._each)
        if workspace_id in self._waiting or not self._has_room(workspace_id):
            await self._wait(workspace_id, patience_s)
        else:
            self._running[workspace_id] += 1
        try:
            yield
        finally:
            self._leave(workspace_id)

    def _has_room(self, workspace_id: int) -> bool:
        return self.running < self._total and self._running[workspace_id] < self._most[workspace_id]

    async def _wait(self, workspace_id: int, patience_s: float) -> None:
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(workspace_id, deque()).append(place)
        try:
            async with asyncio.timeout(max(patience_s, 0.0)):
                await place
        except TimeoutError:
            self._give_up(workspace_id, place)
            raise ModelBusy("queue") from None
        except asyncio.CancelledError:
            self._give_up(workspace_id, place)
            raise

    def _give_up(self, workspace_id: int, place: "asyncio.Future[None]") -> None:
        """A place that came in the same moment goes to the next one."""
        if place.done() and not place.cancelled():
            self._leave(workspace_id)
            return
        queue = self._waiting.get(workspace_id)
        if queue is not None and place in queue:
            queue.remove(place)
            if not queue:
                del self._waiting[workspace_id]

    def _leave(self, workspace_id: int) -> None:
        self._running[workspace_id] -= 1
        if not self._running[workspace_id]:
            del self._running[workspace_id]
        self._admit_next()
        if workspace_id not in self._running and workspace_id not in self._waiting:
            self._most.pop(workspace_id, None)

    def _admit_next(self) -> None:
        for workspace_id in list(self._waiting):
            queue = self._waiting[workspace_id]
            while queue and queue[0].done():
                queue.popleft()
            if queue and self._has_room(workspace_id):
                self._running[workspace_id] += 1
                queue.popleft().set_result(None)
                # Whoever was served goes behind the others.
                self._waiting.move_to_end(workspace_id)
            if not queue:
                del self._waiting[workspace_id]
            if self.running >= self._total:
                return
