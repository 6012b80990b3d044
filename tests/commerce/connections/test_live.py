"""Asked live: what changed since the sync is told, a shop that is slow or down costs little and is said, nobody asks twice."""

import asyncio
import time

from tests.commerce.connections.conftest import Connections, shop_named, workspace_of
from tests.emulators import shopify
from yingke.commerce.connections.live import NOTHING_OLD, Live


async def _make_old(connections: Connections, workspace: int) -> None:
    async with connections.db.transaction(workspace) as tx:
        await tx.execute("update orders set seen_at = now() - interval '2 hours'")
        await tx.execute("update products set seen_at = now() - interval '2 hours'")


async def _id_of(connections: Connections, workspace: int, table: str, external_id: str) -> int:
    async with connections.db.transaction(workspace) as tx:
        found: int = await tx.fetchval(f"select id from {table} where external_id = $1", external_id)
        return found


async def _state(connections: Connections, workspace: int, order_id: int) -> str:
    async with connections.db.transaction(workspace) as tx:
        return str(await tx.fetchval("select state from orders where id = $1", order_id))


async def test_what_changed_since_the_sync_is_told_and_many_at_once_ask_once(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        live = Live(connections.db, connections.shops)
        order_id = await _id_of(connections, workspace, "orders", "70001")
        assert await _state(connections, workspace, order_id) == "paid"
        shop.book["70001"].state = "shipped"
        asked = len(shop.calls)
        assert await live.orders(workspace, [order_id]) == NOTHING_OLD
        assert len(shop.calls) == asked, "the mirror was told a moment ago"
        await _make_old(connections, workspace)
        assert set(await asyncio.gather(*(live.orders(workspace, [order_id]) for _ in range(20)))) == {NOTHING_OLD}
        assert await _state(connections, workspace, order_id) == "shipped"
        assert len(shop.calls) == asked + 1
        await live.orders(workspace, [order_id])
        assert len(shop.calls) == asked + 1


async def test_stock_and_price_of_a_product_are_asked_live(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        live = Live(connections.db, connections.shops)
        product_id = await _id_of(connections, workspace, "products", "1002")
        id, sku, option, _, _ = shop.shelf["1002"].variants[0]
        shop.shelf["1002"].variants[0] = (id, sku, option, 4_200, 0)
        await _make_old(connections, workspace)
        assert await live.products(workspace, [product_id]) == NOTHING_OLD
        async with connections.db.transaction(workspace) as tx:
            row = await tx.fetchrow("select price_minor, stock from product_variants where product_id = $1", product_id)
        assert tuple(row) == (4_200, 0)
        del shop.shelf["1002"]
        await _make_old(connections, workspace)
        await live.products(workspace, [product_id])
        async with connections.db.transaction(workspace) as tx:
            assert not await tx.fetchval("select is_listed from products where id = $1", product_id)


async def test_a_slow_shop_costs_three_seconds_once_and_then_nothing(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        live = Live(connections.db, connections.shops)
        order_id = await _id_of(connections, workspace, "orders", "70001")
        await _make_old(connections, workspace)
        shop.slow_s = 6.0
        shop.faults.append("slow")
        begun = time.monotonic()
        late = await live.orders(workspace, [order_id])
        assert late.as_of is not None
        assert time.monotonic() - begun < 3.8
        begun, asked = time.monotonic(), len(shop.calls)
        again = await live.orders(workspace, [order_id])
        assert again.as_of == late.as_of
        assert time.monotonic() - begun < 0.5
        assert len(shop.calls) == asked


async def test_a_new_order_is_found_by_its_number_and_an_unknown_number_is_asked_for_once(
    connections: Connections,
) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        await connections.connect(owner, shop_named("shopify"), shop.url)
        live = Live(connections.db, connections.shops)
        assert await live.number(workspace, "70003") == NOTHING_OLD
        assert await _id_of(connections, workspace, "orders", "70003")
        asked = len(shop.calls)
        for _ in range(3):
            assert await live.number(workspace, "99999") == NOTHING_OLD
        assert len(shop.calls) == asked + 1
