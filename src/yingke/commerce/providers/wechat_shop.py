"""微信小店 (WeChat shop), through /channels/ec with the shop's AppID and AppSecret.

Sources: developers.weixin.qq.com/doc/store/shop (product, order, after-sale, basics, message push), public SDKs that call
it, and WeChat's pages on message encryption. NOT VERIFIED against a live shop: how much of an order is masked for an app,
the name of the list inside `aftersale_detail`, whether `basics/info/get` wants GET or POST, all quotas. A merchant cannot
open an after-sale order for a buyer here: the buyer asks in WeChat, and what he asked for can be agreed to.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from yingke.commerce.contract import CannotByProgram, PushRefused, ShopDown, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Connected, Field, Token
from yingke.commerce.providers.pieces.door import base_url, within
from yingke.commerce.providers.pieces.read import dig, rows, text_of, whole
from yingke.commerce.providers.pieces.wechat_crypto import NotSigned, decrypt, is_signed
from yingke.commerce.providers.pieces.wechat_read import read_envelope, read_message, read_order, read_product
from yingke.commerce.shapes import Action, ActionResult, Batch, Change, Order, Product

HOST = "https://api.weixin.qq.com"
OLD_TOKEN = frozenset({40001, 40014, 42001})
WRONG_APP = frozenset({40013, 40125, 40002, 41002, 41004})
BUSY = frozenset({-1, 45009, 45011, 45035})
NO_ORDER = 100002
OTHER_ADDRESS = 40164
WINDOW = timedelta(days=7) - timedelta(seconds=1)
PENDING = "MERCHANT_PROCESSING"
AGREED = frozenset(
    {
        "USER_WAIT_RETURN",
        "MERCHANT_WAIT_RECEIPT",
        "MERCHANT_REFUND_SUCCESS",
        "MERCHANT_RETURN_SUCCESS",
        "PLATFORM_REFUNDING",
    }
)


class WechatShop(Connected):
    name = "wechat_shop"
    zh, en = "微信小店", "WeChat shop"
    about_zh = "商品、订单、运单号；改地址（买家确认后生效）；同意买家在微信里提交的退款、退货。"
    about_en = "Products, orders, parcel numbers; address changes (the buyer confirms); agreeing to refunds and returns asked for in WeChat."
    can = frozenset({"products", "orders", "push", "return", "refund", "address"})
    lists_changes = False
    push_answer = ("text/plain", "success")
    fields = (
        Field(
            "app_id", "text", "AppID（小店 ID）", "AppID",
            "微信小店后台 → 服务市场 → 自研 → 开发配置里的 AppID。", "Shop admin → service market → own development.",
        ),
        Field(
            "app_secret", "secret", "AppSecret", "AppSecret",
            "同一页生成，只显示一次；并把本服务器的公网 IP 加入 IP 白名单。",
            "Made on the same page, shown once. Add this server's public address to the list of allowed IPs.",
        ),
        Field(
            "push_token", "secret", "消息推送 Token", "Push token",
            "开发配置 → 消息推送，自己定的 Token。", "Of your own choice, under message push.", is_required=False,
        ),
        Field(
            "push_key", "secret", "EncodingAESKey", "EncodingAESKey",
            "同一页的 43 位消息加密密钥；加密方式请选「安全模式」。",
            "43 characters, on the same page; choose the safe mode.", is_required=False,
        ),
        Field(
            "return_address_id", "text", "退货地址 ID", "Return address id",
            "同意退货时用；不填就用小店的默认退货地址。", "Used when a return is agreed to; empty: the default one.",
            is_required=False, is_advanced=True,
        ),
        Field("base_url", "url", "接口地址", "API address", is_required=False, default=HOST, is_advanced=True),
    )  # fmt: skip
    push_help_zh = "开发配置 → 消息推送：URL 填下面的地址，数据格式 JSON 或 XML 都可以，加密方式选「安全模式」。"
    push_help_en = "Message push: this address, JSON or XML, safe mode."

    async def check(self) -> str:
        told = await self.call("/channels/ec/basics/info/get", {})
        return text_of(dig(told, "info", "nickname")) or self.access.text("app_id")

    async def list_products(self, since: datetime | None = None, cursor: str | None = None) -> Batch[Product]:
        """The platform does not say what changed since then: always all, ten a page."""
        async with within():
            wish: dict[str, Any] = {"page_size": 10, **({"next_key": cursor} if cursor else {})}
            told = await self.call("/channels/ec/product/list/get", wish)
            ids = [text_of(one) for one in told.get("product_ids") or []]
            found = await asyncio.gather(*(self.fetch_product(one) for one in ids))
            following = text_of(told.get("next_key"))
            is_more = bool(ids) and following not in ("", cursor)
            return Batch(tuple(one for one in found if one is not None), following if is_more else None)

    async def fetch_product(self, external_id: str) -> Product | None:
        """None too for one that was never on sale."""
        told = await self.call("/channels/ec/product/get", {"product_id": external_id, "data_type": 1})
        row = told.get("product")
        return read_product(row) if isinstance(row, dict) and row.get("product_id") else None

    async def find_order(self, number: str) -> Order | None:
        bare = number.strip()
        if not bare.isdigit():
            return None
        row = await self._order(bare)
        return read_order(row) if row is not None else None

    async def list_orders(
        self, *, buyer: str | None = None, since: datetime | None = None, cursor: str | None = None
    ) -> Batch[Order]:
        """Windows of seven days, the platform's most; the cursor is `begin of the window:its key`."""
        now = datetime.now(UTC)
        start, key = _at(cursor) if cursor else (since or now - timedelta(days=90), "")
        end = min(start + WINDOW, now)
        span = {"start_time": int(start.timestamp()), "end_time": int(end.timestamp())}
        async with within():
            wish: dict[str, Any] = {
                "update_time_range": span,
                "page_size": 10,
                "next_key": key,
                **({"openid": buyer} if buyer else {}),
            }
            told = await self.call("/channels/ec/order/list/get", wish)
            found = await asyncio.gather(*(self._order(text_of(one)) for one in told.get("order_id_list") or []))
        orders = [read_order(row) for row in found if row is not None]
        mine = tuple(one for one in orders if buyer is None or one.buyer_external_id == buyer)
        if told.get("has_more") and told.get("next_key"):
            return Batch(mine, f"{int(start.timestamp())}:{told['next_key']}")
        return Batch(mine, f"{int(end.timestamp())}:" if end < now else None)

    async def carry_out(self, action: Action, *, idempotency_key: str) -> ActionResult:
        if action.order is None or action.kind not in ("return", "refund", "address"):
            raise CannotByProgram
        async with within():
            if action.kind == "address":
                wish = {"order_id": action.order.external_id, "user_address": _address(action)}
                await self.call("/channels/ec/order/address/update", wish, acts=True)
                return ActionResult(False, words="已提交，买家在微信里同意后生效。")
            for one in await self._after_sales(action.order.external_id):
                if one.get("status") == PENDING:
                    number = text_of(one.get("after_sale_order_id"))
                    wish = {"after_sale_order_id": number}
                    if self.access.text("return_address_id"):
                        wish["address_id"] = self.access.text("return_address_id")
                    await self.call("/channels/ec/aftersale/acceptapply", wish, acts=True)
                    return ActionResult(action.kind == "refund", number)
        raise ShopRefused("请客户先在微信「订单 → 申请售后」里提交，商家才能同意。", cause="no_after_sale")

    async def find_action(self, action: Action, *, idempotency_key: str) -> ActionResult | None:
        if action.order is None or action.kind not in ("return", "refund", "address"):
            raise CannotByProgram
        async with within():
            if action.kind == "address":
                row = await self._order(action.order.external_id) or {}
                delivery = dig(row, "order_detail", "delivery_info") or {}
                for name in ("address_under_review", "address_info"):
                    if dig(delivery, name, "detail_info") == text_of(action.details.get("detail")):
                        return ActionResult(name == "address_info")
                return None
            done = (one for one in await self._after_sales(action.order.external_id) if one.get("status") in AGREED)
            return next((ActionResult(True, text_of(one.get("after_sale_order_id"))) for one in done), None)

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        """Only sealed pushes are read: the plain mode signs no body, so anybody could speak in the shop's name."""
        sealed = read_envelope(body)
        signature, stamp, nonce = (headers.get(f"?{name}", "") for name in ("msg_signature", "timestamp", "nonce"))
        if not sealed or not is_signed(signature, self.access.text("push_token"), stamp, nonce, sealed):
            raise PushRefused
        try:
            message = decrypt(sealed, self.access.text("push_key"), self.access.text("app_id"))
        except NotSigned as error:
            raise PushRefused from error
        # Sealed anew each time it is sent, so what is inside tells a repeat.
        change = _change(read_message(message), hashlib.sha256(message).hexdigest())
        return [change] if change is not None else []

    def answer_probe(self, query: Mapping[str, str]) -> str | None:
        token, echo = self.access.text("push_token"), query.get("echostr", "")
        stamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if is_signed(query.get("signature", ""), token, stamp, nonce):
            return echo
        if is_signed(query.get("msg_signature", ""), token, stamp, nonce, echo):
            try:
                return decrypt(echo, self.access.text("push_key"), self.access.text("app_id")).decode()
            except (NotSigned, UnicodeDecodeError):
                return None
        return None

    async def call(self, path: str, wish: Mapping[str, Any], *, acts: bool = False) -> dict[str, Any]:
        """The answer with errcode 0. A token that ran out is renewed once. Raises like every call."""
        async with within():
            token = await self.tokens.get() or await self.tokens.renew(None, self._fetch_token)
            try:
                return await self._call(path, wish, token, acts)
            except ShopUnauthorised as problem:
                if problem.cause not in map(str, OLD_TOKEN):
                    raise
                fresh = await self.tokens.renew(token, self._fetch_fresh_token)
                return await self._call(path, wish, fresh, acts)

    async def _call(self, path: str, wish: Mapping[str, Any], token: str, acts: bool) -> dict[str, Any]:
        url = f"{base_url(self.access.text('base_url') or HOST)}{path}?access_token={quote(token, safe='')}"
        answer = await self.door.send_json("POST", url, dict(wish), acts=acts)
        _judge(answer, acts)
        return dict(answer)

    async def _fetch_token(self, is_forced: bool = False) -> Token:
        """stable_token: processes that ask at once get the same one; forced, the old one ends."""
        wish = {
            "grant_type": "client_credential",
            "appid": self.access.text("app_id"),
            "secret": self.access.text("app_secret"),
            "force_refresh": is_forced,
        }
        url = f"{base_url(self.access.text('base_url') or HOST)}/cgi-bin/stable_token"
        answer = await self.door.send_json("POST", url, wish)
        _judge(answer, False)
        lasts = timedelta(seconds=max(60, (whole(dig(answer, "expires_in")) or 7200) - 300))
        return Token(text_of(dig(answer, "access_token")), datetime.now(UTC) + lasts)

    async def _fetch_fresh_token(self) -> Token:
        return await self._fetch_token(True)

    async def _order(self, number: str) -> dict[str, Any] | None:
        try:
            told = await self.call("/channels/ec/order/get", {"order_id": number})
        except ShopRefused as refusal:
            if refusal.cause == str(NO_ORDER):
                return None
            raise
        row = told.get("order")
        return row if isinstance(row, dict) else None

    async def _after_sales(self, number: str) -> list[dict[str, Any]]:
        row = await self._order(number) or {}
        known = rows(dig(row, "aftersale_detail", "aftersale_order_list"))
        ids = [text_of(one.get("aftersale_order_id") or one.get("after_sale_order_id")) for one in known]
        told = await asyncio.gather(
            *(self.call("/channels/ec/aftersale/getaftersaleorder", {"after_sale_order_id": one}) for one in ids)
        )
        return [one["after_sale_order"] for one in told if isinstance(one.get("after_sale_order"), dict)]


def _judge(answer: Any, acts: bool) -> None:
    code = whole(dig(answer, "errcode")) or 0
    words = text_of(dig(answer, "errmsg"))[:200]
    if code == 0:
        return
    if code in OLD_TOKEN or code in WRONG_APP:
        raise ShopUnauthorised(str(code))
    if code in BUSY:
        raise ShopDown("busy", may_have_happened=acts and code == -1)
    if code == OTHER_ADDRESS:
        raise ShopRefused(f"本服务器的 IP 不在小店的白名单里，请到开发配置里添加（{words}）。", cause=str(code))
    raise ShopRefused(f"{words}（{code}）", cause=str(code))


def _address(action: Action) -> dict[str, str]:
    region = [*text_of(action.details.get("region")).split(), "", "", ""]
    return {
        "user_name": text_of(action.details.get("name")),
        "tel_number": text_of(action.details.get("phone")),
        "province_name": region[0],
        "city_name": region[1],
        "county_name": region[2],
        "detail_info": text_of(action.details.get("detail")),
    }


def _at(cursor: str) -> tuple[datetime, str]:
    start, _, key = cursor.partition(":")
    return datetime.fromtimestamp(int(start), UTC), key


def _change(told: dict[str, Any], push_id: str) -> Change | None:
    event = text_of(told.get("Event"))
    if event.startswith("product_"):
        about = next((value for value in told.values() if isinstance(value, dict) and value.get("product_id")), {})
        product = text_of(about.get("product_id"))
        return Change("product", product, push_id=push_id) if product else None
    if event.startswith("channels_ec_"):
        about = next((value for value in told.values() if isinstance(value, dict) and value.get("order_id")), {})
        order = text_of(about.get("order_id"))
        return Change("order", order, push_id=push_id) if order else None
    return None
