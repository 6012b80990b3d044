"""The knowledge in memory: one loading for all, exchanged at once, bounded."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tests.conftest import Ground, NewGround
from tests.learning import Learning, caller_of
from yingke.kit.errors import Problem
from yingke.knowledge.change_document import change_document, delete_document
from yingke.knowledge.library import Library, raise_version
from yingke.knowledge.qa_pairs import NewPair, add_pair

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出。\n"


class CountingLibrary(Library):
    """Counts how often the database is read."""

    loads = 0

    async def _load(self, workspace_id: int):  # type: ignore[no-untyped-def]
        self.loads += 1
        await asyncio.sleep(0.01)
        return await super()._load(workspace_id)


async def test_many_who_wait_cause_one_loading(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    library = CountingLibrary(learning.db, learning.encoder)
    version = await learning.version(ground)
    indexes = await asyncio.gather(*(library.index_for(ground.workspace_id, version) for _ in range(50)))
    assert library.loads == 1
    assert len({id(index) for index in indexes}) == 1
    assert library.at_hand(ground.workspace_id, version) is indexes[0]


async def test_one_who_gives_up_does_not_stop_the_others(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    library = CountingLibrary(learning.db, learning.encoder)
    version = await learning.version(ground)
    waiting = [asyncio.create_task(library.index_for(ground.workspace_id, version)) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    first, *others = await asyncio.gather(*waiting, return_exceptions=True)
    assert isinstance(first, asyncio.CancelledError)
    assert all(len(index.entries) == 1 for index in others)


async def test_a_newer_version_is_loaded_and_an_older_wish_is_served_from_it(
    learning: Learning, ground: Ground
) -> None:
    library = CountingLibrary(learning.db, learning.encoder)
    old = await learning.version(ground)
    assert (await library.index_for(ground.workspace_id, old)).entries == ()
    await learning.learn(ground, "发货.md", SHIPPING)
    new = await learning.version(ground)
    assert new > old
    assert library.at_hand(ground.workspace_id, new) is None
    assert len((await library.index_for(ground.workspace_id, new)).entries) == 1
    assert len((await library.index_for(ground.workspace_id, old)).entries) == 1
    assert library.loads == 2


async def test_memory_is_bounded_and_the_least_used_goes_first(learning: Learning, new_ground: NewGround) -> None:
    grounds = [await new_ground() for _ in range(3)]
    for ground in grounds:
        await add_pair(learning.db, learning.encoder, caller_of(ground), NewPair(("几点上班",), "九点"))
    probe = Library(learning.db, learning.encoder)
    version = await learning.version(grounds[0])
    one = (await probe.index_for(grounds[0].workspace_id, version)).memory_bytes
    library = CountingLibrary(learning.db, learning.encoder, most_bytes=int(one * 2.5))
    for ground in (*grounds[:2], grounds[0], grounds[2]):
        await library.index_for(ground.workspace_id, version)
    held = [library.at_hand(ground.workspace_id, version) is not None for ground in grounds]
    assert held == [True, False, True]
    assert library.loads == 3


async def test_one_workspace_larger_than_the_bound_is_still_served(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    library = Library(learning.db, learning.encoder, most_bytes=1)
    version = await learning.version(ground)
    assert (await library.index_for(ground.workspace_id, version)).entries
    assert library.at_hand(ground.workspace_id, version) is not None


async def test_a_failed_loading_is_tried_again(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    version = await learning.version(ground)

    class Failing(Library):
        broken = True

        async def _load(self, workspace_id: int):  # type: ignore[no-untyped-def]
            if self.broken:
                del self._loading[workspace_id]
                raise Problem(503, "busy", "忙", "busy")
            return await super()._load(workspace_id)

    library = Failing(learning.db, learning.encoder)
    with pytest.raises(Problem, match="busy"):
        await library.index_for(ground.workspace_id, version)
    library.broken = False
    assert (await library.index_for(ground.workspace_id, version)).entries


async def test_validity_begins_and_ends_without_a_new_loading(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "活动.md", "# 活动\n\n## 有什么活动?\n满 300 减 40,可累计。\n")
    soon = datetime.now(UTC) + timedelta(seconds=1.2)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await change_document(tx, caller_of(ground), document_id, valid_to=soon)
    assert await learning.find(ground, "有什么活动")
    await asyncio.sleep(1.3)
    assert await learning.find(ground, "有什么活动") == []


async def test_a_deleted_document_leaves_the_index(learning: Learning, ground: Ground) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    assert (await learning.library.current(ground.workspace_id)).entries
    async with ground.db.transaction(ground.workspace_id) as tx:
        await delete_document(tx, caller_of(ground), document_id)
    assert (await learning.library.current(ground.workspace_id)).entries == ()


async def test_more_passages_than_a_page_are_all_loaded(learning: Learning, ground: Ground) -> None:
    content = "\n\n".join(f"## 第 {n} 号商品多少钱?\n第 {n} 号商品 {n} 元。" for n in range(1203))
    await learning.learn(ground, "价目.md", content)
    index = await learning.library.current(ground.workspace_id)
    assert len(index.entries) == 1203
    assert len({entry.id for entry in index.entries}) == 1203


async def test_a_preview_answers_from_the_waiting_version_and_leaves_the_live_one(
    learning: Learning, ground: Ground
) -> None:
    document_id = await learning.learn(ground, "发货.md", SHIPPING)
    await learning.learn(ground, "退货.md", "# 退货\n\n## 几天能退?\n七天。\n")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into passages (workspace_id, document_id, version, ordinal, kind, text, search_text, content_hash,"
            " embedding) select workspace_id, document_id, 2, 0, kind, '每天 18:00 前付款当天发出。', search_text, '\\x00',"
            " embedding from passages where document_id = $1",
            document_id,
        )
    preview = await learning.library.preview(ground.workspace_id, document_id, 2)
    live = await learning.library.current(ground.workspace_id)
    assert sorted(entry.text for entry in preview.entries) == ["七天。", "每天 18:00 前付款当天发出。"]
    assert any("16:00" in entry.text for entry in live.entries)


async def test_only_live_pairs_are_found_and_bring_their_languages_along(learning: Learning, ground: Ground) -> None:
    pairs = [NewPair(("几点上班",), "九点"), NewPair(("几点下班",), "六点")]
    ids = [await add_pair(learning.db, learning.encoder, caller_of(ground), pair) for pair in pairs]
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update qa_pairs set answers = $2 where id = $1", ids[0], {"en": "At nine."})
        await tx.execute("update qa_pairs set state = 'retired' where id = $1", ids[1])
        await raise_version(tx, ground.workspace_id)
    index = await learning.library.current(ground.workspace_id)
    assert [(entry.text, entry.answers) for entry in index.entries] == [("九点", {"en": "At nine."})]


async def test_what_was_decided_about_being_sure_comes_with_its_version(learning: Learning, ground: Ground) -> None:
    assert (await learning.library.current(ground.workspace_id)).answering == {}
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into knowledge_settings (workspace_id, answering) values ($1, $2)",
            ground.workspace_id,
            {"threshold": 0.6},
        )
        await raise_version(tx, ground.workspace_id)
    assert (await learning.library.current(ground.workspace_id)).answering == {"threshold": 0.6}
