"""The mirror: filled over all pages, kept up to date, gone on with after a kill, honest about a shop that fails."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.commerce.connections.conftest import PATH, Connections, shop_named, show, workspace_of
from tests.contracts.shops import SHOPS, Shop
from tests.emulators import shopify, wechat_shop, youzan
from tests.emulators.shop_platform import Good
from yingke.commerce.connections.kept_tokens import KeptTokens
from yingke.commerce.connections.sync import SYNC, Syncing, sync_shop
from yingke.commerce.providers.pieces.connected import Token
from yingke.kit.jobs import Job


async def _rows(connections: Connections, workspace: int, statement: str, *values: Any) -> list[Any]:
    async with connections.db.transaction(workspace) as tx:
        return [tuple(row) for row in await tx.fetch(statement, *values)]


async def _events(connections: Connections, workspace: int) -> list[str]:
    found = await _rows(connections, workspace, "select type from events where type like 'shop_%' order by id")
    return [row[0] for row in found if row[0] not in ("shop_updated", "shop_installed")]


@pytest.mark.parametrize("shop", [one for one in SHOPS if one.name != "kuaidi100"], ids=lambda shop: shop.name)
async def test_the_first_sync_mirrors_every_product_and_order(connections: Connections, shop: Shop) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shop.emulator() as platform:
        made = await connections.connect(owner, shop, platform.url)
        assert made["progress"]["phase"] == "waiting"
        await connections.work(workspace)
        told = await show(owner, made["id"])
        assert (told["state"], told["progress"]["phase"]) == ("ok", "done")
        assert (told["products"], told["orders"]) == (23, 22)
        assert (told["progress"]["products"], told["progress"]["orders"]) == (23, 22)
        assert told["first_synced_at"] is not None
        assert told["next_sync_at"] is not None
        assert await _events(connections, workspace) == ["shop_connected", "shop_synced"]
        rows = await _rows(
            connections,
            workspace,
            "select v.sku, v.price_minor, v.stock from product_variants v join products p on p.id = v.product_id"
            " where p.external_id = '1001' order by v.sku",
        )
        assert rows == [("YS-1-A", 1991, 3), ("YS-1-B", 1991, 4)]
        linked = await _rows(connections, workspace, "select count(*) from order_items where product_id is not null")
        assert linked == [(22,)]


async def test_a_carrier_without_products_is_ok_at_once(connections: Connections) -> None:
    owner = await connections.door.owner()
    shop = shop_named("kuaidi100")
    async with shop.emulator() as platform:
        made = await connections.connect(owner, shop, platform.url)
        await connections.work(workspace_of(owner))
        assert (await show(owner, made["id"]))["state"] == "ok"
        carrier = await connections.shops.find_carrier(workspace_of(owner))
        assert carrier is not None
        assert carrier.name == "kuaidi100"


async def test_a_sync_that_was_killed_goes_on_at_its_page(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        job = await _waiting(connections, workspace)
        for kill_after in (1, 2, 3, 4, 5, 6):
            # The call after so many hangs, and the process dies there: whatever was written stands.
            shop.slow_s = 2.0
            shop.faults.extend([""] * kill_after + ["slow"])
            run = asyncio.create_task(sync_shop(Syncing(connections.db, connections.shops), job))
            while shop.faults:
                await asyncio.sleep(0.01)
                assert not run.done() or run.exception() is None
                if run.done():
                    break
            await asyncio.sleep(0.05)
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)
            shop.faults.clear()
        before = len(shop.calls)
        await connections.work(workspace)
        told = await show(owner, made["id"])
        assert (told["state"], told["products"], told["orders"]) == ("ok", 23, 22)
        assert len(shop.calls) - before <= 6


async def test_a_page_written_twice_changes_nothing(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        statement = "select id, external_id, title from products order by id"
        before = await _rows(connections, workspace, statement)
        await owner.post(f"{PATH}/{made['id']}/sync")
        await connections.work(workspace)
        assert await _rows(connections, workspace, statement) == before


async def test_later_only_what_changed_is_asked_and_at_night_what_is_gone_is_unlisted(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        now = datetime.now(UTC)
        shop.shelf["1002"] = Good("1002", "云杉保温杯 2 号（新款）", shop.shelf["1002"].variants, now)
        del shop.shelf["1003"]
        shop.book["70002"].state, shop.book["70002"].updated = "delivered", now
        before = len(shop.calls)
        await connections.work(workspace, is_due=False)
        assert len(shop.calls) - before == 2
        titles = dict(await _rows(connections, workspace, "select external_id, title from products where is_listed"))
        assert titles["1002"] == "云杉保温杯 2 号（新款）"
        assert "1003" in titles
        state = await _rows(connections, workspace, "select state from orders where external_id = '70002'")
        assert state == [("delivered",)]
        async with connections.db.transaction(workspace) as tx:
            await tx.execute("update shop_connections set last_full_at = now() - interval '31 hours'")
        await connections.work(workspace, is_due=False)
        listed = await _rows(connections, workspace, "select external_id from products where is_listed")
        assert ("1003",) not in listed
        assert len(listed) == 22
        assert (await show(owner, made["id"]))["progress"]["is_full"] is True


async def test_a_shop_that_fails_says_since_when_and_comes_back(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        shop.faults.extend(["down"])
        await connections.work(workspace, is_due=False)
        first = await show(owner, made["id"])
        assert (first["state"], first["reason"]["code"]) == ("failing", "down_http_500")
        shop.faults.extend(["garbage"])
        await connections.work(workspace, is_due=False)
        second = await show(owner, made["id"])
        assert second["failing_since"] == first["failing_since"]
        assert second["products"] == 23
        pause = datetime.fromisoformat(second["next_sync_at"]) - datetime.now(UTC)
        assert timedelta(seconds=20) < pause < timedelta(seconds=40)
        await connections.work(workspace, is_due=False)
        assert (await show(owner, made["id"]))["state"] == "ok"
        wanted = ["shop_connected", "shop_synced", "shop_connection_failed", "shop_connection_recovered"]
        assert await _events(connections, workspace) == wanted


async def test_a_busy_shop_is_waited_for_and_is_no_failure(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with youzan.YouzanEmulator() as shop:
        made = await connections.connect(owner, shop_named("youzan"), shop.url)
        shop.faults.extend(["", "busy"])
        await connections.work(workspace_of(owner))
        told = await show(owner, made["id"])
        assert (told["state"], told["products"]) == ("ok", 23)
        assert await _events(connections, workspace_of(owner)) == ["shop_connected", "shop_synced"]


async def test_keys_that_were_withdrawn_ask_for_a_person_and_new_ones_bring_it_back(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        await owner.patch(f"{PATH}/{made['id']}", {"form": {"access_token": "old"}})
        await connections.work(workspace)
        told = await show(owner, made["id"])
        assert told["state"] == "reconnect"
        assert "重新填写" in told["reason"]["text"]
        assert await connections.work(workspace) == 0
        await owner.patch(f"{PATH}/{made['id']}", {"form": {"access_token": shopify.TOKEN}})
        await connections.work(workspace)
        assert (await show(owner, made["id"]))["state"] == "ok"


async def test_a_pause_stops_a_run_under_way_and_resuming_goes_on(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        job = await _waiting(connections, workspace)
        shop.slow_s = 0.3
        shop.faults.extend(["", "slow"])
        run = asyncio.create_task(sync_shop(Syncing(connections.db, connections.shops), job))
        while len(shop.calls) < 2:
            await asyncio.sleep(0.01)
        assert (await owner.post(f"{PATH}/{made['id']}/pause"))["state"] == "paused"
        await run
        told = await show(owner, made["id"])
        assert (told["state"], told["products"]) == ("paused", 10)
        await connections.work(workspace)
        assert len(shop.calls) == 2
        assert (await owner.call("POST", f"{PATH}/{made['id']}/sync")).status_code == 409
        assert (await owner.call("DELETE", f"{PATH}/{made['id']}/pause")).json()["state"] == "ok"
        await connections.work(workspace)
        assert (await show(owner, made["id"]))["products"] == 23


async def test_two_runs_planned_for_one_connection_become_one_chain(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        for _ in range(3):
            await owner.post(f"{PATH}/{made['id']}/sync")
            await connections.work(workspace)
        before = len(shop.calls)
        for _ in range(3):
            await connections.work(workspace, is_due=False)
        assert len(shop.calls) == before
        assert len(await _rows(connections, workspace, "select id from jobs where kind = $1", SYNC)) == 1


async def test_one_token_is_fetched_however_many_ask_at_once(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with wechat_shop.WechatShopEmulator() as shop:
        made = await connections.connect(owner, shop_named("wechat_shop"), shop.url)
        providers = [await connections.shops.open(workspace, int(made["id"])) for _ in range(6)]
        found = await asyncio.gather(*(one.find_order("70001") for one in providers))
        assert all(one is not None for one in found)
        assert shop.tokens_given == 1
        shop.end_token()
        await asyncio.gather(*(one.find_order("70001") for one in providers))
        assert shop.tokens_given == 2
        sealed = await _rows(connections, workspace, "select token from shop_connections")
        assert b"wx-token" not in sealed[0][0]


async def test_a_lease_whose_holder_died_runs_out(connections: Connections) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    made = await connections.connect(owner, shop_named("youzan"), "http://127.0.0.1:1")
    async with connections.db.transaction(workspace) as tx:
        await tx.execute("update shop_connections set token_lease_until = now() + interval '1 second'")
    tokens = KeptTokens(connections.db, connections.shops.secrets, workspace, int(made["id"]))

    async def fetch() -> Token:
        return Token("fresh", datetime.now(UTC) + timedelta(hours=1))

    assert await tokens.renew(None, fetch) == "fresh"
    assert await tokens.get() == "fresh"


async def _waiting(connections: Connections, workspace: int) -> Job:
    async with connections.db.transaction(workspace) as tx:
        row = await tx.fetchrow(
            "select id, workspace_id, lane, kind, ref, data, attempts from jobs where workspace_id = $1 and kind = $2",
            workspace,
            SYNC,
        )
    return Job(**dict(row) | {"attempts": 1})
