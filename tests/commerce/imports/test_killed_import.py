"""A process that is killed while it imports loses nothing but time, and brings nothing twice."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

from tests.commerce.imports import exports
from tests.commerce.imports.conftest import PATH, Imports
from tests.workspaces.conftest import Browser
from yingke.kit.postgres.run import Cluster

ROOT = Path(__file__).parents[3]
ORDERS = 3000
KILLS = 3


async def start(cluster: Cluster, imports: Imports) -> asyncio.subprocess.Process:
    arguments = ("-m", "tests.commerce.imports.import_process", cluster.dsn("yingke_app"), str(imports.folder))
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)


async def kill(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def until(imports: Imports, owner: Browser, id: str, done: int) -> Any:
    """The import once it has gone through `done` orders, or has ended."""
    async with asyncio.timeout(300):
        while True:
            [row] = await imports.rows(owner, "select * from shop_imports where id = $1", int(id))
            if row["done"] >= done or row["state"] not in ("queued", "reading"):
                return row
            await asyncio.sleep(0.02)


async def test_a_killed_import_is_continued_by_the_next_process(imports: Imports, cluster: Cluster) -> None:
    owner = await imports.door.owner()
    rows: list[list[object]] = [
        ["订单编号", "订单状态", "订单金额", "宝贝标题", "数量", "联系手机", "物流单号", "订单创建时间"]
    ]
    rows += [
        [f"37456987{n:011d}", "已发货", f"¥{n % 900 + 1}.50", "露营灯", n % 3 + 1, f"138****{n % 10000:04d}", f"YS{n:010d}", "2026/11/20 9:00"]
        for n in range(ORDERS)
    ]  # fmt: skip
    begun = await imports.upload(owner, "订单.csv", exports.as_csv(rows, "gb18030"))
    await imports.work()
    guess = (await owner.post(f"{PATH}/{begun['id']}/preview"))["guess"]
    await owner.call("PUT", f"{PATH}/{begun['id']}/mapping", json=guess)
    for kills in range(1, KILLS + 1):
        process = await start(cluster, imports)
        row = await until(imports, owner, begun["id"], ORDERS * kills // (KILLS + 2))
        await kill(process)
        assert row["state"] == "reading"
        async with imports.db.transaction(int(owner.me["workspace"]["id"])) as tx:
            # The lease of the dead process would run out by itself after a minute.
            await tx.execute("update jobs set leased_until = now() where kind = 'shop_import'")
    process = await start(cluster, imports)
    row = await until(imports, owner, begun["id"], ORDERS + 1)
    await kill(process)
    assert (row["state"], row["added"], row["changed"], row["unchanged"], row["skipped"]) == ("ready", ORDERS, 0, 0, 0)
    [counted] = await imports.rows(
        owner,
        "select (select count(*) from orders) as orders, (select count(*) from order_items) as items,"
        " (select count(*) from shipments) as parcels, (select count(*) from shop_import_changes) as changes",
    )
    assert set(counted.values()) == {ORDERS}
