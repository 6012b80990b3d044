"""While a heap of files is learned, questions are answered beside the building of indexes, a few seconds behind."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from tests.conftest import Ground
from tests.learning import Learning, caller_of
from yingke.kit.db import Transaction
from yingke.knowledge.change_document import change_document, delete_document
from yingke.knowledge.entry import Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.ingest import run_ingest
from yingke.knowledge.knowledge_version import raise_version, read_version
from yingke.knowledge.library import MANY_FILES, Library
from yingke.knowledge.replace_file import replace_file


async def _next_version(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await raise_version(tx, ground.workspace_id, only_adds=True)
        return await read_version(tx, ground.workspace_id)


async def _queue(learning: Learning, ground: Ground, count: int) -> None:
    for number in range(count):
        await learning.add(ground, f"{number}.md", f"第 {number} 件商品三天内发货。")


async def _told(learning: Learning, library: Library, ground: Ground) -> set[str]:
    """What a customer who asks now may be told of the deposit."""
    version = await learning.version(ground)
    index = library.at_hand(ground.workspace_id, version) or await library.index_for(ground.workspace_id, version)
    return await _found(learning, index)


async def _found(learning: Learning, index: KnowledgeIndex) -> set[str]:
    (vector,) = await learning.encoder.encode([fold("押金多少钱")])
    hits = index.search(query_for("押金多少钱", vector), scope=Scope(datetime.now(UTC)), limit=30)
    return {amount for amount in ("173 元", "288 元") if any(amount in hit.entry.text for hit in hits)}


async def _learn_one_of_a_heap(learning: Learning, ground: Ground) -> int:
    document = await learning.learn(ground, "押金.md", "# 押金\n\n清关押金为每单 173 元。")
    await _queue(learning, ground, MANY_FILES)
    return document


async def _work_on(learning: Learning, document: int) -> None:
    for job in await learning.claim():
        if job.data["document_id"] == document:
            await run_ingest(learning.db, learning.files, learning.library, job)


async def _delete(tx: Transaction, ground: Ground, document: int) -> None:
    await delete_document(tx, caller_of(ground), document)


async def _keep_to_staff(tx: Transaction, ground: Ground, document: int) -> None:
    await change_document(tx, caller_of(ground), document, audience="staff")


@pytest.mark.parametrize("change", [_delete, _keep_to_staff])
async def test_what_is_taken_away_amid_a_heap_is_told_to_nobody_from_then_on(
    learning: Learning, ground: Ground, change: Callable[[Transaction, Ground, int], Awaitable[None]]
) -> None:
    library = Library(learning.db, learning.encoder, lag_seconds=60)
    document = await _learn_one_of_a_heap(learning, ground)
    assert await _told(learning, library, ground) == {"173 元"}
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change(tx, ground, document)
    await _next_version(ground)
    assert await _told(learning, library, ground) == set()


async def test_a_new_version_amid_a_heap_replaces_the_old_one_at_once(learning: Learning, ground: Ground) -> None:
    library = Library(learning.db, learning.encoder, lag_seconds=60)
    document = await _learn_one_of_a_heap(learning, ground)
    assert await _told(learning, library, ground) == {"173 元"}
    upload = await learning.keep(ground, "押金.md", "# 押金\n\n清关押金为每单 288 元。")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await replace_file(tx, caller_of(ground), document, upload)
    await _work_on(learning, document)
    assert await _told(learning, library, ground) == {"288 元"}


async def test_a_first_version_amid_a_heap_is_an_addition(learning: Learning, ground: Ground) -> None:
    library = Library(learning.db, learning.encoder, lag_seconds=60)
    await _queue(learning, ground, MANY_FILES)
    first = await library.current(ground.workspace_id)
    document = await learning.add(ground, "押金.md", "# 押金\n\n清关押金为每单 173 元。")
    await _work_on(learning, document)
    assert library.at_hand(ground.workspace_id, await learning.version(ground)) is first


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
