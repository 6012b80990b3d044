"""Goods are found by their words in memory, as the database would find them; what they cost is of this moment."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.commerce.conftest import Camp
from tests.commerce.things import simple
from tests.conftest import NewGround
from yingke.commerce.finding.find_listed import Listed, find_listed
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.finding.listings import KEEP_SECONDS, Listings
from yingke.commerce.finding.load_products import load_now
from yingke.commerce.finding.need import read_need
from yingke.commerce.prices.kept_offers import KeptOffers
from yingke.commerce.prices.load_offers import load_promotions
from yingke.commerce.store.put_products import put_products

WORDS = (
    "两个人睡的帐篷", "俩人带条狗睡得下的帐篷有吗", "四个人的帐篷", "a tent for two people", "有绿色的帐篷吗", "零度能用的睡袋",
    "lantern", "桌子", "qx-g1 还有吗", "M码的外套", "帐篷 100 块以下", "睡袋 200 块以下", "300 到 600 的帐篷", "游泳圈", "最便宜的灯",
    "三合一", "紫色的帐篷", "结实耐用的", "送人的", "", "100元以内的", "钢琴 500元以内", "XL的外套", "睡垫 500 元左右", "蛋卷桌",
)  # fmt: skip


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def listed(camp: Camp, listings: Listings, *words: str) -> Listed:
    listing = await listings.of(camp.workspace_id)
    assert listing is not None
    async with camp.ground.db.reading(camp.workspace_id) as tx:
        needs = [read_need(one) for one in words]
        return await find_listed(tx, camp.workspace_id, needs, listing, kept=listings.kept)


@pytest.mark.parametrize("words", WORDS)
async def test_memory_and_database_find_the_same_in_the_same_order(camp: Camp, words: str) -> None:
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        searched = await find_products(tx, camp.workspace_id, words)
    listings = Listings(camp.ground.db)
    for _ in ("read whole", "kept"):
        [found] = (await listed(camp, listings, words)).found
        assert found == searched


async def test_several_needs_are_looked_for_together(camp: Camp) -> None:
    both = await listed(camp, Listings(camp.ground.db), "两个人睡的帐篷", "零度能用的睡袋")
    assert [one.products[0].code for one in both.found] == ["QX-T2", "QX-S0"]


async def test_price_stock_and_being_sold_are_of_this_moment(camp: Camp) -> None:
    listings = Listings(camp.ground.db)
    [before] = (await listed(camp, listings, "羽绒睡袋")).found
    bag = before.products[0]
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        await tx.execute("update product_variants set price_minor = 4242, stock = 7 where product_id = $1", bag.id)
    [after] = (await listed(camp, listings, "羽绒睡袋")).found
    assert {(one.price_minor, one.stock) for one in after.products[0].variants} == {(4242, 7)}
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        await tx.execute("update products set is_listed = false where id = $1", bag.id)
    [gone] = (await listed(camp, listings, "羽绒睡袋")).found
    assert bag.id not in [one.id for one in gone.products]


async def test_a_variant_that_comes_or_goes_is_seen_in_the_very_next_look(camp: Camp) -> None:
    listings = Listings(camp.ground.db)
    bag = (await listed(camp, listings, "羽绒睡袋")).found[0].products[0]

    async def told(statement: str) -> list[str]:
        async with camp.ground.db.transaction(camp.workspace_id) as tx:
            await tx.execute(statement, bag.id)
        [found] = (await listed(camp, listings, "羽绒睡袋")).found
        return [one.sku for one in found.products[0].variants]

    before = [one.sku for one in bag.variants]
    more = await told(
        "insert into product_variants (workspace_id, product_id, external_id, sku, title, price_minor)"
        " select workspace_id, product_id, 'new', 'NEW', title, price_minor from product_variants"
        " where product_id = $1 limit 1"
    )
    assert more == [*before, "NEW"]
    assert await told("update product_variants set is_listed = false where product_id = $1 and sku = 'NEW'") == before
    assert await told("update product_variants set is_listed = true where product_id = $1 and sku = 'NEW'") == more


async def test_a_new_product_shows_that_the_listing_is_old(camp: Camp) -> None:
    listings = Listings(camp.ground.db)
    listing = await listings.of(camp.workspace_id)
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        await put_products(tx, camp.workspace_id, None, [simple("K1", "充气帐篷", 100)])
    seen = await listed(camp, listings, "帐篷")
    assert listing is not None
    assert seen.now is not None
    assert seen.now.newest > listing.newest
    fresh = await listings.again(camp.workspace_id)
    assert fresh is not None
    assert fresh.newest == seen.now.newest
    [found] = (await listed(camp, listings, "充气帐篷")).found
    assert found.products[0].title == "充气帐篷"


async def test_another_name_counts_after_ten_seconds_at_the_latest(camp: Camp) -> None:
    clock = Clock()
    listings = Listings(camp.ground.db, clock)
    [before] = (await listed(camp, listings, "零度能用的睡袋")).found
    kept = await listings.of(camp.workspace_id)
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        await put_products(tx, camp.workspace_id, None, [simple(before.products[0].external_id, "秋千", 100)])
    assert await listings.of(camp.workspace_id) is kept
    clock.now += KEEP_SECONDS
    [after] = (await listed(camp, listings, "秋千")).found
    assert after.products[0].id == before.products[0].id
    assert await listings.of(camp.workspace_id) is not kept


async def test_what_did_not_change_is_not_read_again(camp: Camp) -> None:
    clock = Clock()
    listings = Listings(camp.ground.db, clock)
    kept = await listings.of(camp.workspace_id)
    clock.now += KEEP_SECONDS
    assert await listings.of(camp.workspace_id) is kept


async def test_one_workspace_knows_nothing_of_anothers_goods(camp: Camp, new_ground: NewGround) -> None:
    other = await new_ground()
    listing = await Listings(camp.ground.db).of(other.workspace_id)
    assert listing is not None
    assert not listing.products


async def test_a_promotion_counts_in_the_very_answer_after_its_change(camp: Camp) -> None:
    kept, now, ground = KeptOffers(), datetime.now(UTC), camp.ground
    async with ground.db.transaction(camp.workspace_id) as tx:
        [bag, *_] = (await find_products(tx, camp.workspace_id, "睡袋")).products
        for name, starts, ends in (("满减", None, None), ("明天", 1, 2), ("一个月后", 30, 40), ("过了", -3, -1)):
            await tx.execute(
                "insert into promotions (workspace_id, name, kind, terms, starts_at, ends_at) values ($1, $2, 'every_reduce',"
                " $3, $4, $5)",
                camp.workspace_id,
                name,
                {"every_minor": 30000, "off_minor": 4000},
                None if starts is None else now + timedelta(days=starts),
                None if ends is None else now + timedelta(days=ends),
            )

    async def seen(at: timedelta = timedelta()) -> list[str]:
        async with ground.db.transaction(camp.workspace_id) as tx:
            stamp = (await load_now(tx, camp.workspace_id, [bag.id])).offers_stamp
            found = await kept.promotions(tx, camp.workspace_id, stamp, shop_id=ground.shop_id, at=now + at)
            assert found == await load_promotions(tx, camp.workspace_id, shop_id=ground.shop_id, at=now + at)
        return [one.name for one in found]

    assert await seen() == ["满减", "明天"]
    assert await seen(timedelta(days=25)) == ["满减", "一个月后"]
    assert await seen(-timedelta(days=2)) == ["满减", "明天", "过了"]
    async with ground.db.transaction(camp.workspace_id) as tx:
        await tx.execute("update promotions set is_enabled = false where name = '满减'")
    assert await seen() == ["明天"]
    async with ground.db.transaction(camp.workspace_id) as tx:
        await tx.execute("delete from promotions")
    assert await seen() == []
