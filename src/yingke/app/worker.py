"""Which function does which job, and what happens by the clock."""

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from yingke.app.house import House
from yingke.app.load import FIGURES, WEBHOOKS
from yingke.app.reactions import handlers_of, schedules_of
from yingke.assistants.evaluate.gate import KIND as GOLDEN_GATE
from yingke.assistants.evaluate.run_golden import KIND as GOLDEN_RUN
from yingke.assistants.shadow.run_shadow import SHADOW
from yingke.commerce.connections.parcels import SUBSCRIBE
from yingke.commerce.connections.sync import SYNC as SYNC_SHOP
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.jobs import Handler, Job, RetryJob, Worker
from yingke.knowledge.encoder import let_customers_go_first
from yingke.knowledge.pairs.propose import PROPOSE
from yingke.knowledge.qa_pairs import DUPLICATES
from yingke.knowledge.questions.follow import KIND as FOLLOW_QUESTIONS
from yingke.routing.give import PASS_ON
from yingke.routing.rules.trial import KIND as RULE_TRIAL
from yingke.workspaces.feed_webhooks import KIND as WEBHOOK
from yingke.workspaces.wake_routing import KIND as ASSIGN

log = structlog.get_logger("worker")


NEVER = 99
APART: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (64, WEBHOOKS, (WEBHOOK,)),
    (8, NEVER, ("hand_off", ASSIGN, PASS_ON)),
    (6, FIGURES, ("ingest", DUPLICATES)),
    (2, FIGURES, ("find_contradictions", PROPOSE)),
    (3, NEVER, (SYNC_SHOP, SUBSCRIBE)),
    (4, FIGURES, (GOLDEN_RUN, GOLDEN_GATE, SHADOW, RULE_TRIAL, FOLLOW_QUESTIONS)),
)
"""How many at once, from which pressure on none is begun (see app/load), and the kinds of jobs of one worker."""
AFTER_FILES = ("find_contradictions", PROPOSE)
"""What follows from documents searches for each of their passages: it waits until a heap of files is learned."""
FEW_FILES = 3
WAITS_SECONDS = (5, 10, 20, 40, 80, 160, 285)
"""After each look at a workspace that is still learning; ten minutes in all, then the work is done in any case."""
SWITCH_SECONDS = 0.0005


async def start_worker(house: House) -> None:
    """Runs jobs until cancelled. What is apart waits for nothing else: a receiver that hangs holds up nobody's files, a
    thousand files hold up no customer who is handed over, and a long scan no golden run.
    """
    # Threads that cut and prepare give the event loop its turn after half a millisecond, not after five.
    sys.setswitchinterval(SWITCH_SECONDS)
    let_customers_go_first()
    handlers = handlers_of(house)
    handlers |= {kind: after_files(house.db, handlers[kind]) for kind in AFTER_FILES}
    async with asyncio.TaskGroup() as group:
        for width, level, kinds in APART:
            own = {kind: handlers.pop(kind) for kind in kinds}
            rests = partial(house.load.leaves, level)
            group.create_task(Worker(house.db, own, width=width, rests=rests).run())
        group.create_task(Worker(house.db, handlers).run())


def after_files(db: Database, handle: Handler) -> Handler:
    """`handle`, once fewer than FEW_FILES of the workspace are still to be learned. Until then the job is put back, so
    that it holds up no other; `RetryJob` says for how long."""

    async def look_and_handle(job: Job) -> None:
        if job.attempts <= len(WAITS_SECONDS) and await _is_learning(db, job.workspace_id):
            raise RetryJob(WAITS_SECONDS[job.attempts - 1], "files first")
        await handle(job)

    return look_and_handle


async def _is_learning(db: Database, workspace_id: int) -> bool:
    async with db.transaction(workspace_id) as tx:
        left: int = await tx.fetchval(
            "select count(*) from documents where workspace_id = $1 and deleted_at is null"
            " and state in ('queued', 'parsing', 'indexing')",
            workspace_id,
        )
    return left >= FEW_FILES


async def run_schedules(house: House) -> None:
    """Runs each schedule when its time has come, in one process at a time. Runs for ever."""
    schedules = schedules_of(house)
    while True:
        with contextlib.suppress(Problem):
            await _ensure(house, {name: every for name, (every, _) in schedules.items()})
            break
        await asyncio.sleep(1)
    while True:
        with contextlib.suppress(Problem):
            for name in await _due(house, list(schedules)):
                every, run = schedules[name]
                if await _claim(house, name, every):
                    await _run(name, run)
        await asyncio.sleep(1)


async def _run(name: str, run: Callable[[], Awaitable[object]]) -> None:
    try:
        await run()
    except Problem as problem:
        log.warning("schedule postponed", name=name, code=problem.code)
    except Exception:
        log.exception("schedule failed", name=name)


async def _ensure(house: House, schedules: dict[str, float]) -> None:
    async with house.db.system() as tx:
        await tx.executemany(
            "insert into schedules (kind, every) values ($1, make_interval(secs => $2))"
            " on conflict (kind) do update set every = excluded.every",
            list(schedules.items()),
        )


async def _due(house: House, names: list[str]) -> list[str]:
    """One look for all; in the order of `names`."""
    async with house.db.crossing() as tx:
        rows = await tx.fetch("select kind from schedules where kind = any($1) and next_at <= now()", names)
    due = {row["kind"] for row in rows}
    return [name for name in names if name in due]


async def _claim(house: House, name: str, every: float) -> bool:
    async with house.db.crossing() as tx:
        found = await tx.fetchval(
            "update schedules set next_at = now() + make_interval(secs => $2) where kind = $1 and next_at <= now()"
            " returning kind",
            name,
            every,
        )
    return found is not None
