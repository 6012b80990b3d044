"""What one platform alone does, and the tricks that its callback must not fall for."""

import base64
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contracts.shops import SHOPS
from tests.emulators.http_shop import HttpShopEmulator
from tests.emulators.kuaidi100 import Kuaidi100Emulator
from tests.emulators.shopify import ShopifyEmulator
from tests.emulators.wechat_shop import APP_ID, PUSH_KEY, PUSH_TOKEN, WechatShopEmulator
from tests.emulators.woocommerce import WooCommerceEmulator
from yingke.commerce.contract import PushRefused, ShopDown, ShopRefused
from yingke.commerce.providers.http_shop import HttpShop
from yingke.commerce.providers.kuaidi100 import Kuaidi100
from yingke.commerce.providers.pieces.connected import Connected
from yingke.commerce.providers.pieces.door import within
from yingke.commerce.providers.pieces.http_mapping import guess
from yingke.commerce.providers.pieces.read import minor, plain, when
from yingke.commerce.providers.pieces.wechat_crypto import NotSigned, decrypt, encrypt, sign
from yingke.commerce.shapes import Action, Shipment
from yingke.kit.http import Outgoing
from yingke.workspaces.webhook_signature import sign_webhook


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


def _open(name: str, outgoing: Outgoing, url: str) -> Connected:
    return next(one for one in SHOPS if one.name == name).open(outgoing, url)


def _sealed(message: bytes, *, key: str = PUSH_KEY, app: str = APP_ID) -> tuple[dict[str, str], bytes]:
    sealed = encrypt(message, key, app)
    headers = {"?msg_signature": sign(PUSH_TOKEN, "1", "n", sealed), "?timestamp": "1", "?nonce": "n"}
    return headers, json.dumps({"Encrypt": sealed}).encode()


async def test_a_throttled_query_waits_until_the_points_are_there(outgoing: Outgoing) -> None:
    async with ShopifyEmulator() as shop:
        provider = _open("shopify", outgoing, shop.url)
        shop.throttled = 1
        begun = time.monotonic()
        assert await provider.find_order("70001") is not None
        assert 0.25 < time.monotonic() - begun < 2
        shop.throttled = 9
        with pytest.raises(ShopDown) as problem:
            async with within(0.5):
                await provider.find_order("70001")
        assert problem.value.retry_after is not None


async def test_a_wechat_push_is_read_from_json_and_from_xml(outgoing: Outgoing) -> None:
    shop = WechatShopEmulator()
    provider = _open("wechat_shop", outgoing, "http://127.0.0.1:1")
    for is_xml in (False, True):
        headers, body = shop.push("channels_ec_order_new", {"order_info": {"order_id": "70005"}}, is_xml=is_xml)
        [told] = provider.read_push(headers, body)
        assert (told.kind, told.external_id) == ("order", "70005")
    about = {"finder_shop_aftersale_status_update": {"status": "USER_WAIT_RETURN", "order_id": "70006"}}
    [told] = provider.read_push(*shop.push("channels_ec_aftersale_update", about))
    assert (told.kind, told.external_id) == ("order", "70006")
    assert provider.read_push(*shop.push("subscribe", {})) == []


async def test_wechats_test_of_the_address_is_answered_only_when_signed(outgoing: Outgoing) -> None:
    provider = _open("wechat_shop", outgoing, "http://127.0.0.1:1")
    probe = WechatShopEmulator().probe()
    assert provider.answer_probe(probe) == probe["echostr"]
    assert provider.answer_probe(probe | {"timestamp": "1762000001"}) is None
    assert provider.answer_probe({}) is None
    sealed = encrypt(b"echo", PUSH_KEY, APP_ID)
    signed = {"msg_signature": sign(PUSH_TOKEN, "1", "n", sealed), "timestamp": "1", "nonce": "n", "echostr": sealed}
    assert provider.answer_probe(signed) == "echo"


async def test_a_wechat_push_in_plain_mode_for_another_app_or_with_entities_is_not_read(outgoing: Outgoing) -> None:
    provider = _open("wechat_shop", outgoing, "http://127.0.0.1:1")
    told = json.dumps({"Event": "channels_ec_order_pay", "order_info": {"order_id": "1"}}).encode()
    plainly = {"?signature": sign(PUSH_TOKEN, "1", "n"), "?timestamp": "1", "?nonce": "n"}
    wrong_key = "zbcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    for headers, body in ((plainly, told), _sealed(told, app="wx0000000000000000"), _sealed(told, key=wrong_key)):
        with pytest.raises(PushRefused):
            provider.read_push(headers, body)
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><xml><Event>&b;</Event></xml>'
    assert provider.read_push(*_sealed(laughs)) == []
    assert provider.read_push(*_sealed(b"[" * 100_000)) == []
    assert provider.read_push(*_sealed(b"<xml>" * 1000)) == []


@pytest.mark.parametrize("junk", ["", "!!!", "QUJD", base64.b64encode(b"x" * 32).decode(), "密"])
def test_what_is_no_ciphertext_is_not_signed(junk: str) -> None:
    with pytest.raises(NotSigned):
        decrypt(junk, PUSH_KEY, APP_ID)


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 31, 32, 33, 1000])
def test_what_was_sealed_opens_again_at_every_length_of_padding(size: int) -> None:
    message = ("信" * size).encode()[:size]
    assert decrypt(encrypt(message, PUSH_KEY, APP_ID), PUSH_KEY, APP_ID) == message


async def test_woocommerces_ping_is_taken_though_it_is_not_signed(outgoing: Outgoing) -> None:
    provider = _open("woocommerce", outgoing, "http://127.0.0.1:1")
    assert provider.read_push({}, b"webhook_id=7") == []
    with pytest.raises(PushRefused):
        provider.read_push({}, b"webhook_id=7&id=1")


async def test_a_cancelled_or_shipped_order_of_woocommerce_is_not_cancelled_again(outgoing: Outgoing) -> None:
    async with WooCommerceEmulator() as shop:
        provider = _open("woocommerce", outgoing, shop.url)
        order = await provider.find_order(next(one.number for one in shop.book.values() if one.state == "delivered"))
        with pytest.raises(ShopRefused):
            await provider.carry_out(Action("cancel", order), idempotency_key="k")
        assert not shop.effects


async def test_a_parcel_is_subscribed_once_and_its_push_is_read_under_both_formulas(outgoing: Outgoing) -> None:
    async with Kuaidi100Emulator() as shop:
        provider = _open("kuaidi100", outgoing, shop.url)
        assert isinstance(provider, Kuaidi100)
        for _ in range(2):
            await provider.subscribe(Shipment("YT8800000002", "圆通"), "https://kf.example.com/inbound/shop/1")
        assert shop.effects["subscription"] == 1
        assert shop.subscribed["YT8800000002"]["parameters"]["callbackurl"].startswith("https://kf.example.com")
        for formula in ("salt", "query"):
            [told] = provider.read_push(*shop.push("YT8800000002", "3", formula=formula))
            assert told.shipment is not None
            assert (told.kind, told.external_id, told.shipment.state) == ("shipment", "YT8800000002", "delivered")
        headers, body = shop.push("YT8800000002", "3")
        for wrong in (body.replace(b"sign=", b"sign=0"), body + b"x", b"", b"sign=&param=%7B%7D"):
            with pytest.raises(PushRefused):
                provider.read_push(headers, wrong)


async def test_the_key_of_an_http_shop_never_goes_to_another_server(outgoing: Outgoing) -> None:
    async with HttpShopEmulator() as shop, HttpShopEmulator() as other:
        provider = _open("http_shop", outgoing, shop.url)
        assert isinstance(provider, HttpShop)
        for url in (
            f"{other.url}/api/goods",
            "https://evil.example/x",
            "//evil.example/x",
            "http://127.0.0.1@evil.example/",
        ):
            with pytest.raises(ShopRefused):
                await provider.sample("products", url)
        assert other.calls == []
        assert (await provider.sample("products", "/api/goods"))["code"] == 0


async def test_a_push_of_an_http_shop_that_is_too_old_is_refused(outgoing: Outgoing) -> None:
    provider = _open("http_shop", outgoing, "http://127.0.0.1:1")
    body, stamp = b'{"kind":"order","id":"1"}', int(time.time()) - 400
    mark = sign_webhook([provider.access.text("push_secret")], "p", stamp, body)
    with pytest.raises(PushRefused):
        provider.read_push({"webhook-id": "p", "webhook-timestamp": str(stamp), "webhook-signature": mark}, body)


async def test_the_fields_of_a_sample_are_guessed_by_their_usual_names(outgoing: Outgoing) -> None:
    async with HttpShopEmulator() as shop:
        provider = _open("http_shop", outgoing, shop.url)
        assert isinstance(provider, HttpShop)
        goods = guess(await provider.sample("products", "/api/goods"), "products")
        assert (goods.list, goods.parts, goods.fields["title"], goods.fields["external_id"]) == (
            "data.rows", "skus", "name", "goods_id"
        )  # fmt: skip
        assert goods.part_fields == {"external_id": "id", "sku": "barcode", "price": "price"}
        orders = guess(await provider.sample("orders", "/api/orders"), "orders")
        assert (orders.fields["number"], orders.fields["total"], orders.parts) == ("order_sn", "amount", "lines")


@pytest.mark.parametrize(
    ("amount", "currency", "fen"),
    [("12.345", "CNY", 1235), ("1,299.00", "CNY", 129900), (9.82, "USD", 982), ("500", "JPY", 500), ("1.2345", "KWD", 1235),
     ("", "CNY", 0), (None, "CNY", 0), ("面议", "CNY", 0), ("NaN", "CNY", 0), ("Infinity", "CNY", 0)],
)  # fmt: skip
def test_money_is_read_half_up_at_the_minor_unit(amount: Any, currency: str, fen: int) -> None:
    assert minor(amount, currency) == fen


def test_times_and_descriptions_are_read_as_platforms_write_them() -> None:
    assert str(when("2026-11-20 08:00:00")) == "2026-11-20 08:00:00+08:00"
    assert when(1762000000) == when("1762000000000") == when("2025-11-01T12:26:40Z")
    assert [when(one) for one in ("", None, 0, "0000-00-00 00:00:00", "昨天", "9" * 30)] == [None] * 6
    assert plain("<style>p{}</style><p>一&nbsp;二</p><script>alert(1)</script><p>三</p>") == "一 二\n三"
