"""A process that dies while it learns a document loses nothing but time."""

import asyncio
import signal
import sys
from pathlib import Path

from tests.conftest import Ground
from tests.learning import ENCODER_PATH, Learning
from yingke.kit.postgres.run import Cluster

ROOT = Path(__file__).parents[2]
COUNT = 1500


async def start(cluster: Cluster, learning: Learning) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.emulators.ingest_process",
        cluster.dsn("yingke_app"),
        str(learning.folder),
        str(ENCODER_PATH),
        cwd=ROOT,
    )


async def stored(ground: Ground) -> int:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return int(await tx.fetchval("select count(*) from passages"))


async def test_a_killed_process_is_continued_by_the_next(learning: Learning, ground: Ground, cluster: Cluster) -> None:
    content = "\n\n".join(f"## 第 {n} 号商品多少钱?\n第 {n} 号商品的价格是 {n} 元。" for n in range(COUNT))
    document_id = await learning.add(ground, "价目.md", content)
    process = await start(cluster, learning)
    try:
        async with asyncio.timeout(60):
            while not 64 <= await stored(ground) < COUNT - 100:
                await asyncio.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    before = await stored(ground)
    row = await learning.document(ground, document_id)
    assert row["state"] == "indexing"
    assert before < COUNT
    assert await learning.find(ground, "第 3 号商品多少钱") == []
    async with ground.db.transaction(ground.workspace_id) as tx:
        first = await tx.fetchval("select min(id) from passages")
        # The lease of the dead process would run out by itself after a minute.
        await tx.execute("update jobs set leased_until = now() where kind = 'ingest'")
    process = await start(cluster, learning)
    try:
        async with asyncio.timeout(60):
            while (await learning.document(ground, document_id))["state"] != "ready":
                await asyncio.sleep(0.05)
    finally:
        process.terminate()
        await process.wait()
    assert await stored(ground) == COUNT
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select min(id) from passages where is_live") == first
        assert await tx.fetchval("select count(distinct ordinal) from passages where is_live") == COUNT
    hits = await learning.find(ground, "第 3 号商品多少钱")
    assert any("第 3 号商品的价格是 3 元" in hit.entry.text for hit in hits)
