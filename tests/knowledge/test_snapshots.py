"""A workspace comes back from this machine's disk just as it was, and never older than the database."""

import os
import pickle
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import Ground, NewGround
from tests.learning import Learning, caller_of
from yingke.knowledge.entry import Hit, Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, query_for
from yingke.knowledge.library import Library, raise_version
from yingke.knowledge.qa_pairs import NewPair, add_pair
from yingke.knowledge.snapshots import _HEAD, Snapshots

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出。\n\n## 发什么快递?\n顺丰或中通。\n"


class Watched(Snapshots):
    """Counts what was read from the disk."""

    loads = 0

    def load(self, workspace_id: int) -> tuple[KnowledgeIndex, int] | None:
        found = super().load(workspace_id)
        self.loads += found is not None
        return found


@pytest.fixture
def snapshots(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "cache")


async def ask(learning: Learning, index: KnowledgeIndex, text: str) -> list[Hit]:
    (vector,) = await learning.encoder.encode([fold(text)])
    return index.search(query_for(text, vector), scope=Scope(datetime.now(UTC)), limit=5)


async def test_what_comes_back_answers_with_the_same_scores(
    learning: Learning, ground: Ground, snapshots: Watched
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    plain = await learning.library.current(ground.workspace_id)
    first = await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    second = await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    assert snapshots.loads == 1
    for index in (first, second):
        assert [entry.text for entry in index.entries] == [entry.text for entry in plain.entries]
        hits, expected = await ask(learning, index, "什么时候发货"), await ask(learning, plain, "什么时候发货")
        assert [(hit.entry.id, hit.score, hit.reading) for hit in hits] == [
            (hit.entry.id, hit.score, hit.reading) for hit in expected
        ]
        found = index.find_entry(hits[0].entry.id)
        assert found is not None
        assert found.text == hits[0].entry.text
        assert index.find_entry(-1) is None


async def test_a_snapshot_dies_with_the_version_it_came_from(
    learning: Learning, ground: Ground, snapshots: Watched
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    await add_pair(learning.db, learning.encoder, caller_of(ground), NewPair(("几点上班",), "九点"))
    later = await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    assert snapshots.loads == 0
    assert "九点" in {entry.text for entry in later.entries}
    await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    assert snapshots.loads == 1


async def test_a_version_counted_again_after_a_restore_is_not_taken_for_the_old_one(
    learning: Learning, ground: Ground, snapshots: Watched
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    version = await learning.version(ground)
    await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    await add_pair(learning.db, learning.encoder, caller_of(ground), NewPair(("几点上班",), "九点"))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update workspaces set knowledge_version = $1", version)
    index = await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    assert snapshots.loads == 0
    assert "九点" in {entry.text for entry in index.entries}


async def test_workspaces_never_share_a_snapshot(learning: Learning, new_ground: NewGround, snapshots: Watched) -> None:
    one, other = await new_ground(), await new_ground()
    library = Library(learning.db, learning.encoder, snapshots=snapshots)
    for ground, answer in ((one, "九点"), (other, "十点")):
        await add_pair(learning.db, learning.encoder, caller_of(ground), NewPair(("几点上班",), answer))
        await library.current(ground.workspace_id)
    again = Library(learning.db, learning.encoder, snapshots=snapshots)
    assert [entry.text for entry in (await again.current(one.workspace_id)).entries] == ["九点"]
    assert [entry.text for entry in (await again.current(other.workspace_id)).entries] == ["十点"]


async def test_what_was_decided_is_read_with_its_version_not_from_the_disk(
    learning: Learning, ground: Ground, snapshots: Watched
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into knowledge_settings (workspace_id, answering) values ($1, $2)", ground.workspace_id, {"a": 1}
        )
        await raise_version(tx, ground.workspace_id)
    index = await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    assert index.answering == {"a": 1}


async def test_a_damaged_or_exchanged_file_is_made_anew_and_runs_nothing(
    learning: Learning, ground: Ground, snapshots: Watched, tmp_path: Path
) -> None:
    await learning.learn(ground, "发货.md", SHIPPING)
    await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
    (file,) = (tmp_path / "cache").glob("*.index")
    good = file.read_bytes()
    trace = tmp_path / "was-run"

    class Bad:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(trace),)

    body = pickle.dumps(Bad())
    head = _HEAD.unpack_from(good)
    for content in (good[:-40], good[: _HEAD.size], _HEAD.pack(*head[:3], zlib.crc32(body)) + body, b""):
        file.write_bytes(content)
        index = await Library(learning.db, learning.encoder, snapshots=snapshots).current(ground.workspace_id)
        assert len(index.entries) == 2
    assert snapshots.loads == 0
    assert not trace.exists()


async def test_the_folder_is_bounded(learning: Learning, new_ground: NewGround, tmp_path: Path) -> None:
    small = Snapshots(tmp_path / "cache", most_bytes=1)
    for _ in range(2):
        ground = await new_ground()
        await add_pair(learning.db, learning.encoder, caller_of(ground), NewPair(("几点上班",), "九点"))
        index = await Library(learning.db, learning.encoder, snapshots=small).current(ground.workspace_id)
        assert len(index.entries) == 1
    assert len(list((tmp_path / "cache").glob("*.index"))) <= 1
