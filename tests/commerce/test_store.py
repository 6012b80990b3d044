"""What sources tell, in whatever order and however often."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.commerce.things import NOON, order, simple, tent
from tests.conftest import Ground, NewGround
from yingke.commerce.shapes import Shipment, Stock, TrackEvent, Variant
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import Put, put_products
from yingke.commerce.store.put_stock import put_stock
from yingke.commerce.store.unlist_unseen import unlist_unseen
from yingke.kit.errors import Problem


async def rows(ground: Ground, statement: str) -> list[dict[str, Any]]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return [dict(row) for row in await tx.fetch(statement)]


async def put(ground: Ground, *products: Any, connection: int | None = None) -> Put:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return await put_products(tx, ground.workspace_id, connection, products)


async def put_order(ground: Ground, *orders: Any) -> Put:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return await put_orders(tx, ground.workspace_id, None, orders)


async def test_a_product_told_again_changes_nothing(new_ground: NewGround) -> None:
    ground = await new_ground()
    assert await put(ground, tent()) == Put(1, 0, 0)
    assert await put(ground, tent()) == Put(0, 0, 1)
    kept = await rows(ground, "select title, price_from_minor, stock_total from products")
    assert kept == [{"title": "两人三季帐", "price_from_minor": 49900, "stock_total": 36}]
    assert len(await rows(ground, "select 1 from product_variants")) == 2


async def test_an_older_state_of_a_product_does_not_overwrite_a_newer(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent(title="新名字", updated_at=NOON))
    assert await put(ground, tent(title="旧名字", updated_at=NOON - timedelta(hours=1))) == Put(0, 0, 1)
    assert (await rows(ground, "select title from products")) == [{"title": "新名字"}]


async def test_an_unchanged_but_later_state_still_shuts_out_an_older_one(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent(updated_at=NOON))
    await put(ground, tent(updated_at=NOON + timedelta(hours=2)))
    await put(ground, tent(title="过时", updated_at=NOON + timedelta(hours=1)))
    assert (await rows(ground, "select title from products")) == [{"title": "两人三季帐"}]


async def test_states_told_in_any_order_end_the_same(new_ground: NewGround) -> None:
    ground = await new_ground()
    states = [tent(title=f"第 {n} 版", updated_at=NOON + timedelta(minutes=n)) for n in range(6)]
    for n in (3, 0, 5, 2, 5, 1, 4):
        await put(ground, states[n])
    assert (await rows(ground, "select title from products")) == [{"title": "第 5 版"}]


async def test_a_variant_that_is_no_longer_told_is_unlisted(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent())
    await put(ground, tent(variants=tent().variants[:1]))
    kept = await rows(ground, "select title, is_listed from product_variants order by id")
    assert [(row["title"], row["is_listed"]) for row in kept] == [("苔绿", True), ("沙色", False)]


async def test_what_a_full_sync_did_not_see_is_unlisted_and_comes_back_when_told_again(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent(), simple("QS-C1", "折叠椅", 149))
    async with ground.db.transaction(ground.workspace_id) as tx:
        began = await tx.fetchval("select clock_timestamp()")
    await put(ground, tent())
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await unlist_unseen(tx, ground.workspace_id, None, began) == 1
    listed = "select code from products where is_listed order by code"
    assert await rows(ground, listed) == [{"code": "QS-T2"}]
    await put(ground, simple("QS-C1", "折叠椅", 149))
    assert len(await rows(ground, listed)) == 2


async def test_two_shops_may_use_the_same_id_for_different_products(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent())
    await put(ground, tent(title="另一家的帐篷"), connection=7)
    assert len(await rows(ground, "select 1 from products")) == 2


async def test_stock_told_alone_is_not_lost_to_a_product_told_again_as_before(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent())
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await put_stock(tx, ground.workspace_id, None, [Stock("", 3, sku="qs-t2-g"), Stock("none", 9)]) == 1
    assert (await rows(ground, "select stock_total from products")) == [{"stock_total": 3}]
    await put(ground, tent())
    assert (await rows(ground, "select stock_total from products")) == [{"stock_total": 36}]


@pytest.mark.parametrize("bad", [tent(variants=()), tent(title=" "), tent(variants=(Variant("x", -1),))])
async def test_a_product_that_cannot_be_sold_is_refused(new_ground: NewGround, bad: Any) -> None:
    ground = await new_ground()
    with pytest.raises(Problem) as refused:
        await put(ground, bad)
    assert refused.value.status == 400


async def test_an_order_keeps_the_digits_of_its_phone_and_finds_its_products(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, tent())
    assert await put_order(ground, order(number=" ＱＳ－d0001 ")) == Put(1, 0, 0)
    assert await rows(ground, "select number_key, phone from orders") == [
        {"number_key": "qsd0001", "phone": "13800000417"}
    ]
    items = await rows(ground, "select line, product_id is not null as known from order_items order by line")
    assert items == [{"line": 1, "known": True}, {"line": 2, "known": False}]


async def test_an_older_state_of_an_order_does_not_overwrite_a_newer(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put_order(ground, order(state="delivered", updated_at=NOON, items=order().items[:1]))
    assert await put_order(ground, order(updated_at=NOON - timedelta(minutes=1))) == Put(0, 0, 1)
    assert await rows(ground, "select state from orders") == [{"state": "delivered"}]
    assert len(await rows(ground, "select 1 from order_items")) == 1


async def test_track_events_are_kept_once_and_the_carriers_word_outlives_the_shops(new_ground: NewGround) -> None:
    ground = await new_ground()
    told = order(updated_at=NOON)
    await put_order(ground, told)
    parcel = told.shipments[0]
    later = TrackEvent(NOON + timedelta(hours=5), "派送中", "上海", "out_for_delivery")
    asked = replace(
        parcel, state="out_for_delivery", events=(*parcel.events, later), asked_at=NOON + timedelta(hours=6)
    )
    await put_order(ground, replace(told, shipments=(asked,)))
    await put_order(ground, replace(told, note="改过", updated_at=NOON + timedelta(hours=7)))
    assert await rows(ground, "select state from shipments") == [{"state": "out_for_delivery"}]
    assert len(await rows(ground, "select 1 from shipment_events")) == 2


async def test_two_syncs_at_once_do_not_stand_in_each_others_way(new_ground: NewGround) -> None:
    ground = await new_ground()
    products = [simple(f"P{n}", f"商品 {n}", n + 1) for n in range(60)]
    orders = [order(f"N{n}", shipments=(Shipment(f"T{n}"),)) for n in range(40)]
    work = [put(ground, *products), put(ground, *reversed(products)), put_order(ground, *orders)]
    await asyncio.gather(*work, put_order(ground, *reversed(orders)))
    counted = await rows(ground, "select (select count(*) from products) as p, (select count(*) from orders) as o")
    assert counted == [{"p": 60, "o": 40}]
