"""Every provider beside its emulator: how it is opened, what it must find there, and what may be asked of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.emulators import http_shop, kuaidi100, shopify, wechat_shop, woocommerce, youzan
from tests.emulators.shop_platform import ANNA, ShopPlatform
from yingke.commerce.connections.registry import find_provider
from yingke.commerce.providers.pieces.connected import Access, Connected, NoTokens
from yingke.commerce.providers.pieces.door import Door
from yingke.commerce.shapes import RequestKind
from yingke.kit.http import Outgoing

Pushed = tuple[dict[str, str], bytes]


@dataclass(frozen=True)
class Shop:
    """`settings` and `secret` with `{url}` for the emulator's address; `wrong` is a secret that opens nothing."""

    name: str
    emulator: Callable[[], ShopPlatform]
    settings: dict[str, Any]
    secret: dict[str, str]
    wrong: str
    deeds: dict[RequestKind, str] = field(default_factory=dict)
    """What can be asked, and the state of the order it is asked for."""
    push_order: Callable[[Any, str], Pushed] | None = None
    push_product: Callable[[Any, str], Pushed] | None = None
    has_tokens: bool = False

    def open(self, outgoing: Outgoing, url: str, *, is_wrong: bool = False, allow_private: bool = True) -> Connected:
        settings = {key: url if value == "{url}" else value for key, value in self.settings.items()}
        secret = self.secret | ({self.wrong: "wrong"} if is_wrong else {})
        kind = find_provider(self.name)
        assert kind is not None
        return kind(Door(outgoing, allow_private=allow_private), Access(settings, secret), NoTokens())


SHOPS = [
    Shop(
        "shopify",
        shopify.ShopifyEmulator,
        {"shop": "{url}"},
        {"access_token": shopify.TOKEN, "push_secret": shopify.PUSH_SECRET},
        "access_token",
        {"return": "shipped", "refund": "paid", "cancel": "paid", "address": "paid"},
        lambda shop, id: shop.push("orders/updated", {"id": int(id), "name": f"#{id}"}),
        lambda shop, id: shop.push("products/update", {"id": int(id)}, "ev-2"),
    ),
    Shop(
        "woocommerce",
        woocommerce.WooCommerceEmulator,
        {"site": "{url}"},
        {"key": woocommerce.KEY, "secret": woocommerce.SECRET, "push_secret": woocommerce.PUSH_SECRET},
        "secret",
        {
            "return": "shipped",
            "exchange": "shipped",
            "repair": "delivered",
            "invoice": "paid",
            "refund": "paid",
            "cancel": "paid",
            "address": "paid",
        },
        lambda shop, id: shop.push("order.updated", {"id": int(id)}),
        lambda shop, id: shop.push("product.updated", {"id": int(id)}, "d-2"),
    ),
    Shop(
        "youzan",
        youzan.YouzanEmulator,
        {"base_url": "{url}", "shop_number": youzan.SHOP, "client_id": youzan.CLIENT_ID},
        {"client_secret": youzan.CLIENT_SECRET},
        "client_secret",
        {"refund": "paid", "cancel": "unpaid"},
        lambda shop, id: shop.push("trade_TradeBuyerPay", {"tid": id}),
        lambda shop, id: shop.push("ITEM_INFO", {"data": {"item_id": int(id)}}, "m-2"),
        has_tokens=True,
    ),
    Shop(
        "wechat_shop",
        wechat_shop.WechatShopEmulator,
        {"base_url": "{url}", "app_id": wechat_shop.APP_ID},
        {
            "app_secret": wechat_shop.APP_SECRET,
            "push_token": wechat_shop.PUSH_TOKEN,
            "push_key": wechat_shop.PUSH_KEY,
        },
        "app_secret",
        {"refund": "paid", "return": "shipped", "address": "paid"},
        lambda shop, id: shop.push("channels_ec_order_pay", {"order_info": {"order_id": id}}),
        lambda shop, id: shop.push("product_spu_listing", {"ProductSpuListing": {"product_id": id, "status": "3"}}),
        has_tokens=True,
    ),
    Shop(
        "kuaidi100",
        kuaidi100.Kuaidi100Emulator,
        {"base_url": "{url}", "customer": kuaidi100.CUSTOMER},
        {"key": kuaidi100.KEY, "salt": kuaidi100.SALT},
        "key",
    ),
    Shop(
        "http_shop",
        http_shop.HttpShopEmulator,
        {"base_url": "{url}", "mapping": http_shop.MAPPING, "actions_url": "/api/requests"},
        {"auth_value": http_shop.KEY, "push_secret": http_shop.PUSH_SECRET},
        "auth_value",
        {"return": "shipped", "refund": "paid", "address": "paid", "invoice": "paid"},
        lambda shop, id: shop.push("order", id),
        lambda shop, id: shop.push("product", id, "p-2"),
    ),
]
BUYER = ANNA
