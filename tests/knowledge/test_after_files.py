"""What follows from documents gives way while a heap of files is learned, but not for ever."""

import asyncio
import time

import pytest

from tests.conftest import Ground
from tests.learning import Learning
from yingke.app.worker import FEW_FILES, after_files
from yingke.kit.jobs import Job


async def _queue(learning: Learning, ground: Ground, count: int) -> None:
    for number in range(count):
        await learning.add(ground, f"{number}.md", f"第 {number} 件商品三天内发货。")


@pytest.fixture
def job(ground: Ground) -> Job:
    return Job(
        id=1, workspace_id=ground.workspace_id, lane="a", kind="find_contradictions", ref="1", data={}, attempts=1
    )


async def test_it_begins_when_the_heap_is_learned(learning: Learning, ground: Ground, job: Job) -> None:
    done = asyncio.Event()

    async def handle(_: Job) -> None:
        done.set()

    await _queue(learning, ground, FEW_FILES)
    waiting = asyncio.ensure_future(after_files(learning.db, handle, asyncio.Semaphore(1))(job))
    await asyncio.sleep(0.5)
    assert not done.is_set()
    await learning.work()
    await asyncio.wait_for(waiting, 10)
    assert done.is_set()


@pytest.mark.parametrize(("count", "longest"), [(FEW_FILES - 1, 60.0), (FEW_FILES, 0.5)])
async def test_it_waits_neither_for_a_few_files_nor_for_ever(
    learning: Learning, ground: Ground, job: Job, count: int, longest: float
) -> None:
    done = asyncio.Event()

    async def handle(_: Job) -> None:
        done.set()

    await _queue(learning, ground, count)
    began = time.monotonic()
    await after_files(learning.db, handle, asyncio.Semaphore(1), longest)(job)
    assert done.is_set()
    assert time.monotonic() - began < 5
