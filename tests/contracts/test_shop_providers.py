"""One suite over every provider of shops, against the emulator of its platform."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, get_args

import pytest

from tests.contracts.shops import BUYER, SHOPS, Shop
from tests.emulators.kuaidi100 import PARCELS
from tests.emulators.shop_platform import BEGIN, BRUNO, ShopPlatform
from yingke.commerce.connections.registry import list_providers
from yingke.commerce.contract import CannotByProgram, PushRefused, ShopDown, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Connected
from yingke.commerce.providers.pieces.door import within
from yingke.commerce.shapes import Action, Order, RequestKind, Shipment
from yingke.kit.http import Outgoing


@dataclass
class Case:
    shop: Shop
    platform: Any
    provider: Connected
    outgoing: Outgoing

    def first(self, state: str) -> Any:
        return next(one for one in self.platform.book.values() if one.state == state)


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


async def _case(shop: Shop, outgoing: Outgoing) -> AsyncIterator[Case]:
    async with shop.emulator() as platform:
        yield Case(shop, platform, shop.open(outgoing, platform.url), outgoing)


@pytest.fixture(params=SHOPS, ids=lambda shop: shop.name)
async def any_case(request: pytest.FixtureRequest, outgoing: Outgoing) -> AsyncIterator[Case]:
    async for case in _case(request.param, outgoing):
        yield case


@pytest.fixture(params=[shop for shop in SHOPS if shop.name != "kuaidi100"], ids=lambda shop: shop.name)
async def case(request: pytest.FixtureRequest, outgoing: Outgoing) -> AsyncIterator[Case]:
    async for case in _case(request.param, outgoing):
        yield case


async def _probe(provider: Connected) -> object:
    """Some call that reads."""
    if "track" in provider.can:
        return await provider.track(Shipment("YT8800000002", "圆通"))
    return await provider.find_order("70001")


async def _action(case: Case, kind: RequestKind) -> Action:
    """What a customer asks for, of an order of the state that it needs; for WeChat he has asked there already."""
    bought = case.first(case.shop.deeds[kind])
    if hasattr(case.platform, "apply_for") and kind != "address":
        case.platform.apply_for(bought.id, kind.upper())
    order = await case.provider.find_order(bought.number)
    assert order is not None
    details = {"name": "安娜", "phone": "13800000001", "region": "浙江省 杭州市 西湖区", "detail": "白杨路 9 号"}
    return Action(kind, order, amount_minor=500 if kind == "refund" else None, reason="不想要了", details=details)


def test_every_provider_is_in_the_suite_and_says_what_its_form_needs() -> None:
    assert {one.name for one in list_providers()} == {shop.name for shop in SHOPS}
    for kind in list_providers():
        assert kind.zh
        assert kind.en
        assert kind.about_zh
        assert kind.about_en
        for field in kind.fields:
            assert field.zh
            assert field.en
            assert field.where_zh or field.is_advanced or field.kind == "mapping", (kind.name, field.key)
        assert "push" not in kind.can or (kind.push_help_zh and kind.push_help_en)


async def test_products_are_listed_over_all_pages_each_once(case: Case) -> None:
    seen, cursor, pages = [], None, 0
    while True:
        batch = await case.provider.list_products(None, cursor)
        seen += [(one.external_id, one.title, sum(v.stock or 0 for v in one.variants)) for one in batch.items]
        pages, cursor = pages + 1, batch.next
        if cursor is None:
            break
    wanted = [(one.id, one.title, sum(v[4] for v in one.variants)) for one in case.platform.shelf.values()]
    assert sorted(seen) == sorted(wanted)
    assert pages > 1


async def test_a_product_has_its_variants_prices_and_stock(case: Case) -> None:
    product = await case.provider.fetch_product("1001")
    assert product is not None
    assert product.title == "云杉保温杯 1 号"
    told = {one.sku: (one.title, one.price_minor, one.stock) for one in product.variants}
    assert told == {"YS-1-A": ("苔绿", 1991, 3), "YS-1-B": ("雾白", 1991, 4)}


async def test_only_what_changed_since_is_listed(case: Case) -> None:
    since = BEGIN + timedelta(hours=20, minutes=30)
    orders = []
    cursor = None
    while True:
        batch = await case.provider.list_orders(since=since, cursor=cursor)
        orders += [one.external_id for one in batch.items]
        cursor = batch.next
        if cursor is None:
            break
    assert sorted(orders) == ["70021", "70022"]
    if case.provider.lists_changes:
        changed = await case.provider.list_products(since)
        assert sorted(one.external_id for one in changed.items) == ["1021", "1022", "1023"]


async def test_every_order_is_listed_once_whatever_its_state(case: Case) -> None:
    seen: list[Order] = []
    cursor = None
    while True:
        batch = await case.provider.list_orders(since=BEGIN, cursor=cursor)
        seen += batch.items
        cursor = batch.next
        if cursor is None:
            break
    assert sorted(one.external_id for one in seen) == sorted(case.platform.book)
    states = {one.external_id: one.state for one in seen}
    for bought in case.platform.book.values():
        wanted = {bought.state} | ({"shipped"} if bought.state == "delivered" else set())
        assert states[bought.id] in wanted, (bought.id, bought.state, states[bought.id])


async def test_stock_is_asked_live_and_unknown_skus_are_left_out(case: Case) -> None:
    if "stock" not in case.provider.can:
        with pytest.raises(CannotByProgram):
            await case.provider.get_stock(["YS-1-A"])
        return
    told = await case.provider.get_stock(["YS-1-A", "YS-2-A", "YS-2", "没有这个"])
    wanted = set()
    for id, sku in (("1001", "YS-1-A"), ("1002", "YS-2-A")):
        product = await case.provider.fetch_product(id)
        assert product is not None
        wanted |= {(one.sku, one.external_id, one.stock) for one in product.variants if one.sku == sku}
    assert {(one.sku, one.variant_id, one.stock) for one in told} == wanted
    assert len(wanted) == 2


async def test_an_order_is_found_by_its_number_with_its_sum_and_its_parcel(case: Case) -> None:
    bought = case.first("shipped")
    order = await case.provider.find_order(bought.number)
    assert isinstance(order, Order)
    assert (order.external_id, order.number, order.total_minor) == (bought.id, bought.number, bought.total)
    assert order.buyer_external_id == bought.buyer
    assert order.phone.endswith(bought.phone[-4:])
    assert [(one.sku, one.quantity, one.price_minor) for one in order.items] == [
        (bought.lines[0][2], 2, bought.lines[0][6])
    ]
    assert [one.tracking_number for one in order.shipments] == [bought.tracking]
    assert order.updated_at == bought.updated
    again = await case.provider.fetch_order(bought.id)
    assert again == order


@pytest.mark.parametrize("number", ["7000", "70", "99999999", "", "#", "7000*", "70001 OR 70002", "../70001", "{id}"])
async def test_an_unknown_number_finds_nothing_and_no_neighbour(case: Case, number: str) -> None:
    assert await case.provider.find_order(number) is None


async def test_another_buyers_orders_are_never_among_ones_own(case: Case) -> None:
    theirs = {one.id for one in case.platform.book.values() if one.buyer == BRUNO}
    mine: list[Order] = []
    cursor = None
    while True:
        batch = await case.provider.list_orders(buyer=BUYER, cursor=cursor)
        mine += batch.items
        cursor = batch.next
        if cursor is None:
            break
    assert mine
    assert not theirs & {one.external_id for one in mine}
    assert {one.buyer_external_id for one in mine} == {BUYER}


@pytest.mark.parametrize("buyer", ["0", "", "8802 OR 8801", "*"])
async def test_a_buyer_that_nobody_is_has_no_orders(case: Case, buyer: str) -> None:
    assert (await case.provider.list_orders(buyer=buyer)).items == ()


async def test_a_deed_whose_answer_was_lost_is_done_once(case: Case) -> None:
    for kind in case.shop.deeds:
        action = await _action(case, kind)
        before = case.platform.effects.copy()
        case.platform.faults.extend(_lost_at_the_deed(case.shop.name, kind))
        key = f"conversation:1:{kind}"
        with pytest.raises(ShopDown) as problem:
            await case.provider.carry_out(action, idempotency_key=key)
        assert problem.value.may_have_happened, kind
        try:
            known = await case.provider.find_action(action, idempotency_key=key)
        except CannotByProgram:
            assert case.provider.repeats_safely, kind
            known = await case.provider.carry_out(action, idempotency_key=key)
        assert known is not None, kind
        assert (case.platform.effects - before).total() == 1, kind


async def test_a_deed_that_never_left_is_known_to_be_undone(case: Case) -> None:
    for kind in case.shop.deeds:
        action = await _action(case, kind)
        try:
            assert await case.provider.find_action(action, idempotency_key=f"never:{kind}") is None, kind
        except CannotByProgram:
            assert case.provider.repeats_safely


async def test_what_a_platform_cannot_do_is_said_so(case: Case) -> None:
    order = await case.provider.find_order(case.first("paid").number)
    for kind in get_args(RequestKind):
        if kind not in case.provider.can:
            with pytest.raises(CannotByProgram):
                await case.provider.carry_out(Action(kind, order), idempotency_key="k")
    assert not case.platform.effects


async def test_a_shop_that_fails_is_down(any_case: Case) -> None:
    for fault in ("down", "gate", "garbage", "busy"):
        any_case.platform.faults.append(fault)
        with pytest.raises(ShopDown) as problem:
            await _probe(any_case.provider)
        assert problem.value.advice == "retry"
        any_case.platform.faults.clear()


async def test_a_shop_that_is_slow_is_given_up_in_time(any_case: Case) -> None:
    await _probe(any_case.provider)
    any_case.platform.faults.append("slow")
    begun = time.monotonic()
    with pytest.raises(ShopDown):
        async with within(0.25):
            await _probe(any_case.provider)
    assert time.monotonic() - begun < 0.8


async def test_a_shop_that_is_not_there_is_down_and_nothing_happened(any_case: Case) -> None:
    nowhere = any_case.shop.open(any_case.outgoing, "http://127.0.0.1:1")
    with pytest.raises(ShopDown) as problem:
        await _probe(nowhere)
    assert not problem.value.may_have_happened


async def test_wrong_keys_are_unauthorised(any_case: Case) -> None:
    with pytest.raises(ShopUnauthorised):
        await _probe(any_case.shop.open(any_case.outgoing, any_case.platform.url, is_wrong=True))


async def test_a_refusal_carries_the_words_of_the_shop(any_case: Case) -> None:
    await _probe(any_case.provider)
    any_case.platform.faults.append("refused")
    with pytest.raises(ShopRefused) as problem:
        await _probe(any_case.provider)
    assert problem.value.words


async def test_the_test_button_names_the_shop(any_case: Case) -> None:
    assert await any_case.provider.check() in ("云杉旗舰店", "快递100", "127.0.0.1")


async def test_an_address_inside_is_never_called_unless_the_installation_allows_it(any_case: Case) -> None:
    guarded = any_case.shop.open(any_case.outgoing, any_case.platform.url, allow_private=False)
    with pytest.raises(ShopRefused) as problem:
        await _probe(guarded)
    assert problem.value.cause == "address"
    assert any_case.platform.calls == []


@pytest.mark.parametrize("shop", [shop for shop in SHOPS if shop.has_tokens], ids=lambda shop: shop.name)
async def test_an_old_token_is_renewed_once_and_the_call_goes_on(shop: Shop, outgoing: Outgoing) -> None:
    async with shop.emulator() as platform:
        provider = shop.open(outgoing, platform.url)
        assert await provider.find_order("70001") is not None
        given = platform.tokens_given  # type: ignore[attr-defined]
        platform.end_token()  # type: ignore[attr-defined]
        assert await provider.find_order("70001") is not None
        assert platform.tokens_given == given + 1  # type: ignore[attr-defined]
        platform.is_always_expired = True  # type: ignore[attr-defined]
        with pytest.raises(ShopUnauthorised):
            await provider.find_order("70001")
        assert platform.tokens_given == given + 2  # type: ignore[attr-defined]


async def test_a_push_says_what_changed_and_a_repeat_has_the_same_id(case: Case) -> None:
    assert case.shop.push_order is not None
    assert case.shop.push_product is not None
    for make, kind, id in ((case.shop.push_order, "order", "70002"), (case.shop.push_product, "product", "1001")):
        [told] = case.provider.read_push(*make(case.platform, id))
        [again] = case.provider.read_push(*make(case.platform, id))
        assert (told.kind, told.external_id) == (kind, id)
        assert told.push_id
        assert told.push_id == again.push_id


async def test_a_push_with_a_wrong_signature_is_refused(case: Case) -> None:
    assert case.shop.push_order is not None
    headers, body = case.shop.push_order(case.platform, "70002")
    changed = body.replace(b"70002", b"70003") if b"70002" in body else body[:-8] + b'AAAAAA"}'
    tampered = [
        (headers, changed),
        ({}, body),
        ({name: "0" * len(value) for name, value in headers.items()}, body),
        ({name: "密" for name in headers}, body),
        (headers, b""),
    ]
    for wrong_headers, wrong_body in tampered:
        with pytest.raises(PushRefused):
            case.provider.read_push(wrong_headers, wrong_body)


async def test_a_connection_without_push_secret_takes_no_push(case: Case) -> None:
    assert case.shop.push_order is not None
    bare = {name: "" for name in case.shop.secret}
    silent = Shop(**{**case.shop.__dict__, "secret": bare})
    with pytest.raises(PushRefused):
        silent.open(case.outgoing, case.platform.url).read_push(*case.shop.push_order(case.platform, "70002"))


async def test_a_parcel_is_tracked_with_its_events_in_order(outgoing: Outgoing) -> None:
    shop = next(one for one in SHOPS if one.name == "kuaidi100")
    async with shop.emulator() as platform:
        provider = shop.open(outgoing, platform.url)
        parcel = await provider.track(Shipment("YT8800000002", "圆通速递"))
        assert (parcel.state, parcel.carrier_code) == ("in_transit", "yuantong")
        assert [one.state for one in parcel.events] == ["picked_up", "in_transit"]
        assert parcel.asked_at is not None
        assert parcel.events[0].place == "上海"
        assert (await provider.track(Shipment("YT8800000003", "圆通"))).state == "delivered"
        assert (await provider.track(Shipment("SF1400000001", "顺丰", phone_tail="0001"))).state == "out_for_delivery"
        with pytest.raises(ShopRefused) as problem:
            await provider.track(Shipment("SF1400000001", "顺丰"))
        assert problem.value.cause == "phone_tail"
        with pytest.raises(ShopRefused):
            await provider.track(Shipment("X1", "山间小快递"))
        unknown = await provider.track(Shipment("YT0", "圆通"))
        assert unknown.events == ()
        assert unknown.asked_at is not None
    assert len(PARCELS) == 3


def _lost_at_the_deed(name: str, kind: str) -> list[str]:
    """The calls before the deed go well; what comes back from the deed itself is lost."""
    before = {
        ("shopify", "return"): 1, ("shopify", "refund"): 1, ("shopify", "address"): 1,
        ("woocommerce", "refund"): 1, ("woocommerce", "cancel"): 1,
        ("wechat_shop", "refund"): 2, ("wechat_shop", "return"): 2,
    }.get((name, kind), 0)  # fmt: skip
    return [""] * before + ["lost"]


def test_the_emulators_listen_on_the_machine_itself_alone() -> None:
    assert all(issubclass(shop.emulator, ShopPlatform) for shop in SHOPS if isinstance(shop.emulator, type))
