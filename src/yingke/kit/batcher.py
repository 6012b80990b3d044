"""Group commit: many callers, one statement. Order per key is kept; a key that is held elsewhere delays nobody else."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg
import structlog

from yingke.kit.db import CUT, OVERLOADED
from yingke.kit.errors import Problem, busy

log = structlog.get_logger("batcher")

Item = TypeVar("Item")
Result = TypeVar("Result")
Flush = Callable[[Sequence[Item], bool], Awaitable[list[Result | None]]]
"""Stores a batch; the flag says whether to wait for held rows. None in the result = held by somebody else."""

LIMIT = 64
TRIES = 4
GATHER_SECONDS = 0.006
"""So long a busy lane waits for more: a batch of eight costs the database less than half of eight alone."""
BUSY_SECONDS = 0.05
"""A lane is busy for so long after a batch of several; whoever comes alone never waits."""


@dataclass(slots=True)
class _Waiting(Generic[Item, Result]):
    key: int
    item: Item
    done: "asyncio.Future[Result]"


class Batcher(Generic[Item, Result]):
    """`lanes` loops, each with one batch in flight; a key always belongs to the same lane."""

    def __init__(self, flush: Flush[Item, Result], *, lanes: int = 4, bound: int = 4000) -> None:
        self._flush = flush
        self._lanes: list[deque[_Waiting[Item, Result]]] = [deque() for _ in range(lanes)]
        self._tasks: list[asyncio.Task[None] | None] = [None] * lanes
        self._busy_until = [0.0] * lanes
        self._parked: dict[int, deque[_Waiting[Item, Result]]] = {}
        self._parked_tasks: set[asyncio.Task[None]] = set()
        self._bound = bound
        self.waiting = 0

    def submit(self, key: int, item: Item) -> "asyncio.Future[Result]":
        """A future with the item's own result or error. Raises the 503 Problem at once when too many wait."""
        if self.waiting >= self._bound:
            raise busy()
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        entry = _Waiting(key, item, done)
        self.waiting += 1
        done.add_done_callback(self._left)
        if key in self._parked:
            self._parked[key].append(entry)
            return done
        lane = hash(key) % len(self._lanes)
        self._lanes[lane].append(entry)
        if self._tasks[lane] is None:
            self._tasks[lane] = asyncio.create_task(self._drain(lane))
        return done

    def _left(self, _: "asyncio.Future[Result]") -> None:
        self.waiting -= 1

    async def close(self) -> None:
        """Waits for everything that was accepted."""
        while any(self._lanes) or self._parked_tasks or any(self._tasks):
            running = [task for task in (*self._tasks, *self._parked_tasks) if task is not None]
            if not running:
                return
            await asyncio.wait(running, timeout=1)

    async def _drain(self, lane: int) -> None:
        queue = self._lanes[lane]
        try:
            while queue:
                if len(queue) < LIMIT and time.monotonic() < self._busy_until[lane]:
                    await asyncio.sleep(GATHER_SECONDS)
                if batch := self._next_of(queue):
                    await self._store(batch)
                if len(batch) > 1:
                    self._busy_until[lane] = time.monotonic() + BUSY_SECONDS
        finally:
            self._tasks[lane] = None

    def _next_of(self, queue: deque[_Waiting[Item, Result]]) -> list[_Waiting[Item, Result]]:
        batch: list[_Waiting[Item, Result]] = []
        while queue and len(batch) < LIMIT:
            entry = queue.popleft()
            parked = self._parked.get(entry.key)
            if parked is not None:
                parked.append(entry)
            else:
                batch.append(entry)
        return batch

    async def _store(self, batch: list[_Waiting[Item, Result]]) -> None:
        try:
            results = await self._try([entry.item for entry in batch], False)
        except Exception as error:
            if len(batch) == 1 or isinstance(error, Problem):
                _fail(batch, error)
                return
            # One poisoned row must not take its neighbours down: each goes alone and gets its own error.
            for entry in batch:
                await self._store([entry])
            return
        for entry, result in zip(batch, results, strict=True):
            if result is None or entry.key in self._parked:
                self._park(entry, result)
            elif not entry.done.done():
                entry.done.set_result(result)

    def _park(self, entry: _Waiting[Item, Result], result: Result | None) -> None:
        if result is not None:
            if not entry.done.done():
                entry.done.set_result(result)
            return
        line = self._parked.get(entry.key)
        if line is not None:
            line.append(entry)
            return
        self._parked[entry.key] = deque([entry])
        task = asyncio.create_task(self._go_alone(entry.key))
        self._parked_tasks.add(task)
        task.add_done_callback(self._parked_tasks.discard)

    async def _go_alone(self, key: int) -> None:
        line = self._parked[key]
        try:
            while line:
                entry = line.popleft()
                try:
                    results = await self._try([entry.item], True)
                except Exception as error:
                    _fail([entry], error)
                    continue
                if results[0] is None:
                    _fail([entry], busy())
                elif not entry.done.done():
                    entry.done.set_result(results[0])
        finally:
            del self._parked[key]

    async def _try(self, items: Sequence[Item], wait: bool) -> list[Result | None]:
        """Every item may be stored twice without harm, so a cut connection or a deadlock is tried again."""
        for attempt in range(1, TRIES + 1):
            try:
                return await self._flush(items, wait)
            except asyncpg.LockNotAvailableError as error:
                raise busy() from error
            except (*CUT, *OVERLOADED) as error:
                if attempt == TRIES:
                    log.warning("batch refused", error=type(error).__name__, size=len(items))
                    raise busy() from error
                await asyncio.sleep(0.05 * 4**attempt / 4)
        raise AssertionError("unreachable")


def _fail(entries: "Sequence[_Waiting[Item, Result]]", error: Exception) -> None:
    for entry in entries:
        with contextlib.suppress(asyncio.InvalidStateError):
            entry.done.set_exception(error)
            entry.done.exception()
