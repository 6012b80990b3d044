"""While a heap of files is learned, questions are answered beside the building of indexes, a few seconds behind."""

import asyncio
import time

from tests.conftest import Ground
from tests.learning import Learning
from yingke.knowledge.knowledge_version import raise_version, read_version
from yingke.knowledge.library import MANY_FILES, Library


async def _next_version(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await raise_version(tx, ground.workspace_id)
        return await read_version(tx, ground.workspace_id)


async def _queue(learning: Learning, ground: Ground, count: int) -> None:
    for number in range(count):
        await learning.add(ground, f"{number}.md", f"第 {number} 件商品三天内发货。")


async def test_a_heap_of_files_does_not_make_each_question_wait_for_a_new_index(
    learning: Learning, ground: Ground
) -> None:
    library = Library(learning.db, learning.encoder, lag_seconds=60)
    await _queue(learning, ground, MANY_FILES)
    first = await library.current(ground.workspace_id)
    assert library.at_hand(ground.workspace_id, await _next_version(ground)) is first


async def test_the_index_is_never_further_behind_than_it_may_be(learning: Learning, ground: Ground) -> None:
    library = Library(learning.db, learning.encoder, lag_seconds=0.6)
    await _queue(learning, ground, MANY_FILES)
    first = await library.current(ground.workspace_id)
    version = await _next_version(ground)
    began = time.monotonic()
    while library.at_hand(ground.workspace_id, version) is first:
        await asyncio.sleep(0.02)
        assert time.monotonic() - began < 5
    assert await library.index_for(ground.workspace_id, version) is not first


async def test_after_a_few_files_the_next_question_knows_them(learning: Learning, ground: Ground) -> None:
    library = Library(learning.db, learning.encoder, lag_seconds=60)
    await _queue(learning, ground, MANY_FILES // 2)
    first = await library.current(ground.workspace_id)
    assert library.at_hand(ground.workspace_id, await _next_version(ground)) is None
    assert await library.current(ground.workspace_id) is not first
