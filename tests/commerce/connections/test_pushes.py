"""The door for shops: answered at once, signed or refused, each push done once, in whatever order it comes."""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.commerce.connections.conftest import PATH, Connections, shop_named, show, workspace_of
from tests.contracts.shops import SHOPS, Shop
from tests.emulators import kuaidi100, shopify, wechat_shop
from yingke.commerce.connections.pushes import PUSHES
from yingke.commerce.connections.refresh import refresh_order, refresh_product
from yingke.kit.jobs import Job, RetryJob

WITH_PUSHES = [one for one in SHOPS if one.push_order is not None]


async def _order(connections: Connections, workspace: int, external_id: str) -> Any:
    async with connections.db.transaction(workspace) as tx:
        return await tx.fetchrow("select state, seen_at from orders where external_id = $1", external_id)


async def _run_pushes(connections: Connections, workspace: int) -> None:
    """Also those that wait for the platform to settle."""
    async with connections.db.transaction(workspace) as tx:
        await tx.execute("update jobs set run_at = now() where workspace_id = $1 and kind = $2", workspace, PUSHES)
    await connections.work(workspace)


@pytest.mark.parametrize("shop", WITH_PUSHES, ids=lambda shop: shop.name)
async def test_a_push_is_answered_then_done_and_a_repeat_is_known(connections: Connections, shop: Shop) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    assert shop.push_order is not None
    async with shop.emulator() as platform:
        made = await connections.connect(owner, shop, platform.url)
        await connections.work(workspace)
        bought = next(one for one in platform.book.values() if one.state == "paid")
        bought.state, bought.tracking, bought.updated = "shipped", "YT9900000001", datetime.now(UTC)
        headers, body = shop.push_order(platform, bought.id)
        for _ in range(3):
            begun = time.monotonic()
            answer = await connections.push(made["id"], headers, body)
            assert answer.status_code == 200
            assert time.monotonic() - begun < 4.5, "a platform gives up after five seconds"
        before = len(platform.calls)
        await _run_pushes(connections, workspace)
        assert (await _order(connections, workspace, bought.id))["state"] == "shipped"
        assert len(platform.calls) - before == 1
        async with connections.db.transaction(workspace) as tx:
            assert (
                await tx.fetchval("select count(*) from shop_pushes where done_at is not null and changes is null") == 1
            )
        assert (await show(owner, made["id"]))["last_push_at"] is not None


@pytest.mark.parametrize("shop", WITH_PUSHES, ids=lambda shop: shop.name)
async def test_what_a_shop_did_not_sign_is_refused_and_leaves_nothing(connections: Connections, shop: Shop) -> None:
    owner = await connections.door.owner()
    assert shop.push_order is not None
    async with shop.emulator() as platform:
        made = await connections.connect(owner, shop, platform.url)
        headers, body = shop.push_order(platform, "70001")
        other = await connections.connect(owner, shop, platform.url)
        wrong = [
            (made["id"], {}, body),
            (made["id"], headers, b"x" + body),
            ("999999", headers, body),
            ("abc", headers, body),
        ]
        answers = [await connections.push(*one) for one in wrong]
        assert [one.status_code for one in answers] == [401] * 4
        assert len({one.text for one in answers}) == 1
        assert (await connections.push(other["id"], headers, b"x" * 1_000_001)).status_code == 413
        async with connections.db.transaction(workspace_of(owner)) as tx:
            assert await tx.fetchval("select count(*) from shop_pushes") == 0


async def test_pushes_out_of_order_end_with_what_is_true_now(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        late = shop.push("orders/updated", {"id": 70002, "financial_status": "pending"}, "early")
        shop.book["70002"].state, shop.book["70002"].updated = "delivered", datetime.now(UTC)
        await connections.push(made["id"], *shop.push("orders/fulfilled", {"id": 70002}, "late"))
        await connections.push(made["id"], *late)
        await connections.work(workspace)
        assert (await _order(connections, workspace, "70002"))["state"] == "delivered"


async def test_a_product_taken_down_is_no_longer_offered(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        del shop.shelf["1001"]
        await connections.push(made["id"], *shop.push("products/delete", {"id": 1001}, "a"))
        shop.shelf["1002"].is_listed, shop.shelf["1002"].updated = False, datetime.now(UTC)
        await connections.push(made["id"], *shop.push("products/update", {"id": 1002}, "b"))
        del shop.shelf["1004"]
        await connections.push(made["id"], *shop.push("products/update", {"id": 1004}, "c"))
        await connections.work(workspace)
        async with connections.db.transaction(workspace) as tx:
            gone = await tx.fetch("select external_id from products where not is_listed order by 1")
        assert [row[0] for row in gone] == ["1001", "1002", "1004"]


async def test_a_push_to_a_shop_that_is_down_waits_and_is_done_later(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        shop.book["70002"].state, shop.book["70002"].updated = "shipped", datetime.now(UTC)
        shop.faults.append("down")
        assert (await connections.push(made["id"], *shop.push("orders/updated", {"id": 70002}))).status_code == 200
        job = Job(1, workspace, "", PUSHES, "", {"connection_id": int(made["id"])}, 1)
        with pytest.raises(RetryJob):
            await connections.do(job)
        await connections.do(job)
        assert (await _order(connections, workspace, "70002"))["state"] == "shipped"


async def test_an_app_that_was_uninstalled_asks_for_a_person(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace_of(owner))
        await connections.push(made["id"], *shop.push("app/uninstalled", {"id": 1}))
        await connections.work(workspace_of(owner))
        assert (await show(owner, made["id"]))["state"] == "reconnect"


async def test_a_paused_shop_is_answered_and_not_heard(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await owner.post(f"{PATH}/{made['id']}/pause")
        assert (await connections.push(made["id"], *shop.push("orders/updated", {"id": 70002}))).status_code == 200
        async with connections.db.transaction(workspace_of(owner)) as tx:
            assert await tx.fetchval("select count(*) from shop_pushes") == 0


async def test_wechats_test_of_the_address_gets_its_echo(connections: Connections) -> None:
    owner = await connections.door.owner()
    shop = wechat_shop.WechatShopEmulator()
    made = await connections.connect(owner, shop_named("wechat_shop"), "http://127.0.0.1:1")
    http = connections.door.browser().http
    good = await http.get(f"/inbound/shop/{made['id']}", params=shop.probe())
    assert (good.status_code, good.text) == (200, "5837397520665436492")
    bad = await http.get(f"/inbound/shop/{made['id']}", params=shop.probe() | {"nonce": "x"})
    assert bad.status_code == 401


async def test_a_parcel_is_subscribed_and_what_the_carrier_pushes_reaches_the_order(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop, kuaidi100.Kuaidi100Emulator() as carrier:
        connected = await connections.connect(owner, shop_named("kuaidi100"), carrier.url)
        await connections.work(workspace)
        await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        assert "YT8800000002" in carrier.subscribed
        told = carrier.subscribed["YT8800000002"]["parameters"]["callbackurl"]
        assert told == f"https://kf.example.com/inbound/shop/{connected['id']}"
        many = carrier.effects["subscription"]
        signed, on_its_way = carrier.push("YT8800000002", "3"), carrier.push("YT8800000002", "0", many=1)
        answer = await connections.push(connected["id"], *signed)
        assert json.loads(answer.text)["returnCode"] == "200"
        await connections.work(workspace)
        await connections.push(connected["id"], *on_its_way)
        await connections.work(workspace)
        async with connections.db.transaction(workspace) as tx:
            events = await tx.fetchval(
                "select count(*) from shipment_events e join shipments s on s.id = e.shipment_id"
                " where s.tracking_number = 'YT8800000002' and e.text like '【%'"
            )
        assert events == 2
        assert carrier.effects["subscription"] == many


async def test_one_order_asked_live_reaches_the_mirror_or_the_mirror_is_said_to_count(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        connection_id = int(made["id"])
        fresh = await refresh_order(connections.db, connections.shops, workspace, connection_id, "#70002")
        assert (fresh.is_live, fresh.order and fresh.order.number) == (True, "#70002")
        assert (await _order(connections, workspace, "70002"))["state"] == "shipped"
        product = await refresh_product(connections.db, connections.shops, workspace, connection_id, "1001")
        assert product.is_live
        assert product.product is not None
        unknown = await refresh_order(connections.db, connections.shops, workspace, connection_id, "#1")
        assert (unknown.is_live, unknown.order) == (True, None)
        shop.slow_s = 6.0
        shop.faults.append("slow")
        begun = time.monotonic()
        late = await refresh_order(connections.db, connections.shops, workspace, connection_id, "#70002")
        assert (late.is_live, late.reason) == (False, "shop_down")
        assert time.monotonic() - begun < 3.8
        gone = await refresh_order(connections.db, connections.shops, workspace, 999_999, "#70002")
        assert (gone.is_live, gone.reason) == (False, "shop_unauthorised")


async def test_a_flood_of_pushes_is_stored_once_each_and_asked_in_heaps(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        pushes = [shop.push("orders/updated", {"id": 70001 + n % 4}, f"ev-{n % 60}") for n in range(120)]
        answers = await asyncio.gather(*(connections.push(made["id"], *one) for one in pushes))
        assert {one.status_code for one in answers} == {200}
        before = len(shop.calls)
        await connections.work(workspace)
        async with connections.db.transaction(workspace) as tx:
            stored = await tx.fetchrow("select count(*), count(*) filter (where done_at is null) from shop_pushes")
        assert tuple(stored) == (60, 0)
        assert len(shop.calls) - before <= 8
