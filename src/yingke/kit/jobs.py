"""Work for later: one table, claimed in batches, one at a time per lane, retried with back-off, never lost."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from yingke.kit.db import Database, Transaction, after_commit
from yingke.kit.errors import Problem

log = structlog.get_logger("jobs")

LEASE_SECONDS = 60
POLL_SECONDS = 1.0
GATHER_SECONDS = 0.04
"""Jobs that end or come within this time share one look for the next ones."""
_wake: set["Worker"] = set()


@dataclass(frozen=True)
class Job:
    id: int
    workspace_id: int
    lane: str
    kind: str
    ref: str
    data: dict[str, Any]
    attempts: int
    """Counts this attempt too: 1 the first time."""


class RetryJob(Exception):
    """Raised by a handler that wants to be called again after `seconds`; `is_dead` ends the tries."""

    def __init__(self, seconds: float, reason: str = "", *, is_dead: bool = False) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason
        self.is_dead = is_dead


Handler = Callable[[Job], Awaitable[None]]
MAX_ATTEMPTS = 8


async def enqueue(
    tx: Transaction,
    workspace_id: int,
    *,
    kind: str,
    lane: str,
    ref: str = "",
    data: dict[str, Any] | None = None,
    run_at: datetime | None = None,
    priority: int = 0,
) -> None:
    """Adds a job in the open transaction. With a `ref`, one waiting job of that kind and ref is enough."""
    await tx.execute(
        "insert into jobs (workspace_id, kind, lane, ref, data, run_at, priority)"
        " values ($1, $2, $3, $4, $5, coalesce($6, now()), $7)"
        " on conflict (workspace_id, kind, ref) where failed_at is null and ref <> '' do nothing",
        workspace_id,
        kind,
        lane,
        ref,
        data or {},
        run_at,
        priority,
    )
    after_commit(partial(wake_workers, kind))


def wake_workers(kind: str) -> None:
    """A hint to the workers of this process that do such jobs; others poll."""
    for worker in _wake:
        worker.wake(kind)


class Worker:
    """Runs jobs of the kinds in `handlers`, at most `width` at once, until cancelled. While `rests` none is begun."""

    def __init__(
        self,
        db: Database,
        handlers: Mapping[str, Handler],
        width: int = 8,
        rests: Callable[[], bool] = lambda: False,
    ) -> None:
        self.db = db
        self.handlers = dict(handlers)
        self.width = width
        self._rests = rests
        self.running: dict[int, asyncio.Task[None]] = {}
        self._event = asyncio.Event()

    async def run(self) -> None:
        """Claims and runs for ever; a database that is down only makes it wait."""
        _wake.add(self)
        renewer = asyncio.create_task(self._renew())
        try:
            while True:
                self._event.clear()
                if not await self._claim():
                    with contextlib.suppress(TimeoutError):
                        # Not wait_for: where the event comes with a cancellation, Python 3.11 forgets the latter.
                        async with asyncio.timeout(POLL_SECONDS * random.uniform(0.7, 1.3)):
                            await self._event.wait()
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            _wake.discard(self)
            renewer.cancel()
            for task in self.running.values():
                task.cancel()
            await asyncio.gather(*self.running.values(), return_exceptions=True)

    def wake(self, kind: str) -> None:
        if kind in self.handlers:
            self._event.set()

    async def _claim(self) -> bool:
        """True when there may be more to claim at once."""
        if self._rests():
            return False
        room = self.width - len(self.running)
        if room <= 0:
            await asyncio.wait(self.running.values(), return_when=asyncio.FIRST_COMPLETED)
            return True
        try:
            async with self.db.crossing() as tx:
                rows = await tx.fetch("select * from claim_jobs($1, $2, $3)", list(self.handlers), room, LEASE_SECONDS)
        except Problem:
            await asyncio.sleep(POLL_SECONDS)
            return False
        for row in rows:
            job = Job(**dict(row))
            task = asyncio.create_task(self._run(job))
            self.running[job.id] = task
            task.add_done_callback(partial(self._done, job.id))
        return len(rows) == room

    def _done(self, id: int, _: "asyncio.Task[None]") -> None:
        self.running.pop(id, None)
        self._event.set()

    async def _run(self, job: Job) -> None:
        try:
            await self.handlers[job.kind](job)
        except RetryJob as wish:
            await self._again(job, wish.seconds, wish.reason, wish.is_dead)
        except asyncio.CancelledError:
            await asyncio.shield(self._again(job, 0, "interrupted", False))
            raise
        except Exception as error:
            log.exception("job failed", kind=job.kind, job=job.id, attempts=job.attempts)
            pause = min(3600.0, 2.0**job.attempts) * random.uniform(0.8, 1.2)
            await self._again(job, pause, type(error).__name__, job.attempts >= MAX_ATTEMPTS)
        else:
            await self._settle("select finish_jobs($1)", [job.id])

    async def _again(self, job: Job, seconds: float, reason: str, is_dead: bool) -> None:
        await self._settle("select retry_job($1, $2, $3, $4)", job.id, seconds, reason, is_dead)

    async def _settle(self, statement: str, *values: Any) -> None:
        """Writes the end of a job. If the database is down the lease runs out and the job runs again."""
        for _ in range(30):
            try:
                async with self.db.crossing() as tx:
                    await tx.execute(statement, *values)
                return
            except Problem:
                await asyncio.sleep(1)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            if self.running:
                with contextlib.suppress(Problem):
                    async with self.db.crossing() as tx:
                        await tx.execute("select renew_jobs($1, $2)", list(self.running), LEASE_SECONDS)
