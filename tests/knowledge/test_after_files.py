"""What follows from documents gives way while a heap of files is learned, but not for ever."""

import pytest

from tests.conftest import Ground
from tests.learning import Learning
from yingke.app.worker import FEW_FILES, WAITS_SECONDS, after_files
from yingke.kit.jobs import Job, RetryJob


async def _queue(learning: Learning, ground: Ground, count: int) -> None:
    for number in range(count):
        await learning.add(ground, f"{number}.md", f"第 {number} 件商品三天内发货。")


def _job(ground: Ground, attempts: int) -> Job:
    return Job(
        id=1,
        workspace_id=ground.workspace_id,
        lane="a",
        kind="find_contradictions",
        ref="1",
        data={},
        attempts=attempts,
    )


async def test_it_asks_again_later_and_begins_when_the_heap_is_learned(learning: Learning, ground: Ground) -> None:
    done: list[int] = []

    async def handle(job: Job) -> None:
        done.append(job.attempts)

    await _queue(learning, ground, FEW_FILES)
    look = after_files(learning.db, handle)
    with pytest.raises(RetryJob) as wish:
        await look(_job(ground, 1))
    assert wish.value.seconds == WAITS_SECONDS[0]
    assert not done
    await learning.work()
    await look(_job(ground, 2))
    assert done == [2]


@pytest.mark.parametrize(("count", "attempts"), [(FEW_FILES - 1, 1), (FEW_FILES, len(WAITS_SECONDS) + 1)])
async def test_it_waits_neither_for_a_few_files_nor_for_ever(
    learning: Learning, ground: Ground, count: int, attempts: int
) -> None:
    done: list[int] = []

    async def handle(job: Job) -> None:
        done.append(job.attempts)

    await _queue(learning, ground, count)
    await after_files(learning.db, handle)(_job(ground, attempts))
    assert done == [attempts]


def test_it_waits_ten_minutes_at_most() -> None:
    assert sum(WAITS_SECONDS) == 600
