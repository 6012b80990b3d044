"""The demo's shop gives the figures that its story tells, on whatever day it is started."""

from datetime import UTC, datetime

import pytest

from tests.conftest import Ground, NewGround
from yingke.app.demo.calendar import Calendar
from yingke.app.demo.fill_shelves import empty_shelves, fill_shelves
from yingke.commerce.finding.compare_products import compare_products
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.orders.verify_order import verify_order
from yingke.commerce.prices.quote import Quote
from yingke.commerce.prices.quote_price import quote_price
from yingke.kit.errors import Problem


async def filled(new_ground: NewGround, now: datetime | None = None) -> tuple[Ground, Calendar]:
    ground, calendar = await new_ground(), Calendar(now or datetime.now(UTC))
    async with ground.db.transaction(ground.workspace_id) as tx:
        await fill_shelves(tx, ground.workspace_id, ground.shop_id, calendar)
    return ground, calendar


async def price(ground: Ground, calendar: Calendar, level: str | None, **quantities: int) -> Quote:
    wanted = {name.replace("_", "-"): quantity for name, quantity in quantities.items()}
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch("select id, sku from product_variants where sku = any($1)", list(wanted))
        items = [(row["id"], wanted[row["sku"]]) for row in rows]
        return await quote_price(
            tx, ground.workspace_id, items, shop_id=ground.shop_id, at=calendar.now, level=level, region="浙江省"
        )


async def test_the_third_question_costs_757_15_for_a_gold_card_and_802_for_anybody(new_ground: NewGround) -> None:
    ground, calendar = await filled(new_ground)
    gold = await price(ground, calendar, "金卡", QX_T2_GREEN=1, QX_S10=2)
    assert [one.left_minor for one in gold.steps if one.amount_minor] == [85215, 77215, 75715]
    assert (gold.total_minor, gold.gifts) == (75715, ("地钉一包",))
    nobody = await price(ground, calendar, None, QX_T2_GREEN=1, QX_S10=2)
    assert nobody.total_minor == 80200
    assert "银卡、金卡价登录后生效" in [one.zh for one in nobody.not_applied]


async def test_the_stove_is_left_out_of_the_reduction_and_the_tent_for_four_takes_a_deposit(
    new_ground: NewGround,
) -> None:
    ground, calendar = await filled(new_ground)
    stoves = await price(ground, calendar, None, QX_G1=2)
    assert stoves.total_minor == 37800 - 1500
    tent = await price(ground, calendar, None, QX_T4=1)
    assert tent.deposit is not None
    assert (tent.deposit.now_minor, tent.total_minor) == (10000, 89900 - 8000 - 5000 - 1500)
    assert tent.deposit.ships_at == calendar.moment(13)


async def test_stock_has_its_traps(new_ground: NewGround) -> None:
    ground, _ = await filled(new_ground)

    async def look(words: str) -> list[tuple[str, int | None, bool]]:
        async with ground.db.transaction(ground.workspace_id) as tx:
            [first, *_] = (await find_products(tx, ground.workspace_id, words)).products
        return [(one.title, one.stock, one.is_available) for one in first.fitting]

    assert await look("绿色的两人帐篷") == [("苔绿", 36, True)]
    assert await look("沙色的两人帐篷") == [("沙色", 0, False)]
    assert await look("外套 L 码") == [("L", 0, False)]
    assert await look("外套 M 码") == [("M", 7, True)]


async def test_two_sleeping_bags_stand_side_by_side_what_differs_first(new_ground: NewGround) -> None:
    ground, _ = await filled(new_ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        found = (await find_products(tx, ground.workspace_id, "睡袋")).products
        table = await compare_products(tx, ground.workspace_id, [one.id for one in found])
        with pytest.raises(Problem):
            await compare_products(tx, ground.workspace_id, [found[0].id])
    rows = {row.name: row.values for row in table.rows}
    at = [one.code for one in table.products].index("QX-S0")
    assert rows["舒适温标"][at] == "0℃"
    assert rows["价格"][at] == "699.00 元"
    assert set(rows["重量"]) == {"800g", "1.3kg"}
    assert rows["拼接"][at] is None
    differs = [row.differs for row in table.rows if not row.key]
    assert differs == sorted(differs, reverse=True)


# 16:00 UTC is midnight in Shanghai.
@pytest.mark.parametrize(("hour", "minute"), [(0, 20), (9, 20), (16, 0), (16, 2), (23, 20)])
async def test_the_orders_open_to_their_owners_and_nothing_of_them_lies_in_the_future(
    new_ground: NewGround, hour: int, minute: int
) -> None:
    ground, calendar = await filled(new_ground, datetime(2027, 3, 8, hour, minute, tzinfo=UTC))
    talk, _ = await ground.new_conversation()
    for number, tail, paid in (("QX-D0001", "0417", 75715), ("qx d0002", "8826", 45115)):
        seen = (await verify_order(ground.db, ground.workspace_id, talk, number, tail)).order
        assert seen is not None
        assert (seen.paid_minor, seen.is_demo) == (paid, True)
        assert sum(one.price_minor * one.quantity for one in seen.items) == paid
        [parcel] = seen.parcels
        times = [event.happened_at for event in parcel.events]
        assert times == sorted(times, reverse=True)
        assert times[0] < calendar.now


async def test_emptying_the_shelves_leaves_what_the_owner_added(new_ground: NewGround) -> None:
    ground, _ = await filled(new_ground)
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert await tx.fetchval("select count(*) from products") == 12
        await tx.execute("insert into promotions (workspace_id, name, kind, terms) values ($1, '自己的', 'shipping', $2)",
                         ground.workspace_id, {"fee_minor": 0})  # fmt: skip
        await empty_shelves(tx, ground.workspace_id)
        left = [await tx.fetchval(f"select count(*) from {table}") for table in
                ("products", "product_variants", "promotions", "coupons", "orders", "shipment_events")]  # fmt: skip
    assert left == [0, 0, 1, 0, 0, 0]
