"""While a heap of files is learned a process beside the server builds its indexes, and may die at any time."""

import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Ground
from tests.learning import Learning
from yingke.kit.db import Database
from yingke.kit.postgres.run import Cluster
from yingke.knowledge.build_child import Built, Kept, build
from yingke.knowledge.index import prepare
from yingke.knowledge.index_builder import IndexBuilder
from yingke.knowledge.library import MANY_FILES, Library
from yingke.knowledge.prepared_before import prepared_before
from yingke.knowledge.read_entries import read_entries
from yingke.knowledge.snapshots import Snapshots

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出。\n\n## 发什么快递?\n顺丰或中通。\n"


class Watched(IndexBuilder):
    """Remembers what its child built."""

    def __init__(self, dsn: str, folder: Path) -> None:
        super().__init__(dsn, folder)
        self.built: list[Built | None] = []

    async def build(self, workspace_id: int) -> Built | None:
        self.built.append(await super().build(workspace_id))
        return self.built[-1]

    def kill_child(self) -> None:
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)


@pytest.fixture
async def builder(cluster: Cluster, tmp_path: Path) -> AsyncIterator[Watched]:
    running = Watched(cluster.dsn("yingke_app"), tmp_path)
    yield running
    await running.close()


async def _queue_heap(learning: Learning, ground: Ground) -> None:
    for number in range(MANY_FILES):
        await learning.add(ground, f"{number}.md", f"第 {number} 件商品三天内发货。")


async def test_the_index_of_a_heap_comes_from_the_process_beside_and_is_the_same(
    learning: Learning, ground: Ground, builder: Watched, tmp_path: Path
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    await _queue_heap(learning, ground)
    library = Library(learning.db, learning.encoder, snapshots=Snapshots(tmp_path), builder=builder)
    beside = await library.current(ground.workspace_id)
    own = await Library(learning.db, learning.encoder).current(ground.workspace_id)
    assert builder.built == [
        Built(await learning.version(ground), max(entry.id for entry in own.entries), answering={}, search={})
    ]
    assert [(entry.id, entry.text) for entry in beside.entries] == [(entry.id, entry.text) for entry in own.entries]
    assert beside.words.rarity("发货") == own.words.rarity("发货")


async def test_a_killed_builder_comes_back(
    learning: Learning, ground: Ground, builder: Watched, tmp_path: Path
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    assert await builder.build(ground.workspace_id) is not None
    builder.kill_child()
    assert await builder.build(ground.workspace_id) is not None


async def test_without_a_process_beside_it_the_server_builds_for_itself(
    learning: Learning, ground: Ground, tmp_path: Path
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    await _queue_heap(learning, ground)
    nowhere = Watched("postgresql://nobody@127.0.0.1:1/none", tmp_path)
    library = Library(learning.db, learning.encoder, snapshots=Snapshots(tmp_path), builder=nowhere)
    index = await library.current(ground.workspace_id)
    assert nowhere.built == [None]
    assert any("16:00" in entry.text for entry in index.entries)


async def test_what_was_prepared_before_is_taken_again_and_what_changed_is_not(
    db: Database, learning: Learning, ground: Ground, tmp_path: Path
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    index = await learning.library.current(ground.workspace_id)
    kept, entries = Kept(), list(index.entries)
    fresh = [prepare(entry) for entry in entries]
    assert kept.prepare(ground.workspace_id, entries) == fresh
    assert kept.prepare(ground.workspace_id, entries) == fresh
    other = [replace(entries[0], search_text="什么时候营业"), *entries[1:]]
    assert kept.prepare(ground.workspace_id, other) == [prepare(other[0]), *fresh[1:]]


async def test_a_change_of_any_field_prepares_an_entry_anew(learning: Learning, ground: Ground) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    entry = (await learning.library.current(ground.workspace_id)).entries[0]
    known = prepare(entry)
    again = prepared_before({entry.id: (entry, known)})
    assert again(replace(entry)) is known
    for change in ({"text": "别的"}, {"row": {"价格": "9"}}, {"answers": {"en": "Nine"}}, {"id": entry.id + 1}):
        assert again(replace(entry, **change)) is not known


async def test_an_empty_workspace_is_left_to_the_server(db: Database, ground: Ground, tmp_path: Path) -> None:
    moment = await read_entries(db, ground.workspace_id)
    assert moment.rows == []
    assert await build(db, Snapshots(tmp_path), Kept(), ground.workspace_id) is None
