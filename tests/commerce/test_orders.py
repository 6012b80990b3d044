"""Whose orders they are, and who gets to see one."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.commerce.things import order
from tests.conftest import Ground, NewGround
from yingke.commerce.contract import Provider, ShopDown, Shops
from yingke.commerce.order_numbers import find_order_numbers, find_phone_tail, number_key
from yingke.commerce.orders.link_purchases import link_purchases
from yingke.commerce.orders.mask import mask_address, mask_name, mask_phone
from yingke.commerce.orders.open_order import open_orders
from yingke.commerce.orders.orders_of import orders_of
from yingke.commerce.orders.track_order import track_order
from yingke.commerce.orders.verify_order import MOST_TRIES, Verified, verify_order
from yingke.commerce.shapes import Order, Shipment, TrackEvent
from yingke.commerce.store.put_orders import put_orders


async def put(ground: Ground, *orders: Order, connection: int | None = None) -> list[int]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        await put_orders(tx, ground.workspace_id, connection, orders)
        return [row["id"] for row in await tx.fetch("select id from orders order by id")]


async def sign(ground: Ground, external_id: str) -> int:
    identity = await ground.new_identity()
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "update identities set external_id = $2, is_verified = true where id = $1", identity, external_id
        )
    return identity


async def own(ground: Ground, identity: int) -> list[str]:
    async with ground.db.transaction(ground.workspace_id) as tx:
        return [one.number for one in await orders_of(tx, ground.workspace_id, identity)]


async def try_it(ground: Ground, talk: int, number: str, tail: str) -> Verified:
    return await verify_order(ground.db, ground.workspace_id, talk, number, tail)


async def test_a_signed_customer_sees_his_own_orders_and_nobody_elses(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(
        ground, order(), order("QS-D0002", buyer_external_id="buyer-2"), order("QS-D0003", buyer_external_id=None)
    )
    assert await own(ground, await sign(ground, "buyer-1")) == ["QS-D0001"]
    assert await own(ground, await sign(ground, "buyer-2")) == ["QS-D0002"]
    assert await own(ground, await sign(ground, "BUYER-1")) == []


async def test_an_id_that_nobody_signed_opens_no_order(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order(), order("QS-D0003", buyer_external_id=None))
    claimed, nameless = await sign(ground, "buyer-1"), await ground.new_identity()
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update identities set is_verified = false where id = $1", claimed)
    assert await own(ground, claimed) == await own(ground, nameless) == []


async def test_the_same_id_in_another_shop_of_the_workspace_is_another_person(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order(shop_id=ground.shop_id + 1))
    identity = await sign(ground, "buyer-1")
    assert await own(ground, identity) == []
    await put(ground, order(shop_id=ground.shop_id))
    assert await own(ground, identity) == ["QS-D0001"]


async def connect(ground: Ground, *ids: int) -> None:
    async with ground.db.transaction(ground.workspace_id) as tx:
        for id in ids:
            await tx.execute(
                "insert into shop_connections (workspace_id, id, provider, name, secret) overriding system value"
                " values ($1, $2, 'shopify', 's', '')",
                ground.workspace_id,
                id,
            )


async def test_customer_17_of_one_platform_is_not_customer_17_of_another(new_ground: NewGround) -> None:
    ground = await new_ground()
    first, second = ground.workspace_id * 1000 + 1, ground.workspace_id * 1000 + 2
    seventeen = {"buyer_external_id": "17", "shop_id": ground.shop_id}
    await put(ground, order("A1", **seventeen), connection=first)
    signed = await sign(ground, "17")
    await connect(ground, first)
    assert await own(ground, signed) == ["A1"]
    await connect(ground, second)
    await put(ground, order("B1", **seventeen), connection=second)
    assert await own(ground, signed) == []
    assert await own(ground, await sign(ground, f"{second}:17")) == ["B1"]
    assert await own(ground, await sign(ground, f"{first}:18")) == []


async def test_an_order_of_no_shop_is_not_guessed_to_be_of_this_site_where_there_are_two(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order())
    signed = await sign(ground, "buyer-1")
    assert await own(ground, signed) == ["QS-D0001"]
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "insert into shops (workspace_id, name, site_key, site_secret) values ($1, '二店', gen_random_uuid()::text, 'x')",
            ground.workspace_id,
        )
    assert await own(ground, signed) == []


async def test_number_and_tail_open_the_order_to_this_conversation_alone(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order())
    (talk, _), (other, _) = await ground.new_conversation(), await ground.new_conversation()
    seen = await try_it(ground, talk, "ｑｓ d0001", "0417")
    assert seen.order is not None
    assert seen.order.number == "QS-D0001"
    async with ground.db.transaction(ground.workspace_id) as tx:
        assert [one.number for one in await open_orders(tx, ground.workspace_id, talk)] == ["QS-D0001"]
        assert await open_orders(tx, ground.workspace_id, other) == []
        links = await tx.fetch("select conversation_id, how from order_links")
    assert [tuple(row) for row in links] == [(talk, "asked")]


async def test_what_was_opened_closes_after_half_an_hour(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order())
    talk, _ = await ground.new_conversation()
    await try_it(ground, talk, "QS-D0001", "0417")
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update opened_orders set open_until = open_until - interval '30 minutes'")
        assert await open_orders(tx, ground.workspace_id, talk) == []


async def test_an_unknown_number_and_a_wrong_tail_get_the_same_answer(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order())
    (talk, _), (other, _) = await ground.new_conversation(), await ground.new_conversation()
    wrong = [await try_it(ground, talk, "QS-D0001", "9999") for _ in range(4)]
    unknown = [await try_it(ground, other, "QS-D9999", "9999") for _ in range(4)]
    assert wrong == unknown
    assert [one.tries_left for one in wrong] == [2, 1, 0, 0]
    assert [one.is_person_needed for one in wrong] == [False, False, True, True]
    assert all(one.order is None for one in wrong)


async def test_after_three_tries_even_the_right_tail_opens_nothing_here(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order(), order("QS-D0002"))
    talk, _ = await ground.new_conversation()
    for number in ("QS-D0002", "QS-D0003", "QS-D0004"):
        await try_it(ground, talk, number, "1111")
    assert await try_it(ground, talk, "QS-D0001", "0417") == Verified(None, True, 0)


async def test_a_number_that_was_tried_three_times_elsewhere_is_shut_for_a_day(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order())
    for tail in ("0001", "0002", "0003"):
        talk, _ = await ground.new_conversation()
        await try_it(ground, talk, "QS-D0001", tail)
    talk, _ = await ground.new_conversation()
    assert (await try_it(ground, talk, "QS-D0001", "0417")).is_person_needed
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute("update order_tries set tried_at = tried_at - interval '25 hours'")
    talk, _ = await ground.new_conversation()
    assert (await try_it(ground, talk, "QS-D0001", "0417")).order is not None


async def test_of_fifty_guesses_at_once_three_count(new_ground: NewGround) -> None:
    ground = await new_ground()
    await put(ground, order())
    talk, _ = await ground.new_conversation()
    tails = [f"{n:04}" for n in range(393, 443)]
    results = await asyncio.gather(*(try_it(ground, talk, "QS-D0001", tail) for tail in tails))
    tried = sorted(one.tries_left for one in results if not one.is_person_needed)
    assert len(tried) <= MOST_TRIES
    async with ground.db.transaction(ground.workspace_id) as tx:
        opened = await tx.fetchval("select count(*) from opened_orders")
    assert opened == sum(one.order is not None for one in results) <= 1


@pytest.mark.parametrize(
    "tail", ["", "417", "00417", "----", "04１7", "０４１７", " 0417x", "' or 1", "\u0660\u0664\u0661\u0667"]
)
async def test_only_four_plain_digits_are_a_tail(new_ground: NewGround, tail: str) -> None:
    ground = await new_ground()
    await put(ground, order(), order("QS-D0002", phone="", address=replace(order().address, phone="")))
    talk, _ = await ground.new_conversation()
    for number in ("QS-D0001", "QS-D0002"):
        assert (await try_it(ground, talk, number, tail)).order is None


async def test_another_workspaces_orders_are_as_unknown_as_none(new_ground: NewGround) -> None:
    ground, other = await new_ground(), await new_ground()
    await put(other, order())
    talk, _ = await ground.new_conversation()
    assert (await try_it(ground, talk, "QS-D0001", "0417")).order is None


class Carrier(Provider):
    """Tells one more event, or is down."""

    name = "carrier"
    can = frozenset({"track"})

    def __init__(self, is_down: bool) -> None:
        self.is_down = is_down
        self.asked = 0

    async def check(self) -> str:
        return self.name

    async def track(self, shipment: Shipment) -> Shipment:
        self.asked += 1
        if self.is_down:
            raise ShopDown("timeout")
        now = datetime.now(UTC)
        event = TrackEvent(now, "派送中", "上海", "out_for_delivery")
        return replace(shipment, state="out_for_delivery", events=(event,), asked_at=now)


class OneShop(Shops):
    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    async def open(self, workspace_id: int, connection_id: int) -> Provider:
        return self.provider


async def test_a_parcel_is_asked_for_live_and_then_not_again_for_a_while(new_ground: NewGround) -> None:
    ground = await new_ground()
    [order_id] = await put(ground, order(), connection=5)
    carrier = Carrier(is_down=False)
    for _ in range(2):
        seen = await track_order(ground.db, OneShop(carrier), ground.workspace_id, order_id)
        assert seen.is_live
        assert seen.order.parcels[0].events[0].text == "派送中"
    assert carrier.asked == 1


async def test_a_carrier_that_is_down_leaves_what_is_known_with_its_time(new_ground: NewGround) -> None:
    ground = await new_ground()
    [order_id] = await put(ground, order(), connection=5)
    seen = await track_order(ground.db, OneShop(Carrier(is_down=True)), ground.workspace_id, order_id)
    assert not seen.is_live
    assert seen.order.parcels[0].events[0].text == "已揽收"
    assert seen.as_of == seen.order.seen_at
    assert not (await track_order(ground.db, None, ground.workspace_id, order_id)).is_live


async def test_an_order_bought_after_a_talk_is_linked_to_it_once(new_ground: NewGround) -> None:
    ground = await new_ground()
    signed = await sign(ground, "buyer-1")
    talk, _ = await ground.new_conversation(signed)
    phoned, identity = await ground.new_conversation()
    now = datetime.now(UTC)
    async with ground.db.transaction(ground.workspace_id) as tx:
        await tx.execute(
            "update contacts set phone = '139 0000-8826' where id = (select contact_id from identities where id = $1)",
            identity,
        )
    soon: dict[str, Any] = {"ordered_at": now + timedelta(hours=2), "phone": "", "address": order().address}
    ids = await put(
        ground,
        order("A1", **{**soon, "phone": "13800000000"}),
        order("A2", **{**soon, "phone": "+86 13900008826", "buyer_external_id": None}),
        order("A3", **{**soon, "buyer_external_id": "somebody", "phone": "13911112222"}),
        order("A4", ordered_at=now - timedelta(hours=2)),
        order("A5", ordered_at=now + timedelta(days=4)),
    )
    assert await link_purchases(ground.db, ground.workspace_id) == 2
    assert await link_purchases(ground.db, ground.workspace_id) == 0
    async with ground.db.transaction(ground.workspace_id) as tx:
        rows = await tx.fetch("select conversation_id, order_id, how from order_links order by order_id")
    assert [tuple(row) for row in rows] == [(talk, ids[0], "bought_after"), (phoned, ids[1], "bought_after")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("QX-D0001 到哪了", ["QX-D0001"]), ("ｑｘ－Ｄ０００１呢", ["QX-D0001"]), ("我的订单 #1001 什么时候到", ["1001"]),
        ("订单号：2024112200123456", ["2024112200123456"]), ("手机13800138000", []), ("QX-S10 有货吗", []),
        ("order no 55321 please", ["55321"]), ("订单号 1 3 8 0 0 1", ["138001"]), ("2026年买的", []),
        ("QX-T2 和 QX-D0002", ["QX-D0002"]), ("E20240101123456789012345", ["E20240101123456789012345"]), ("", []),
    ],
)  # fmt: skip
def test_order_numbers_are_recognised_in_text(text: str, numbers: list[str]) -> None:
    assert find_order_numbers(text) == numbers


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert len({number_key(one) for one in ("QX-D0001", "qx d0001", "ＱＸ－Ｄ０００１", " Qx_d 0001。")}) == 1


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("尾号0417", "0417"), ("0417", "0417"), ("手机 13800130417", "0417"), ("后四位是 8826", "8826"),
        ("last four digits 0417", "0417"), ("QX-D0001，尾号 0417", "0417"), ("订单 #1001", None), ("2026年", None),
        ("０４１７", "0417"), ("是 0417 或者 0418", None), ("QX-D0001", None),
    ],
)  # fmt: skip
def test_the_tail_of_a_phone_is_recognised_in_text(text: str, tail: str | None) -> None:
    assert find_phone_tail(text) == tail


def test_details_are_starred_out_in_the_middle() -> None:
    assert (mask_phone("13800000417"), mask_phone("12345"), mask_name("顾小姐")) == ("138****0417", "***45", "顾**")
    shown = mask_address({"name": "顾小姐", "phone": "13800000417", "region": "浙江省", "detail": "某路 1 号"})
    assert shown == {"name": "顾**", "phone": "138****0417", "region": "浙江省", "detail": "***"}
