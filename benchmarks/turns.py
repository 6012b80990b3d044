"""Row 1: durable turns a second end to end over WebSocket with the scripted model, and the bare statements beside it."""

import asyncio
import time
from typing import Any

import asyncpg

from benchmarks.product import Product, run_product
from benchmarks.visitors import Figures, close_all, open_visitors, percentile, talk
from yingke.kit.db import prepare_connection
from yingke.kit.postgres.run import find_cluster

VISITORS = 500
BATCH = 64


async def measure_turns(processes: int, seconds: float) -> dict[str, Any]:
    async with run_product("serve", "--processes", str(processes), settings={"YINGKE_SCRIPTED_MODEL": "1"}) as product:
        bare = await _bare_statements(product, seconds / 2)
        figures = Figures()
        visitors = await open_visitors(product, VISITORS, figures)
        for visitor in visitors:
            visitor.questions = ["什么时候发货?", "这个多少钱", "能便宜点吗"]
        await talk(visitors, figures, 2.0)
        warm = len(figures.reply_ms)
        figures.reply_ms.clear()
        figures.ack_ms.clear()
        took = await talk(visitors, figures, seconds)
        close_all(visitors)
        turns = len(figures.reply_ms) / took
        return {
            "processes": processes,
            "visitors": VISITORS,
            "merge_window_ms": 0,
            "batch_limit": BATCH,
            "turns_per_s": round(turns),
            "reply_ms_p50": percentile(figures.reply_ms, 0.5),
            "reply_ms_p99": percentile(figures.reply_ms, 0.99),
            "ack_ms_p99": percentile(figures.ack_ms, 0.99),
            "refused": figures.refused,
            "warm_up_turns": warm,
            "bare_statements_turns_per_s": round(bare),
            "share_of_bare": round(turns / bare, 3),
            "memory_mb": round(product.memory_mb()),
        }


async def _bare_statements(product: Product, seconds: float) -> float:
    """The same two functions in batches of 64 on two connections, without any product."""
    cluster = find_cluster(product.folder / "data")
    assert cluster is not None
    workspace = int(product.workspace["workspace_id"])
    pool = await asyncpg.create_pool(cluster.dsn("yingke_app"), min_size=2, max_size=2, init=prepare_connection)
    shop = int(product.workspace["shop_id"])
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"set local app.workspace_id = '{workspace}'")
        account = await connection.fetchval("select id from channel_accounts where shop_id = $1", shop)
        rows = await connection.fetch(
            "with k as (insert into contacts (workspace_id) select $1 from generate_series(1, $4) returning id),"
            " i as (insert into identities (workspace_id, contact_id, channel_account_id) select $1, id, $3 from k returning id)"
            " insert into conversations (workspace_id, shop_id, channel_account_id, identity_id)"
            " select $1, $2, $3, id from i returning id, identity_id",
            workspace,
            shop,
            account,
            VISITORS,
        )
    half = len(rows) // 2
    began = time.perf_counter()
    counts = await asyncio.gather(
        *(_drive(pool, workspace, part, began + seconds) for part in (rows[:half], rows[half:]))
    )
    took = time.perf_counter() - began
    await pool.close()
    return float(sum(counts)) / took


async def _drive(pool: Any, workspace: int, rows: list[Any], until: float) -> int:
    done, number, seqs = 0, 0, {row["id"]: 0 for row in rows}
    async with pool.acquire() as connection:
        while time.perf_counter() < until:
            number += 1
            for start in range(0, len(rows), BATCH):
                part = rows[start : start + BATCH]
                n = len(part)
                ids = [row["id"] for row in part]
                got = await connection.fetch(
                    "select * from receive_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
                    [workspace] * n, ids, [row["identity_id"] for row in part], [f"b{number}"] * n, ["text"] * n,
                    ["什么时候发货?"] * n, [None] * n, "bench", 10, False,
                )  # fmt: skip
                for row in got:
                    seqs[row["conversation_id"]] = row["seq"]
                await connection.fetch(
                    "select * from reply_batch($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)",
                    [workspace] * n, ids, [1] * n, [seqs[key] for key in ids], ["收到:什么时候发货?"] * n, [None] * n,
                    [{"engine": "notice"}] * n, [None] * n, [0] * n, [None] * n, [True] * n, [None] * n, [None] * n,
                    [None] * n, False,
                )  # fmt: skip
                done += n
    return done
