"""Jobs: one at a time per lane, retried, never lost, and claimed quickly among many."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.conftest import Ground
from yingke.kit.db import Database
from yingke.kit.jobs import Handler, Job, RetryJob, Worker, enqueue
from yingke.kit.postgres.run import Cluster


@pytest.fixture(autouse=True)
async def _no_other_jobs(cluster: Cluster) -> None:
    admin = await asyncpg.connect(cluster.dsn())
    await admin.execute("truncate jobs")
    await admin.close()


@contextlib.asynccontextmanager
async def working(db: Database, handlers: dict[str, Handler], workers: int = 1) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(Worker(db, handlers).run()) for _ in range(workers)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def add(ground: Ground, lane: str, **more: Any) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await enqueue(tx, ground.workspace_id, kind="test", lane=lane, **more)


async def left(db: Database) -> int:
    async with db.system() as tx:
        return int((await tx.fetchrow("select * from operator_counts()"))["waiting_jobs"])


async def until_none_left(db: Database, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while await left(db):
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def claim(db: Database, limit: int = 10) -> list[Any]:
    async with db.system() as tx:
        return list(await tx.fetch("select * from claim_jobs(array['test'], $1, 60)", limit))


async def test_a_lane_runs_in_order_and_one_at_a_time_with_many_workers(ground: Ground) -> None:
    running: dict[str, int] = {}
    seen: dict[str, list[int]] = {"a": [], "b": [], "c": []}

    async def work(job: Job) -> None:
        running[job.lane] = running.get(job.lane, 0) + 1
        assert running[job.lane] == 1
        await asyncio.sleep(0.002)
        seen[job.lane].append(job.data["n"])
        running[job.lane] -= 1

    for n in range(10):
        for lane in seen:
            await add(ground, lane, data={"n": n})
    async with working(ground.db, {"test": work}, workers=3):
        await until_none_left(ground.db)
    assert seen == {lane: list(range(10)) for lane in seen}


async def test_a_retry_that_waits_holds_nobody_up_in_its_lane(ground: Ground) -> None:
    await add(ground, "lane", data={"n": 1})
    await add(ground, "lane", data={"n": 2})
    (first,) = await claim(ground.db)
    assert await claim(ground.db) == []
    async with ground.db.system() as tx:
        await tx.execute("select retry_job($1, 60, 'later', false)", first["id"])
    (second,) = await claim(ground.db)
    assert second["data"] == {"n": 2}


async def test_a_retry_that_comes_due_waits_for_the_one_that_runs(ground: Ground) -> None:
    await add(ground, "lane", data={"n": 1})
    await add(ground, "lane", data={"n": 2})
    (first,) = await claim(ground.db)
    async with ground.db.system() as tx:
        await tx.execute("select retry_job($1, 600, 'soon', false)", first["id"])
    (second,) = await claim(ground.db)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update jobs set run_at = now() where id = $1", first["id"])
    assert await claim(ground.db) == []
    async with ground.db.system() as tx:
        await tx.execute("select finish_jobs($1)", [second["id"]])
    (again,) = await claim(ground.db)
    assert (again["id"], again["attempts"]) == (first["id"], 2)


async def test_many_claims_at_once_never_start_a_lane_twice(ground: Ground) -> None:
    for n in range(20):
        for lane in range(5):
            await add(ground, f"lane {lane}", data={"n": n})
    claimed = [row for rows in await asyncio.gather(*[claim(ground.db, 3) for _ in range(8)]) for row in rows]
    assert sorted(row["lane"] for row in claimed) == [f"lane {lane}" for lane in range(5)]
    assert {row["data"]["n"] for row in claimed} == {0}


async def test_a_job_whose_worker_died_runs_again(ground: Ground) -> None:
    await add(ground, "lane")
    async with ground.db.system() as tx:
        (lost,) = await tx.fetch("select * from claim_jobs(array['test'], 1, 0)")
    done = asyncio.Event()

    async def work(job: Job) -> None:
        assert (job.id, job.attempts) == (lost["id"], 2)
        done.set()

    async with working(ground.db, {"test": work}):
        await asyncio.wait_for(done.wait(), 5)
        await until_none_left(ground.db)


async def test_a_failing_job_is_tried_again_and_a_dead_one_is_kept(ground: Ground) -> None:
    tries: list[int] = []

    async def work(job: Job) -> None:
        tries.append(job.attempts)
        raise RetryJob(0.0, "not yet", is_dead=job.attempts == 3)

    await add(ground, "lane")
    async with working(ground.db, {"test": work}):
        await until_none_left(ground.db)
    assert tries == [1, 2, 3]
    async with ground.db.transaction(ground.workspace_id) as tx:
        row = await tx.fetchrow("select error, failed_at from jobs")
    assert row["error"] == "not yet"
    assert row["failed_at"] is not None


async def test_an_unknown_error_neither_stops_the_worker_nor_loses_the_job(ground: Ground) -> None:
    done = asyncio.Event()

    async def work(job: Job) -> None:
        if job.lane == "broken":
            raise KeyError("surprise")
        done.set()

    await add(ground, "broken")
    await add(ground, "whole")
    async with working(ground.db, {"test": work}):
        await asyncio.wait_for(done.wait(), 5)
        await asyncio.sleep(0.1)
    async with ground.db.transaction(ground.workspace_id) as tx:
        row = await tx.fetchrow("select error, attempts, run_at > now() as waits from jobs where lane = 'broken'")
    assert (row["error"], row["waits"]) == ("KeyError", True)


async def test_one_ref_waits_once(ground: Ground) -> None:
    for _ in range(3):
        await add(ground, "lane", ref="same")
    assert await left(ground.db) == 1


async def test_a_job_for_tomorrow_waits(ground: Ground) -> None:
    await add(ground, "lane", run_at=datetime.now(UTC) + timedelta(days=1))
    assert await claim(ground.db) == []


async def test_claiming_is_quick_among_many_that_wait(cluster: Cluster, ground: Ground) -> None:
    admin = await asyncpg.connect(cluster.dsn())
    await admin.execute(
        "insert into jobs (workspace_id, lane, kind, run_at)"
        " select $1, 'lane ' || n, 'test', now() + interval '1 hour' from generate_series(1, 50000) n",
        ground.workspace_id,
    )
    await admin.execute(
        "insert into jobs (workspace_id, lane, kind, run_at)"
        " select $1, 'long lane', 'test', now() - interval '1 minute' from generate_series(1, 5000) n",
        ground.workspace_id,
    )
    await admin.execute("analyze jobs")
    await admin.close()
    await add(ground, "fresh lane")
    begun = time.monotonic()
    claimed = await claim(ground.db, 8)
    taken = time.monotonic() - begun
    assert sorted(row["lane"] for row in claimed) == ["fresh lane", "long lane"]
    begun = time.monotonic()
    assert await claim(ground.db, 8) == []
    assert max(taken, time.monotonic() - begun) < 0.5
