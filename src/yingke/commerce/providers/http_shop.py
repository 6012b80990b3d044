"""Any shop or ERP with a JSON interface: its addresses and the paths to our fields are filled in on screen.

The protocol is ours where theirs is open: actions are posted as JSON with an Idempotency-Key, and pushes are signed the
way of Standard Webhooks 1.0 (standardwebhooks.com): webhook-id, webhook-timestamp, webhook-signature.
"""

import hmac
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from yingke.commerce.contract import Ability, CannotByProgram, PushRefused, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Access, Connected, Field, Tokens
from yingke.commerce.providers.pieces.door import Door, base_url, origin_of, read_json, within, words_of
from yingke.commerce.providers.pieces.http_mapping import (
    HttpMapping,
    ListMapping,
    at,
    read_mapping,
    read_order,
    read_product,
    since_text,
)
from yingke.commerce.providers.pieces.read import dig, rows, text_of
from yingke.commerce.shapes import Action, ActionResult, Batch, Change, ChangeKind, Order, Product, Stock
from yingke.workspaces.webhook_signature import sign_webhook

STALE_SECONDS = 300
KINDS: dict[str, ChangeKind] = {
    "product": "product", "product_gone": "product_gone", "stock": "stock", "order": "order", "shipment": "shipment",
}  # fmt: skip
READING: frozenset[Ability] = frozenset({"products", "stock", "orders", "push"})
ACTIONS: frozenset[Ability] = frozenset(
    {"return", "exchange", "refund", "repair", "cancel", "address", "invoice", "coupon"}
)


class HttpShop(Connected):
    name = "http_shop"
    zh, en = "其他系统（HTTP 接口）", "Another system (HTTP)"
    about_zh = "自建商城、ERP 等有 JSON 接口的系统：填网址，对照样例选字段。"
    about_en = "A shop or ERP of your own with JSON over HTTP: addresses, and fields chosen from a sample."
    can = ACTIONS | READING
    repeats_safely = True
    push_answer = ("application/json", '{"ok":true}')
    fields = (
        Field(
            "base_url", "url", "接口地址", "Address",
            "对方系统的网址，例如 https://erp.example.com。商品、订单的网址必须在同一台服务器上。",
            "Such as https://erp.example.com. The addresses of products and orders lie on the same server.",
        ),
        Field(
            "auth_header", "text", "认证请求头", "Header for the key",
            "例如 Authorization 或 X-Api-Key。", "Such as Authorization or X-Api-Key.",
            is_required=False, default="Authorization",
        ),
        Field(
            "auth_value", "secret", "请求头的值", "Value of the header",
            "例如 Bearer xxxxx，原样发送。", "Such as Bearer xxxxx; sent as it is.", is_required=False,
        ),
        Field("mapping", "mapping", "字段对应", "Fields", is_required=False),
        Field(
            "actions_url", "text", "申请提交地址", "Address for requests",
            "退换货、退款、改地址等申请以 JSON POST 到这里，带 Idempotency-Key；不填则由人工处理。",
            "Returns, refunds and so on are posted here as JSON with an Idempotency-Key. Empty: a person does them.",
            is_required=False, is_advanced=True,
        ),
        Field(
            "push_secret", "secret", "推送密钥", "Push secret",
            "whsec_ 开头的 Base64；对方按 Standard Webhooks 签名。不填则不收推送。",
            "whsec_ and Base64; the other side signs as Standard Webhooks say. Empty: no pushes.",
            is_required=False, is_advanced=True,
        ),
    )  # fmt: skip
    push_help_zh = (
        '让对方系统在变化时 POST {"kind":"order","id":"…"}（kind 可为 order、product、product_gone、stock）。'
    )
    push_help_en = (
        'Let the other system post {"kind":"order","id":"…"} on a change (order, product, product_gone, stock).'
    )

    def __init__(self, door: Door, access: Access, tokens: Tokens) -> None:
        super().__init__(door, access, tokens)
        self.mapping: HttpMapping = read_mapping(access.settings.get("mapping"))
        given: dict[Ability, str] = {
            "products": self.mapping.products.url,
            "stock": self.mapping.products.url,
            "orders": self.mapping.orders.url or self.mapping.orders.one_url,
            "push": access.text("push_secret"),
        }
        base = frozenset(name for name, value in given.items() if value)
        self.can = base | (ACTIONS if access.text("actions_url") else frozenset())
        self.lists_changes = bool(self.mapping.since_param)

    async def check(self) -> str:
        """Reads a page of what is mapped."""
        if not self.mapping.products.url and not self.mapping.orders.url:
            await self._get(self.access.text("base_url"))
        if self.mapping.products.url:
            await self.list_products()
        if self.mapping.orders.url:
            await self.list_orders()
        return urlsplit(base_url(self.access.text("base_url"))).hostname or ""

    async def sample(self, what: Literal["products", "orders"], url: str) -> Any:
        """The bare answer of an address, for the screen where fields are chosen."""
        return await self._get(url)

    async def list_products(self, since: datetime | None = None, cursor: str | None = None) -> Batch[Product]:
        place = self.mapping.products
        if not place.url:
            raise CannotByProgram
        found, following = await self._list(place, since, cursor, {})
        products = (read_product(row, self.mapping) for row in found)
        return Batch(tuple(one for one in products if one is not None), following)

    async def fetch_product(self, external_id: str) -> Product | None:
        place = self.mapping.products
        if not place.one_url:
            raise CannotByProgram
        row = await self._one(place, external_id)
        return read_product(row, self.mapping) if row is not None else None

    async def get_stock(self, skus: Sequence[str]) -> list[Stock]:
        """Looks through the pages of products for as long as a call may take."""
        if not self.mapping.products.url:
            raise CannotByProgram
        wanted, found, cursor = set(skus), [], None
        async with within():
            while True:
                batch = await self.list_products(None, cursor)
                variants = (one for product in batch.items for one in product.variants)
                found += [Stock(one.external_id, one.stock, one.sku) for one in variants if one.sku in wanted]
                cursor = batch.next
                if cursor is None or {one.sku for one in found} == wanted:
                    return found

    async def find_order(self, number: str) -> Order | None:
        place = self.mapping.orders
        if not place.one_url:
            raise CannotByProgram
        row = await self._one(place, number.strip())
        order = read_order(row, self.mapping) if row is not None else None
        return order if order is not None and order.number.lower() == number.strip().lower() else None

    async def list_orders(
        self, *, buyer: str | None = None, since: datetime | None = None, cursor: str | None = None
    ) -> Batch[Order]:
        place = self.mapping.orders
        if not place.url or (buyer is not None and not self.mapping.buyer_param):
            raise CannotByProgram
        more = {self.mapping.buyer_param: buyer} if buyer is not None else {}
        found, following = await self._list(place, since, cursor, more)
        orders = [one for row in found if (one := read_order(row, self.mapping)) is not None]
        return Batch(tuple(one for one in orders if buyer is None or one.buyer_external_id == buyer), following)

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        url = self.access.text("actions_url")
        if not url:
            raise CannotByProgram
        value = {
            "kind": action.kind,
            "order_id": action.order.external_id if action.order else None,
            "order_number": action.order.number if action.order else None,
            "items": [msgspec.to_builtins(one) for one in action.items],
            "amount_minor": action.amount_minor,
            "currency": action.currency,
            "reason": action.reason,
            "details": action.details,
        }
        headers = self._headers() | {"Idempotency-Key": idempotency_key}
        told = await self.door.send_json("POST", self._whole(url), value, headers=headers, acts=True)
        return ActionResult(dig(told, "done") is True, text_of(dig(told, "id")), text_of(dig(told, "message"))[:500])

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        secret, id, stamp = (
            self.access.text("push_secret"),
            headers.get("webhook-id", ""),
            headers.get("webhook-timestamp", ""),
        )
        if not secret or not stamp.isdigit() or abs(time.time() - int(stamp)) > STALE_SECONDS:
            raise PushRefused
        wanted = sign_webhook([secret], id, int(stamp), body).encode()
        given = headers.get("webhook-signature", "").split()[:5]
        if not any(hmac.compare_digest(wanted, one.encode()) for one in given):
            raise PushRefused
        try:
            told = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
        return [
            Change(KINDS[text_of(row.get("kind"))], text_of(row.get("id")), push_id=id)
            for row in rows(told if isinstance(told, list) else [told])[:100]
            if text_of(row.get("kind")) in KINDS and text_of(row.get("id"))
        ]

    async def _list(
        self, place: ListMapping, since: datetime | None, cursor: str | None, more: dict[str, str]
    ) -> tuple[list[dict[str, Any]], str | None]:
        mapping = self.mapping
        query = dict(more)
        if since is not None and mapping.since_param:
            query[mapping.since_param] = since_text(since)
        page = int(cursor) if cursor and cursor.isdigit() else 1
        if mapping.cursor_param and cursor:
            query[mapping.cursor_param] = cursor
        elif mapping.page_param:
            query[mapping.page_param] = str(page)
        answer = await self._get(place.url, query)
        found = rows(at(answer, place.list))
        if mapping.cursor_param:
            following = text_of(at(answer, place.next)) if place.next else ""
            return found, following if following and following != cursor else None
        is_last = not found or not mapping.page_param or (bool(place.next) and not at(answer, place.next))
        return found, None if is_last else str(page + 1)

    async def _one(self, place: ListMapping, wanted: str) -> dict[str, Any] | None:
        url = place.one_url.replace("{number}", quote(wanted, safe="")).replace("{id}", quote(wanted, safe=""))
        try:
            answer = at(await self._get(url), place.one or "")
        except ShopRefused as refusal:
            if refusal.cause == "http_404":
                return None
            raise
        if isinstance(answer, list):
            answer = answer[0] if answer else None
        return answer if isinstance(answer, dict) else None

    async def _get(self, url: str, query: Mapping[str, str] | None = None) -> Any:
        whole = self._whole(url)
        if query:
            whole += ("&" if "?" in whole else "?") + urlencode(query)
        async with within():
            reply = await self.door.send("GET", whole, headers=self._headers() | {"Accept": "application/json"})
        if reply.status == 403:
            raise ShopUnauthorised
        if reply.status >= 300:
            raise ShopRefused(words_of(reply), cause=f"http_{reply.status}")
        return read_json(reply)

    def _whole(self, url: str) -> str:
        """The key goes to its own server only: an address elsewhere is refused."""
        base = base_url(self.access.text("base_url"))
        whole = url.strip() if "://" in url else f"{base}/{url.strip().lstrip('/')}"
        if origin_of(whole) != origin_of(base):
            raise ShopRefused("商品、订单的网址必须和接口地址在同一台服务器上。", cause="origin")
        return whole

    def _headers(self) -> dict[str, str]:
        name, value = self.access.text("auth_header") or "Authorization", self.access.text("auth_value")
        return {name: value} if value else {}
