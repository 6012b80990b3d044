"""Search: a hundred thousand passages in one workspace, and a thousand workspaces of five hundred."""

import asyncio
import hashlib
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np
from numpy.typing import NDArray

from benchmarks.shop_texts import ShopText, shop_texts
from yingke.app.migrate import migrate
from yingke.kit.db import Database
from yingke.kit.jobs import Job
from yingke.kit.postgres.run import run_postgres
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Scope
from yingke.knowledge.fold import fold
from yingke.knowledge.index import KnowledgeIndex, Query, query_for
from yingke.knowledge.large.find import find
from yingke.knowledge.large.fit_large import fit_large
from yingke.knowledge.library import MOST_BYTES, Library
from yingke.knowledge.snapshots import Snapshots

IN_ONE, IN_EACH, QUESTIONS, LIMIT = 100_000, 500, 400, 12
ROW_BY_ROW = 1000
_INSERT = (
    "insert into passages (workspace_id, document_id, is_live, ordinal, kind, heading, text, search_text, row, content_hash,"
    " embedding) values ($1, $2, true, $3, $4, $5, $6, $7, $8, $9, $10)"
)


@dataclass
class Stage:
    """A database, an encoder, and texts with their vectors."""

    db: Database
    encoder: Encoder
    folder: Path
    texts: list[ShopText]
    vectors: NDArray[np.float16]
    admin_dsn: str

    async def fill(self, first: int, count: int) -> int:
        """A workspace with `count` passages from `first` on; returns its id."""
        async with self.db.system() as tx:
            workspace = await tx.fetchval("select create_workspace('测速', 'zh-CN', 'Asia/Shanghai', false)")
        for start in range(0, count, 2000):
            async with self.db.transaction(workspace) as tx:
                document = await tx.fetchval(
                    "insert into documents (workspace_id, name, state, ready_at) values ($1, $2, 'ready', now()) returning id",
                    workspace, f"资料 {start}.xlsx",
                )  # fmt: skip
                await tx.executemany(
                    _INSERT,
                    [
                        (workspace, document, at, one.kind, one.heading, one.text, one.search_text, one.row,
                         hashlib.blake2b(one.text.encode(), digest_size=16).digest(), self.vectors[place])
                        for at in range(min(2000, count - start))
                        for place in [(first + start + at) % len(self.texts)]
                        for one in [self.texts[place]]
                    ],
                )  # fmt: skip
        return int(workspace)

    async def questions(self, places: Sequence[int]) -> list[Query]:
        asked = [self.texts[place].question for place in places]
        vectors = await self.encoder.encode_many([fold(text) for text in asked])
        return [query_for(text, vector) for text, vector in zip(asked, vectors, strict=True)]


async def measure_search(workspaces: int = 1000, in_one: int = IN_ONE) -> dict[str, Any]:
    """Both set-ups; times in milliseconds around loading and searching, without encoding the question."""
    async with _stage(max(in_one, 20_000)) as stage:
        return {
            "encoder": await _encoder(stage),
            f"one_workspace_of_{in_one}": await _measure_large(stage, in_one),
            f"{workspaces}_workspaces_of_{IN_EACH}": await _measure_many(stage, workspaces),
        }


@asynccontextmanager
async def _stage(count: int) -> Any:
    folder = Path(tempfile.mkdtemp(prefix="yk-bench-"))
    folder.chmod(0o711)
    try:
        async with run_postgres(folder / "data") as running:
            password = running.dsn("yingke_app").split("://", 1)[1].split("@")[0].split(":")[1]
            await migrate(running.dsn(), password)
            db = await Database.open(running.dsn("yingke_app"), 8)
            encoder = await Encoder.start(folder / "e")
            texts = shop_texts(count)
            yield Stage(db, encoder, folder, texts, await _vectors(encoder, texts), running.dsn())
            await encoder.close()
            await db.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _vectors(encoder: Encoder, texts: Sequence[ShopText]) -> NDArray[np.float16]:
    """By the real encoder, kept for the next run."""
    name = hashlib.blake2b("\n".join(one.search_text for one in texts).encode(), digest_size=8).hexdigest()
    path = Path(tempfile.gettempdir()) / f"yingke-bench-{name}.npy"
    if not path.is_file():
        vectors = await encoder.encode_many([fold(one.search_text) for one in texts])
        np.save(path, vectors.astype(np.float16))
    return np.asarray(np.load(path))


async def _encoder(stage: Stage) -> dict[str, Any]:
    """Texts a second in bulk, and what a live question waits meanwhile."""
    fresh = [f"{one.text}（第 {at} 条）" for at, one in enumerate(stage.texts[:2000])]

    async def ask(number: int) -> None:
        await stage.encoder.encode([f"第 {number} 个问题，多久发货"])

    alone = await _timed([partial(ask, n) for n in range(60)])
    began = time.perf_counter()
    bulk = asyncio.create_task(stage.encoder.encode_many(fresh))
    beside = await _timed([partial(ask, 100 + n) for n in range(60)])
    was_running = not bulk.done()
    await bulk
    return {
        "bulk_texts_a_second": round(len(fresh) / (time.perf_counter() - began)),
        "mean_characters": round(float(np.mean([len(text) for text in fresh]))),
        "live_ms_alone": alone,
        "live_ms_beside_bulk": beside,
        "bulk_ran_all_the_while": was_running,
    }


async def _move_in(stage: Stage, workspace: int) -> dict[str, float]:
    """As the product does it, but for the two indexes: they are dropped before and built once after, which takes a
    fraction of the time; then some passages more, row by row, to see what one costs in daily life."""
    admin = await asyncpg.connect(stage.admin_dsn)
    try:
        indexes = await admin.fetch(
            "select indexname, indexdef from pg_indexes where tablename = 'large_passages' and indexname <> 'large_passages_pkey'"
        )
        for index in indexes:
            await admin.execute(f"drop index {index['indexname']}")
        job = Job(1, workspace, "large", "fit_large", "", {}, 1)
        began = time.perf_counter()
        await fit_large(stage.db, job)
        prepared = time.perf_counter()
        await admin.execute("set maintenance_work_mem = '1GB'")
        for index in indexes:
            await admin.execute(index["indexdef"])
        await admin.execute("analyze")
        built = time.perf_counter()
        async with stage.db.transaction(workspace) as tx:
            await tx.execute(
                "delete from large_passages where workspace_id = $1 and passage_id in"
                " (select passage_id from large_passages where workspace_id = $1 order by passage_id limit $2)",
                workspace, ROW_BY_ROW,
            )  # fmt: skip
        again = time.perf_counter()
        await fit_large(stage.db, job)
        each = (time.perf_counter() - again) / ROW_BY_ROW
    finally:
        await admin.close()
    return {
        "prepare_s": round(prepared - began, 1),
        "build_indexes_s": round(built - prepared, 1),
        "ms_a_passage_row_by_row": round(each * 1000, 2),
    }


async def _measure_large(stage: Stage, count: int) -> dict[str, Any]:
    workspace = await stage.fill(0, count)
    moved_in = await _move_in(stage, workspace)
    queries = await stage.questions([int(at) for at in np.linspace(0, count - 1, QUESTIONS)])
    began = time.perf_counter()
    large = await Library(stage.db, stage.encoder).current(workspace)
    load_s = time.perf_counter() - began
    scope = Scope(datetime.now(UTC))

    async def ask(query: Query, index: KnowledgeIndex = large) -> list[int]:
        return [hit.entry.id for hit in (await find(index, [query], scope=scope, limit=LIMIT))[0]][:5]

    cold = await _timed([partial(ask, query) for query in queries[:50]])
    warm = await _timed([partial(ask, query) for query in queries])
    found = [await ask(query) for query in queries]
    async with stage.db.transaction(workspace) as tx:
        await tx.execute("update large_workspaces set is_ready = false where workspace_id = $1", workspace)
    exact = await Library(stage.db, stage.encoder).current(workspace)
    wanted = [await ask(query, exact) for query in queries]
    named = [query for query in range(len(queries)) if not queries[query].codes]
    return {
        "ms_first_fifty": cold,
        "ms": warm,
        "recall_of_exact_top_5": _recall(found, wanted),
        "recall_of_exact_top_5_where_no_code_was_asked": _recall(
            [found[at] for at in named], [wanted[at] for at in named]
        ),
        "same_first": round(float(np.mean([a[:1] == b[:1] for a, b in zip(found, wanted, strict=True)])), 4),
        "move_in": moved_in,
        "load_s": round(load_s, 2),
        "memory_mb": round(large.memory_bytes / 1e6, 1),
    }


async def _measure_many(stage: Stage, workspaces: int) -> dict[str, Any]:
    ids = [await stage.fill(number * IN_EACH * 7, IN_EACH) for number in range(workspaces)]
    snapshots = Snapshots(stage.folder / "cache")
    library = Library(stage.db, stage.encoder, snapshots=snapshots)
    rng = random.Random(5)
    picked = [(rng.randrange(workspaces), rng.randrange(IN_EACH)) for _ in range(QUESTIONS)]
    queries = await stage.questions([(number * IN_EACH * 7 + at) % len(stage.texts) for number, at in picked])
    scope = Scope(datetime.now(UTC))

    async def ask(number: int, query: Query) -> list[int]:
        index = library.at_hand(ids[number], 1) or await library.index_for(ids[number], 1)
        return [hit.entry.id for hit in (await find(index, [query], scope=scope, limit=LIMIT))[0]]

    first = await _timed([partial(ask, number, queries[0]) for number in range(workspaces)])
    library = Library(stage.db, stage.encoder, snapshots=snapshots)
    cold = await _timed(
        [partial(ask, number, queries[0]) for number in rng.sample(range(workspaces), min(workspaces, 200))]
    )
    mixed = await _timed([partial(ask, one[0], query) for one, query in zip(picked, queries, strict=True)])
    near = picked[0][0]
    warm = await _timed([partial(ask, near, query) for query in queries])
    size = (await library.index_for(ids[near], 1)).memory_bytes
    return {
        "ms_built_for_the_first_time": first,
        "ms_not_in_memory": cold,
        "ms_any_workspace_at_random": mixed,
        "ms_in_memory": warm,
        "memory_limit_mb": MOST_BYTES // 1_000_000,
        "estimated_mb_a_workspace_unpacked": round(size / 1e6, 2),
        "process_max_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _recall(found: Sequence[Sequence[int]], wanted: Sequence[Sequence[int]]) -> float:
    shared = sum(len(set(a) & set(b)) for a, b in zip(found, wanted, strict=True))
    return round(shared / max(1, sum(map(len, wanted))), 4)


async def _timed(actions: Sequence[Callable[[], Awaitable[object]]]) -> dict[str, float]:
    times = []
    for action in actions:
        began = time.perf_counter()
        await action()
        times.append((time.perf_counter() - began) * 1000)
    p50, p95, p99 = np.percentile(times, [50, 95, 99])
    return {"p50": round(float(p50), 2), "p95": round(float(p95), 2), "p99": round(float(p99), 2), "count": len(times)}
