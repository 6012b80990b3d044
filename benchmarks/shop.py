"""The shop's hot calls: finding among 1,000 products and 50,000 variants, opening an order, working out a price."""

import asyncio
import json
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from yingke.app.migrate import migrate
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.finding.need import read_need
from yingke.commerce.orders.verify_order import verify_order
from yingke.commerce.prices.offers import Coupon, EveryReduce, MemberPrice, Promotion, Shipping, ThresholdReduce, Tier
from yingke.commerce.prices.price_lines import price_lines
from yingke.commerce.prices.quote import Wanted
from yingke.commerce.shapes import Order, OrderItem, Product, Variant
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products
from yingke.kit.db import Database
from yingke.kit.postgres.run import run_postgres

THINGS = (
    "帐篷",
    "睡袋",
    "折叠椅",
    "露营灯",
    "外套",
    "背包",
    "保温杯",
    "炉子",
    "套锅",
    "气垫",
    "跑鞋",
    "雨衣",
    "手电",
    "桌子",
)
KINDS = ("轻量", "两人", "四人", "防水", "保暖", "充气", "自动", "便携", "户外", "儿童", "男款", "女款", "大号", "三季")
COLOURS = ("苔绿", "沙色", "黑色", "藏青", "酒红", "灰色", "白色", "橙色", "粉色", "卡其")
NEEDS = (
    "两百以内的睡袋", "俩人带条狗睡得下的帐篷，要绿的", "waterproof jacket under 500", "轻便的折叠椅", "儿童雨衣有没有粉色的",
    "最便宜的保温杯", "P-00421", "四人自动帐篷", "green tent for two", "适合徒步的背包", "男款外套 500 到 800 元", "露营灯",
)  # fmt: skip


@dataclass
class Ground:
    """One workspace with a conversation."""

    db: Database
    workspace_id: int
    talk: int


def invent(number: int, variants: int) -> Product:
    """A product told apart by colours; the same number, the same product."""
    chance = random.Random(number)
    thing, kinds = chance.choice(THINGS), chance.sample(KINDS, 3)
    price = chance.randint(19, 1999) * 100
    made = tuple(
        Variant(
            f"{number}-{at}", price, f"P-{number:05}-{at}", COLOURS[at % 10], {"颜色": COLOURS[at % 10]}, stock=at * 3
        )
        for at in range(variants)
    )
    attributes = {
        "特点": "，".join(kinds),
        "重量": f"{chance.randint(1, 90) / 10}kg",
        "适合": f"{chance.randint(1, 5)} 人",
    }
    said = f"{kinds[0]}又{kinds[1]}的{thing}，适合露营、徒步和旅行。"
    return Product(f"P-{number:05}", f"{kinds[0]}{kinds[1]}{thing}", made, f"P-{number:05}", said, thing, attributes)


async def fill(db: Database, products: int, variants: int) -> Ground:
    async with db.system() as tx:
        workspace = await tx.fetchval("select create_workspace('测速', 'zh-CN', 'Asia/Shanghai', false)")
    for start in range(0, products, 500):
        batch = [invent(number, variants) for number in range(start, min(start + 500, products))]
        async with db.transaction(workspace) as tx:
            await put_products(tx, workspace, None, batch)
    item = OrderItem("帐篷", 1, 49900)
    async with db.transaction(workspace) as tx:
        orders = [Order(f"O{n}", f"QX-{n:06}", "shipped", (item,), 49900, phone=f"138{n:08}") for n in range(1000)]
        await put_orders(tx, workspace, None, orders)
        talk = await tx.fetchval(
            "with shop as (insert into shops (workspace_id, name, site_key, site_secret) values ($1, 's', gen_random_uuid()::text, 'x')"
            " returning id), account as (insert into channel_accounts (workspace_id, shop_id, channel, name) select $1, id, 'website', 's'"
            " from shop returning id, shop_id), contact as (insert into contacts (workspace_id) values ($1) returning id),"
            " who as (insert into identities (workspace_id, contact_id, channel_account_id) select $1, contact.id, account.id"
            " from contact, account returning id)"
            " insert into conversations (workspace_id, shop_id, channel_account_id, identity_id)"
            " select $1, account.shop_id, account.id, who.id from account, who returning id",
            workspace,
        )
    return Ground(db, workspace, talk)


async def measure_shop() -> dict[str, Any]:
    """Milliseconds of each call alone, one after the other."""
    folder = Path(tempfile.mkdtemp(prefix="yk-bench-"))
    folder.chmod(0o711)
    try:
        async with run_postgres(folder) as cluster:
            password = cluster.dsn("yingke_app").split("://", 1)[1].split("@")[0].split(":")[1]
            await migrate(cluster.dsn(), password)
            db = await Database.open(cluster.dsn("yingke_app"), 4)
            figures: dict[str, Any] = {}
            for name, products, variants in (("1000_products", 1000, 2), ("50000_variants", 10_000, 5)):
                began = time.perf_counter()
                ground = await fill(db, products, variants)
                figures[f"put_{name}_s"] = round(time.perf_counter() - began, 1)
                async with db.transaction(ground.workspace_id) as tx:
                    await tx.execute("select 1")
                figures[f"find_in_{name}_ms"] = await _timed(400, partial(_find, ground))
            figures["verify_order_ms"] = await _timed(300, partial(_verify, ground))
            figures["read_need_ms"] = _cpu(400, lambda n: read_need(NEEDS[n % len(NEEDS)]))
            figures["price_lines_ms"] = _cpu(2000, _price)
            await db.close()
            return figures
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _find(ground: Ground, n: int) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await find_products(tx, ground.workspace_id, NEEDS[n % len(NEEDS)])


async def _verify(ground: Ground, n: int) -> None:
    """A right one, so that no try is used up."""
    await verify_order(ground.db, ground.workspace_id, ground.talk, f"QX-{n:06}", f"{n:04}")


MEMBERS = Promotion(1, "会员价", MemberPrice({"silver": 9800, "gold": 9500}), priority=1)
EVERY = Promotion(2, "满减", EveryReduce(30000, 4000), priority=2)
TIERS = Promotion(3, "满额", ThresholdReduce([Tier(50000, 2000), Tier(90000, 5000)]), priority=3)
FREE = Promotion(4, "运费", Shipping(800, 9900, {"新疆": 2000}), priority=9)
COUPON = Coupon(1, "店铺券", 1500, 19900)


def _price(n: int) -> None:
    wanted = [Wanted(str(at), "x", 19900 + at * 700 + n, at + 1) for at in range(5)]
    price_lines(wanted, [MEMBERS, EVERY, TIERS, FREE], [COUPON], at=datetime.now(UTC), level="gold", region="浙江")


async def _timed(count: int, call: Callable[[int], Awaitable[None]]) -> dict[str, float]:
    for n in range(24):
        await call(n)
    taken = []
    for n in range(count):
        began = time.perf_counter()
        await call(n)
        taken.append((time.perf_counter() - began) * 1000)
    return _shown(taken)


def _cpu(count: int, call: Callable[[int], object]) -> dict[str, float]:
    taken = []
    for n in range(count):
        began = time.perf_counter()
        call(n)
        taken.append((time.perf_counter() - began) * 1000)
    return _shown(taken)


def _shown(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {"p50": round(statistics.median(ordered), 3), "p99": round(ordered[int(len(ordered) * 0.99)], 3)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure_shop()), indent=2))
