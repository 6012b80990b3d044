"""WooCommerce, through its REST API version 3 with a consumer key and secret over HTTPS.

An order is changed by POST, which WordPress takes like PUT: an HTTP client may send a PUT again by itself when a kept
connection was cut, and a deed must leave once.
Sources: woocommerce.github.io/woocommerce-rest-api-docs (authentication, pagination, products, variations, orders, notes,
refunds, webhooks). NOT VERIFIED against a live shop: parcel numbers in the meta field of the Shipment Tracking extension,
whether a gateway refunds by `api_refund` (each payment plugin decides).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from yingke.commerce.contract import CannotByProgram, PushRefused, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Connected, Field
from yingke.commerce.providers.pieces.door import base_url, read_json, within, words_of
from yingke.commerce.providers.pieces.read import dig, minor, plain, rows, text_of
from yingke.commerce.providers.pieces.woocommerce_read import read_order, read_product, read_stock
from yingke.commerce.shapes import Action, ActionResult, Batch, Change, ChangeKind, Order, Product, Stock
from yingke.kit.http import Method, Reply

PAGE = 20
NOTES = {"return": "退货", "exchange": "换货", "repair": "维修", "invoice": "开发票"}
OPEN = frozenset({"pending", "on-hold", "processing", "failed"})
PING = re.compile(rb"webhook_id=\d{1,12}")
"""What WooCommerce sends, unsigned, to see whether an address exists."""


class WooCommerce(Connected):
    name = "woocommerce"
    zh, en = "WooCommerce", "WooCommerce"
    about_zh = "商品、库存、订单、运单号；退款、取消、改地址；退换修和发票留言给店铺。"
    about_en = (
        "Products, stock, orders, parcel numbers; refunds, cancelling, addresses; other requests as notes to the shop."
    )
    can = frozenset(
        {
            "products", "stock", "orders", "push",
            "return", "exchange", "repair", "invoice", "refund", "cancel", "address",
        }
    )  # fmt: skip
    fields = (
        Field(
            "site", "url", "网站地址", "Site address",
            "店铺首页地址，例如 https://shop.example.com。须为 https。",
            "The shop's home page, such as https://shop.example.com. It must be https.",
        ),
        Field(
            "key", "secret", "Consumer key", "Consumer key",
            "WordPress 后台 WooCommerce → 设置 → 高级 → REST API → 添加密钥，权限选「读/写」，以 ck_ 开头。",
            "WooCommerce → Settings → Advanced → REST API → Add key with read/write permission; begins with ck_.",
        ),
        Field(
            "secret", "secret", "Consumer secret", "Consumer secret",
            "生成密钥后只显示一次，以 cs_ 开头。", "Shown once beside the key; begins with cs_.",
        ),
        Field(
            "push_secret", "secret", "Webhook 密钥", "Webhook secret",
            "您自己定一串字，建 Webhook 时填同样的。不填就只靠定时同步。",
            "Any words of your own, the same as in the webhook. Without it only the regular sync works.",
            is_required=False,
        ),
    )  # fmt: skip
    push_help_zh = (
        "WooCommerce → 设置 → 高级 → Webhooks，为「订单已更新」「商品已更新」「商品已删除」各建一个，密钥填上面那串字。"
    )
    push_help_en = "WooCommerce → Settings → Advanced → Webhooks: one each for order updated, product updated and product deleted, with the same secret."

    _currency: str | None = None

    async def check(self) -> str:
        async with within():
            await self._ask("GET", "products", {"per_page": 1})
            site = await self.door.send_json("GET", f"{base_url(self.access.text('site'))}/wp-json/")
            return plain(dig(site, "name")) or self.access.text("site")

    async def list_products(self, since: datetime | None = None, cursor: str | None = None) -> Batch[Product]:
        async with within():
            query = {"per_page": PAGE, "orderby": "id", "order": "asc"} | _changed(since)
            found, following = await self._page("products", query, cursor)
            currency = await self._money()
            return Batch(tuple([await self._whole(row, currency) for row in found]), following)

    async def fetch_product(self, external_id: str) -> Product | None:
        async with within():
            row = await self._one(f"products/{quote(external_id, safe='')}")
            return None if row is None else await self._whole(row, await self._money())

    async def get_stock(self, skus: Sequence[str]) -> list[Stock]:
        wanted = set(skus)
        async with within():
            found = rows(await self._ask("GET", "products", {"sku": ",".join(sorted(wanted)), "per_page": 100}))
            return [stock for row in found if (stock := read_stock(row)).sku in wanted]

    async def find_order(self, number: str) -> Order | None:
        bare = number.strip().lstrip("#")
        async with within():
            if bare.isdigit() and (row := await self._one(f"orders/{bare}")) is not None:
                order = read_order(row)
                if order.number == bare:
                    return order
            # Shops with numbers of their own: the search finds the words anywhere in an order.
            found = rows(await self._ask("GET", "orders", {"search": bare[:60], "per_page": PAGE})) if bare else []
            orders = (read_order(row) for row in found)
            return next((one for one in orders if one.number.lower() == bare.lower()), None)

    async def fetch_order(self, external_id: str) -> Order | None:
        row = await self._one(f"orders/{quote(external_id, safe='')}")
        return None if row is None else read_order(row)

    async def list_orders(
        self, *, buyer: str | None = None, since: datetime | None = None, cursor: str | None = None
    ) -> Batch[Order]:
        if buyer is not None and (not buyer.isdigit() or buyer == "0"):
            # customer 0 would be every guest.
            return Batch(())
        query: dict[str, Any] = {"per_page": PAGE, "orderby": "id", "order": "asc"} | _changed(since)
        found, following = await self._page("orders", query | ({"customer": buyer} if buyer else {}), cursor)
        orders = [read_order(row) for row in found]
        return Batch(tuple(one for one in orders if buyer is None or one.buyer_external_id == buyer), following)

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        if action.order is None or action.kind == "coupon":
            raise CannotByProgram
        async with within():
            path = f"orders/{quote(action.order.external_id, safe='')}"
            mark = _mark(idempotency_key)
            if action.kind == "cancel":
                return await self._cancel(path)
            if action.kind == "address":
                await self._ask("POST", path, value={"shipping": _shipping(action)}, acts=True)
                return ActionResult(True)
            if action.kind == "refund":
                return await self._refund(path, action, idempotency_key)
            note = f"客户申请{NOTES[action.kind]}：{action.reason[:500]} {_details(action)} {mark}"
            made = await self._ask("POST", f"{path}/notes", value={"note": note}, acts=True)
            return ActionResult(False, text_of(dig(made, "id")))

    async def find_action(self, action: Action, *, idempotency_key: str) -> ActionResult | None:
        if action.order is None or action.kind == "coupon":
            raise CannotByProgram
        async with within():
            path = f"orders/{quote(action.order.external_id, safe='')}"
            if action.kind in ("cancel", "address"):
                row = await self._one(path) or {}
                is_same = dig(row, "shipping", "address_1") == text_of(action.details.get("detail"))
                is_there = row.get("status") == "cancelled" if action.kind == "cancel" else is_same
                return ActionResult(True) if is_there else None
            if action.kind == "refund":
                made = rows(await self._ask("GET", f"{path}/refunds", {"per_page": 100}))
                mine = (one for one in made if _has_key(one, idempotency_key))
                return next((ActionResult(True, text_of(one.get("id"))) for one in mine), None)
            notes = rows(await self._ask("GET", f"{path}/notes"))
            found = (one for one in notes if _mark(idempotency_key) in text_of(one.get("note")))
            return next((ActionResult(False, text_of(one.get("id"))) for one in found), None)

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        secret = self.access.text("push_secret")
        if PING.fullmatch(body.strip()):
            return []
        wanted = base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
        if not secret or not hmac.compare_digest(wanted, headers.get("x-wc-webhook-signature", "").encode()):
            raise PushRefused
        topic = headers.get("x-wc-webhook-topic", "")
        try:
            told = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
        about = text_of(dig(told, "id"))
        what = topic.partition(".")[0]
        kind: ChangeKind = "product_gone" if topic == "product.deleted" else "product" if what == "product" else "order"
        if what not in ("product", "order") or not about:
            return []
        return [Change(kind, about, push_id=headers.get("x-wc-webhook-delivery-id", ""))]

    async def _cancel(self, path: str) -> ActionResult:
        row = await self._one(path) or {}
        if row.get("status") == "cancelled":
            return ActionResult(True)
        if row.get("status") not in OPEN:
            raise ShopRefused("订单已发货、已完成或已退款，不能取消。", cause="not_open")
        await self._ask("POST", path, value={"status": "cancelled"}, acts=True)
        return ActionResult(True)

    async def _refund(self, path: str, action: Action, key: str) -> ActionResult:
        row = await self._one(path) or {}
        places = len(str(minor(1, action.currency))) - 1
        amount = action.amount_minor if action.amount_minor is not None else minor(row.get("total"), action.currency)
        value = {
            "amount": f"{amount / 10**places:.{places}f}",
            "reason": action.reason[:200],
            "api_refund": True,
            "meta_data": [{"key": "_yingke_key", "value": _mark(key)}],
        }
        made = await self._ask("POST", f"{path}/refunds", value=value, acts=True)
        return ActionResult(True, text_of(dig(made, "id")))

    async def _whole(self, row: dict[str, Any], currency: str) -> Product:
        variations: list[dict[str, Any]] = []
        if row.get("type") == "variable" and row.get("variations"):
            path, cursor = f"products/{row['id']}/variations", None
            while True:
                more, cursor = await self._page(path, {"per_page": 100}, cursor)
                variations += more
                if cursor is None:
                    break
        return read_product(row, variations, currency)

    async def _money(self) -> str:
        if self._currency is None:
            self._currency = text_of(dig(await self._ask("GET", "data/currencies/current"), "code")) or "CNY"
        return self._currency

    async def _page(
        self, path: str, query: dict[str, Any], cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        page = int(cursor) if cursor and cursor.isdigit() else 1
        reply = await self._send("GET", path, query | {"page": page})
        pages = reply.headers.get("x-wp-totalpages", "0")
        return rows(read_json(reply)), str(page + 1) if pages.isdigit() and page < int(pages) else None

    async def _one(self, path: str) -> dict[str, Any] | None:
        try:
            found = await self._ask("GET", path)
        except ShopRefused as refusal:
            if refusal.cause in ("http_404", "http_410"):
                return None
            raise
        return found if isinstance(found, dict) else None

    async def _ask(
        self,
        method: Method,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        value: Any = None,
        acts: bool = False,
    ) -> Any:
        return read_json(await self._send(method, path, query, value=value, acts=acts), acts=acts)

    async def _send(
        self,
        method: Method,
        path: str,
        query: Mapping[str, Any] | None = None,
        *,
        value: Any = None,
        acts: bool = False,
    ) -> Reply:
        site = base_url(self.access.text("site"))
        pair = f"{self.access.text('key')}:{self.access.text('secret')}".encode()
        reply = await self.door.send(
            method,
            f"{site}/wp-json/wc/v3/{path}" + (f"?{urlencode(query)}" if query else ""),
            headers={
                "Authorization": f"Basic {base64.b64encode(pair).decode()}",
                "Accept": "application/json",
                **({"Content-Type": "application/json"} if value is not None else {}),
            },
            body=None if value is None else msgspec.json.encode(value),
            acts=acts,
        )
        if reply.status == 403:
            raise ShopUnauthorised
        if reply.status >= 300:
            raise ShopRefused(words_of(reply), cause=f"http_{reply.status}")
        return reply


def _changed(since: datetime | None) -> dict[str, Any]:
    if since is None:
        return {}
    return {"modified_after": since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}


def _shipping(action: Action) -> dict[str, str]:
    wish = {name: text_of(action.details.get(name)) for name in ("name", "phone", "region", "detail", "zip")}
    region = wish["region"].split()
    given = {
        "first_name": wish["name"].rpartition(" ")[0],
        "last_name": wish["name"].rpartition(" ")[2],
        "phone": wish["phone"],
        "city": region[-1] if region else "",
        "address_1": wish["detail"],
        "postcode": wish["zip"],
    }
    return {name: value for name, value in given.items() if value}


def _details(action: Action) -> str:
    items = "，".join(f"第 {one.line} 件 ×{one.quantity}" for one in action.items)
    facts = "，".join(f"{name}={value}" for name, value in action.details.items() if value)
    return f"（{'；'.join(part for part in (items, facts) if part)}）" if items or facts else ""


def _has_key(row: dict[str, Any], key: str) -> bool:
    return any(one.get("key") == "_yingke_key" and one.get("value") == _mark(key) for one in rows(row.get("meta_data")))


def _mark(key: str) -> str:
    return f"[yk:{hashlib.sha256(key.encode()).hexdigest()[:16]}]"
