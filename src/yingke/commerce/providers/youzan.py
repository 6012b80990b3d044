"""有赞 (Youzan Cloud), as a self-use app of one shop: its token is fetched with the shop's number and lasts seven days.

Sources: doc.youzanyun.com by way of public notes that quote it (read 2026-11: token, orders, items, refunds, messages)
and public clients that call it. NOT VERIFIED against a live shop: field names inside `sku_list`, `delivery_order.dists`
and the pictures of an item, whether a token that was renewed with `refresh` ends the old one at once, all limits.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from yingke.commerce.contract import CannotByProgram, PushRefused, ShopDown, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Connected, Field, Token
from yingke.commerce.providers.pieces.door import base_url, within
from yingke.commerce.providers.pieces.read import CHINA, dig, rows, text_of, whole
from yingke.commerce.providers.pieces.youzan_read import read_order, read_product
from yingke.commerce.shapes import Action, ActionResult, Batch, Change, Order, Product, Stock

HOST = "https://open.youzanyun.com"
BAD_TOKEN = frozenset({4201, 4202, 4203})
BUSY = frozenset({4101, 4102, 106000001, 106100118})
NOT_THERE = frozenset({5000, 105000016, 106000004, 106100110, 122001001})
WINDOW = timedelta(days=7)
"""At most three months, 100 pages of 100 each: a week holds 10,000 orders."""
TRADES, ITEMS = ("trade_", "youzan_trade_"), ("ITEM_", "item_", "youzan_item_")
FORMAT = "%Y-%m-%d %H:%M:%S"


class Youzan(Connected):
    name = "youzan"
    zh, en = "有赞", "Youzan"
    about_zh = "商品、库存、订单、运单号；退款、取消未付款订单。"
    about_en = "Products, stock, orders, parcel numbers; refunds, closing unpaid orders."
    can = frozenset({"products", "stock", "orders", "push", "refund", "cancel"})
    repeats_safely = True
    push_settles_s = 30.0
    push_answer = ("application/json", '{"code":0,"msg":"success"}')
    fields = (
        Field(
            "shop_number", "text", "店铺 ID（kdt_id）", "Shop number (kdt_id)",
            "有赞后台右上角店铺名 → 店铺信息里的「店铺 ID」。", "Shop information in Youzan's admin.",
        ),
        Field(
            "client_id", "text", "client_id", "client_id",
            "有赞云控制台 → 应用列表 → 自用型应用 → 应用概况。先把应用授权给这家店。",
            "Youzan Cloud console → the self-use app → overview. Authorise the app for this shop first.",
        ),
        Field(
            "client_secret", "secret", "client_secret", "client_secret", "与 client_id 在同一页。",
            "On the same page as client_id.",
        ),
        Field("base_url", "url", "接口地址", "API address", is_required=False, default=HOST, is_advanced=True),
    )  # fmt: skip
    push_help_zh = "有赞云控制台 → 应用 → 消息推送，推送网址填下面的地址，勾选交易、退款、商品类消息。"
    push_help_en = "Youzan Cloud console → the app → messages: this address, with trade, refund and item messages."

    async def check(self) -> str:
        shop = await self.call("youzan.shop.basic.get", "3.0.0", {})
        return text_of(dig(shop, "name")) or self.access.text("shop_number")

    async def list_products(self, since: datetime | None = None, cursor: str | None = None) -> Batch[Product]:
        async with within():
            page = int(cursor) if cursor and cursor.isdigit() else 1
            wish: dict[str, Any] = {**self._shop(), "page_no": page, "page_size": 20, "sorts": ["UPDATE_TIME_ASC"]}
            if since is not None:
                wish["item_range_query"] = {"min_update_time": int(since.timestamp() * 1000)}
            data = await self.call("youzan.item.base.search", "1.0.0", wish)
            found = rows(dig(data, "items"))
            whole_ones = await asyncio.gather(*(self._details(row) for row in found))
            total = whole(dig(data, "paginator", "total_count")) or 0
            products = tuple(one for one in whole_ones if one is not None)
            return Batch(products, str(page + 1) if found and page * 20 < total else None)

    async def fetch_product(self, external_id: str) -> Product | None:
        return await self._details({"item_id": external_id})

    async def get_stock(self, skus: Sequence[str]) -> list[Stock]:
        wanted = set(skus)
        async with within():
            found: dict[str, dict[str, Any]] = {}
            for name in ("sku_codes", "item_codes"):
                wish = {**self._shop(), name: sorted(wanted)[:20], "page_no": 1, "page_size": 20}
                data = await self.call("youzan.item.base.search", "1.0.0", wish)
                found |= {text_of(row.get("item_id")): row for row in rows(dig(data, "items"))}
            products = await asyncio.gather(*(self._details(row) for row in found.values()))
            variants = [one for product in products if product is not None for one in product.variants]
            return [Stock(one.external_id, one.stock, one.sku) for one in variants if one.sku in wanted]

    async def find_order(self, number: str) -> Order | None:
        try:
            data = await self.call("youzan.trade.get", "4.0.2", {"tid": number.strip()})
        except ShopRefused as refusal:
            if refusal.cause.isdigit() and int(refusal.cause) in NOT_THERE:
                return None
            raise
        full = dig(data, "full_order_info")
        order = read_order(full, data) if isinstance(full, dict) else None
        return order if order is not None and order.number.lower() == number.strip().lower() else None

    async def list_orders(
        self, *, buyer: str | None = None, since: datetime | None = None, cursor: str | None = None
    ) -> Batch[Order]:
        """The cursor is the window's beginning and the page in it; windows go on to the present."""
        now = datetime.now(UTC)
        start, page = _at(cursor) if cursor else ((since or now - timedelta(days=85)).replace(microsecond=0), 1)
        end = min(start + (timedelta(days=85) if buyer else WINDOW), now)
        wish: dict[str, Any] = {
            "start_update": start.astimezone(CHINA).strftime(FORMAT),
            "end_update": end.astimezone(CHINA).strftime(FORMAT),
            "page_no": page,
            "page_size": 100,
            **({"yz_open_id": buyer} if buyer else {}),
        }
        data = await self.call("youzan.trades.sold.get", "4.0.4", wish)
        found = rows(dig(data, "full_order_info_list"))
        orders = [read_order(row.get("full_order_info") or {}, row) for row in found]
        mine = tuple(one for one in orders if buyer is None or one.buyer_external_id == buyer)
        if len(found) == 100 and page < 100:
            return Batch(mine, f"{int(start.timestamp())}:{page + 1}")
        return Batch(mine, f"{int(end.timestamp())}:1" if end < now else None)

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        if action.order is None or action.kind not in ("refund", "cancel"):
            raise CannotByProgram
        tid = action.order.external_id
        async with within():
            if action.kind == "cancel":
                if action.order.state != "unpaid":
                    raise ShopRefused("有赞只能自动关闭未付款的订单，已付款的请走退款。", cause="paid")
                wish = {"tid": tid, "close_reason": action.reason[:100] or "买家要求取消"}
                await self.call("youzan.trade.close", "3.0.0", wish, acts=True)
                return ActionResult(True)
            made = await self.call(
                "youzan.trade.refund.seller.active", "3.0.1", _refund(action, idempotency_key), acts=True
            )
            return ActionResult(bool(dig(made, "is_success")), text_of(dig(made, "refund_id")))

    async def find_action(self, action: Action, *, idempotency_key: str) -> ActionResult | None:
        """An order closed once stays closed; a refund cannot be looked up by our key, only sent again under it."""
        if action.order is None or action.kind != "cancel":
            raise CannotByProgram
        order = await self.find_order(action.order.number)
        return ActionResult(True) if order is not None and order.state == "closed" else None

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        """Event-Sign is md5(client_id + body + client_secret); `msg` is URL-encoded JSON for trades."""
        secret = self.access.text("client_secret")
        wanted = hashlib.md5(self.access.text("client_id").encode() + body + secret.encode()).hexdigest()
        if not secret or not hmac.compare_digest(wanted.encode(), headers.get("event-sign", "").lower().encode()):
            raise PushRefused
        try:
            told = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
        if not isinstance(told, dict) or text_of(told.get("kdt_id")) not in ("", self.access.text("shop_number")):
            return []
        change = _change(told, headers.get("event-type", ""))
        return [change] if change is not None else []

    async def call(self, method: str, version: str, wish: Mapping[str, Any], *, acts: bool = False) -> Any:
        """The `data` of an answer. A token that is refused is renewed once. Raises like every call."""
        async with within():
            token = await self.tokens.get() or await self.tokens.renew(None, self._fetch_token)
            try:
                return await self._call(method, version, wish, token, acts)
            except ShopUnauthorised:
                fresh = await self.tokens.renew(token, self._fetch_token)
                return await self._call(method, version, wish, fresh, acts)

    async def _call(self, method: str, version: str, wish: Mapping[str, Any], token: str, acts: bool) -> Any:
        url = f"{self._host()}/api/{method}/{version}?access_token={quote(token, safe='')}"
        answer = await self.door.send_json("POST", url, dict(wish), acts=acts)
        _judge(answer, acts)
        data = dig(answer, "data")
        return data if data is not None else dig(answer, "response")

    async def _fetch_token(self) -> Token:
        wish = {
            "client_id": self.access.text("client_id"),
            "client_secret": self.access.text("client_secret"),
            "authorize_type": "silent",
            "grant_id": self.access.text("shop_number"),
            "refresh": False,
        }
        answer = await self.door.send_json("POST", f"{self._host()}/auth/token", wish)
        try:
            _judge(answer, False)
        except ShopRefused as refusal:
            raise ShopUnauthorised(refusal.cause) from refusal
        token = text_of(dig(answer, "data", "access_token"))
        if not token:
            raise ShopUnauthorised("token")
        until = datetime.fromtimestamp((whole(dig(answer, "data", "expires")) or 0) / 1000, UTC)
        return Token(token, until - timedelta(minutes=5))

    async def _details(self, row: dict[str, Any]) -> Product | None:
        wish = {"request": {**self._shop(), "item_id": whole(row.get("item_id"))}}
        try:
            data = await self.call("youzan.item.itemdetail.get", "1.0.0", wish)
        except ShopRefused as refusal:
            if refusal.cause == "122001001":
                return None
            raise
        return read_product(row | data) if isinstance(data, dict) else None

    def _shop(self) -> dict[str, Any]:
        return {"kdt_id": whole(self.access.text("shop_number")), "channel": 0}

    def _host(self) -> str:
        return base_url(self.access.text("base_url") or HOST)


def _judge(answer: Any, acts: bool) -> None:
    """The gateway and the business behind it say no in different ways."""
    refused = dig(answer, "gw_err_resp") or dig(answer, "error_response")
    code = whole(dig(refused, "err_code") or dig(refused, "code") or dig(answer, "code")) or 0
    words = text_of(dig(refused, "err_msg") or dig(refused, "msg") or dig(answer, "message"))
    if code in BAD_TOKEN:
        raise ShopUnauthorised(str(code))
    if code in BUSY:
        raise ShopDown("busy", may_have_happened=acts and code != 4101, retry_after=3)
    if refused or dig(answer, "success") is False:
        raise ShopRefused(words[:200] or str(code), cause=str(code))


def _refund(action: Action, key: str) -> dict[str, Any]:
    """`biz_value` is ours and stays the same when it is sent again: Youzan then refunds once."""
    order = action.order
    assert order is not None
    amount = action.amount_minor if action.amount_minor is not None else (order.paid_minor or order.total_minor)
    lines = [one.external_id for one in action.items if one.external_id] or [one.external_id for one in order.items]
    if len(lines) != 1:
        raise ShopRefused("一次只能退一件商品的款，请分开申请。", cause="one_line")
    return {
        "tid": order.external_id,
        "oid": whole(lines[0]),
        "refund_fee": f"{amount // 100}.{amount % 100:02d}",
        "desc": action.reason[:200] or "客户申请退款",
        "coupons": [],
        "biz_value": str(int.from_bytes(hashlib.sha256(key.encode()).digest()[:7], "big")),
    }


def _at(cursor: str) -> tuple[datetime, int]:
    start, _, page = cursor.partition(":")
    return datetime.fromtimestamp(int(start), UTC), int(page or 1)


def _change(told: dict[str, Any], kind: str) -> Change | None:
    kind = kind or text_of(told.get("type"))
    msg = told.get("msg")
    if isinstance(msg, str):
        try:
            msg = msgspec.json.decode(unquote(msg))
        except (msgspec.DecodeError, UnicodeDecodeError):
            msg = {}
    push_id = text_of(told.get("msg_id"))
    if kind.startswith(TRADES):
        tid = text_of(dig(msg, "tid") or dig(msg, "full_order_info", "order_info", "tid") or told.get("id"))
        return Change("order", tid, push_id=push_id) if tid else None
    if kind.startswith(ITEMS):
        item = text_of(
            dig(msg, "item_id") or dig(msg, "itemId") or dig(msg, "data", "item_id") or dig(msg, "data", "itemId")
        ) or text_of(told.get("id"))
        return Change("product", item, push_id=push_id) if item else None
    return None
