"""Shopify, through its GraphQL Admin API with the token of an app that the merchant installed.

Sources: shopify.dev/docs/api/admin-graphql (objects, orderCancel, returnRequest, refundCreate, orderUpdate),
/docs/api/usage/limits (cost throttle), /docs/apps/build/webhooks (HMAC), the changelog of 2025-12-12 (`@idempotent` is
mandatory for refundCreate from 2026-04). NOT VERIFIED against a live shop: the cost of our queries, whether
`returns`' items tell `customerNote` to an app of this kind, which orders older than 60 days need `read_all_orders`.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from yingke.commerce.contract import PushRefused, ShopDown, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces import shopify_queries as q
from yingke.commerce.providers.pieces.connected import Connected, Field
from yingke.commerce.providers.pieces.door import base_url, seconds_left, within
from yingke.commerce.providers.pieces.read import dig, rows, text_of
from yingke.commerce.providers.pieces.shopify_deeds import carry_out, find_deed
from yingke.commerce.providers.pieces.shopify_read import gid, read_order, read_product, short_id
from yingke.commerce.shapes import Action, ActionResult, Batch, Change, ChangeKind, Order, Product, Stock

API_VERSION = "2026-10"
ORDER_TOPICS = ("orders/", "fulfillments/", "refunds/", "returns/", "order_transactions/")


class Shopify(Connected):
    name = "shopify"
    zh, en = "Shopify", "Shopify"
    about_zh = "商品、库存、订单、物流；退货申请、退款、取消、改地址。"
    about_en = "Products, stock, orders, parcels; return requests, refunds, cancelling, changing the address."
    can = frozenset({"products", "stock", "orders", "push", "return", "refund", "cancel", "address"})
    fields = (
        Field(
            "shop", "url", "店铺域名", "Shop domain",
            "形如 example.myshopify.com，在 Shopify 后台 设置 → 域名 里能看到。",
            "Like example.myshopify.com; see Settings → Domains in the Shopify admin.",
        ),
        Field(
            "access_token", "secret", "Admin API 访问令牌", "Admin API access token",
            "后台 设置 → 应用和销售渠道 → 开发应用 → 新建应用，勾选 read_products、read_inventory、read_orders、"
            "write_orders、write_returns，安装后在「API 凭据」里复制。",
            "Settings → Apps and sales channels → Develop apps → create one with read_products, read_inventory, "
            "read_orders, write_orders, write_returns; install it and copy from API credentials.",
        ),
        Field(
            "push_secret", "secret", "API 密钥（用来验证推送）", "API secret key (to verify pushes)",
            "同一页「API 密钥」。不填也能用，只是变化要等定时同步。",
            "API secret key on the same page. Without it changes arrive with the regular sync.",
            is_required=False,
        ),
        Field(
            "api_version", "text", "API 版本", "API version", is_required=False, default=API_VERSION, is_advanced=True
        ),
    )  # fmt: skip
    push_help_zh = (
        "后台 设置 → 通知 → Webhooks，为「订单更新」「商品更新」「商品删除」「发货更新」各建一个，格式 JSON。"
    )
    push_help_en = "Settings → Notifications → Webhooks: one each for order update, product update, product deletion and fulfillment update, as JSON."

    async def check(self) -> str:
        return text_of(dig(await self.ask(q.SHOP), "shop", "name"))

    async def list_products(self, since: datetime | None = None, cursor: str | None = None) -> Batch[Product]:
        async with within():
            data = await self.ask(q.PRODUCTS, {"after": cursor, "query": _changed(since), "more": None})
            currency = text_of(dig(data, "shop", "currencyCode"))
            nodes = rows(dig(data, "products", "nodes"))
            products = [read_product(await self._with_all_variants(node), currency) for node in nodes]
            return Batch(tuple(products), _next(dig(data, "products", "pageInfo")))

    async def fetch_product(self, external_id: str) -> Product | None:
        async with within():
            data = await self.ask(q.ONE_PRODUCT, {"id": gid("Product", external_id), "more": None})
            node = data.get("product")
            if not isinstance(node, dict):
                return None
            return read_product(await self._with_all_variants(node), text_of(dig(data, "shop", "currencyCode")))

    async def get_stock(self, skus: Sequence[str]) -> list[Stock]:
        wanted = set(skus)
        query = " OR ".join(f'sku:"{_quoted(sku)}"' for sku in sorted(wanted))
        data = await self.ask(q.STOCK, {"query": query})
        return [
            Stock(
                short_id(row.get("id")),
                row.get("inventoryQuantity") if dig(row, "inventoryItem", "tracked") is not False else None,
                text_of(row.get("sku")),
            )
            for row in rows(dig(data, "productVariants", "nodes"))
            if text_of(row.get("sku")) in wanted
        ]

    async def find_order(self, number: str) -> Order | None:
        bare = number.strip().lstrip("#")
        if not bare:
            return None
        data = await self.ask(q.ORDERS, {"after": None, "query": f'name:"{_quoted(bare)}"'})
        # The search also finds names that merely begin like it.
        found = [read_order(node) for node in rows(dig(data, "orders", "nodes"))]
        return next((one for one in found if one.number.lstrip("#").lower() == bare.lower()), None)

    async def fetch_order(self, external_id: str) -> Order | None:
        node = (await self.ask(q.ONE_ORDER, {"id": gid("Order", external_id)})).get("order")
        return read_order(node) if isinstance(node, dict) else None

    async def list_orders(
        self, *, buyer: str | None = None, since: datetime | None = None, cursor: str | None = None
    ) -> Batch[Order]:
        if buyer is not None and not buyer.isdigit():
            return Batch(())
        terms = [f"customer_id:{buyer}" if buyer else "", _changed(since) or ""]
        data = await self.ask(q.ORDERS, {"after": cursor, "query": " ".join(term for term in terms if term)})
        orders = [read_order(node) for node in rows(dig(data, "orders", "nodes"))]
        mine = tuple(one for one in orders if buyer is None or one.buyer_external_id == buyer)
        return Batch(mine, _next(dig(data, "orders", "pageInfo")))

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        async with within():
            return await carry_out(self.ask, action, idempotency_key)

    async def find_action(self, action: Action, *, idempotency_key: str) -> ActionResult | None:
        async with within():
            return await find_deed(self.ask, action, idempotency_key)

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        secret = self.access.text("push_secret")
        wanted = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
        if not secret or not hmac.compare_digest(wanted, headers.get("x-shopify-hmac-sha256", "").encode()):
            raise PushRefused
        topic = headers.get("x-shopify-topic", "")
        push_id = headers.get("x-shopify-event-id") or headers.get("x-shopify-webhook-id", "")
        try:
            told = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
        change = _change(topic, told if isinstance(told, dict) else {}, f"{topic}:{push_id}" if push_id else "")
        return [change] if change is not None else []

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None, *, acts: bool = False) -> Any:
        """The `data` of an answer. Waits while the shop's bucket of points fills again, if that fits into the time."""
        version = self.access.text("api_version") or API_VERSION
        url = f"{base_url(self.access.text('shop'))}/admin/api/{version}/graphql.json"
        headers = {"X-Shopify-Access-Token": self.access.text("access_token")}
        async with within():
            while True:
                body = {"query": query, "variables": dict(variables or {})}
                try:
                    answer = await self.door.send_json("POST", url, body, headers=headers, acts=acts)
                except ShopRefused as refusal:
                    raise ShopUnauthorised if refusal.cause == "http_403" else refusal from None
                wait = _throttled(answer)
                if wait is None:
                    return _data(answer)
                if wait >= seconds_left():
                    raise ShopDown("busy", retry_after=wait)
                await asyncio.sleep(wait)

    async def _with_all_variants(self, node: dict[str, Any]) -> dict[str, Any]:
        while (more := _next(dig(node, "variants", "pageInfo"))) is not None:
            rest = (await self.ask(q.ONE_PRODUCT, {"id": node["id"], "more": more})).get("product") or {}
            both = rows(dig(node, "variants", "nodes")) + rows(dig(rest, "variants", "nodes"))
            node = node | {"variants": {"nodes": both, "pageInfo": dig(rest, "variants", "pageInfo")}}
        return node


def _change(topic: str, told: dict[str, Any], push_id: str) -> Change | None:
    kind: ChangeKind
    if topic == "app/uninstalled":
        return Change("disconnected", "", push_id=push_id)
    if topic.startswith("products/"):
        kind = "product_gone" if topic == "products/delete" else "product"
        about = told.get("id")
    elif topic.startswith(ORDER_TOPICS):
        kind, about = "order", told.get("id") if topic.startswith("orders/") else told.get("order_id")
    else:
        return None
    return Change(kind, text_of(about), push_id=push_id) if text_of(about) else None


def _changed(since: datetime | None) -> str | None:
    return f"updated_at:>='{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}'" if since is not None else None


def _quoted(text: str) -> str:
    """Inside the quotes of Shopify's search language."""
    return "".join(" " if sign in "\"'\\\n\r" else sign for sign in text)[:100]


def _next(page: Any) -> str | None:
    return text_of(dig(page, "endCursor")) or None if dig(page, "hasNextPage") else None


def _throttled(answer: Any) -> float | None:
    """Seconds until the points for this query are there; None when it was answered."""
    if not any(dig(error, "extensions", "code") == "THROTTLED" for error in rows(dig(answer, "errors"))):
        return None
    cost = dig(answer, "extensions", "cost")
    rate = float(dig(cost, "throttleStatus", "restoreRate") or 50)
    missing = float(dig(cost, "requestedQueryCost") or rate) - float(
        dig(cost, "throttleStatus", "currentlyAvailable") or 0
    )
    return max(0.1, missing / rate)


def _data(answer: Any) -> Any:
    errors = dig(answer, "errors")
    if errors:
        codes = {text_of(dig(error, "extensions", "code")) for error in rows(errors)}
        if "INTERNAL_SERVER_ERROR" in codes:
            raise ShopDown("internal")
        words = "; ".join(text_of(error.get("message")) for error in rows(errors)) or text_of(errors)
        raise ShopRefused(words[:200], cause=next(iter(codes), "") or "graphql")
    return dig(answer, "data") or {}
