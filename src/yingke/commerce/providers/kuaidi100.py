"""快递100 (Kuaidi100), a carrier of carriers: where a parcel is, asked live or told by push.

Sources: api.kuaidi100.com/document by way of its public SDKs (query, subscribe, codes) and clients that call it: sign is the
upper-case MD5 of param + key + customer over the very text that is sent. NOT VERIFIED: a push is signed with MD5 of
param + salt by our reading of its page, one public client checks the query's formula instead: both are taken, each needs
a secret. One number should be asked at most once in half an hour, or the platform locks it.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import msgspec

from yingke.commerce.contract import PushRefused, ShopDown, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.carriers import carrier_code
from yingke.commerce.providers.pieces.connected import Connected, Field
from yingke.commerce.providers.pieces.door import base_url, read_json, within
from yingke.commerce.providers.pieces.read import dig, rows, text_of, when, whole
from yingke.commerce.shapes import Change, ParcelState, Shipment, TrackEvent

HOST = "https://poll.kuaidi100.com"
STATES: dict[int, ParcelState] = {
    0: "in_transit",
    1: "picked_up",
    2: "problem",
    3: "delivered",
    4: "returned",
    5: "out_for_delivery",
    6: "returned",
    7: "in_transit",
    8: "in_transit",
    14: "problem",
}
WORDS: dict[str, ParcelState] = {
    "在途": "in_transit", "揽收": "picked_up", "疑难": "problem", "签收": "delivered", "退签": "returned",
    "派件": "out_for_delivery", "退回": "returned", "拒签": "problem",
}  # fmt: skip
WRONG_KEY, NO_RIGHT = "503", frozenset({"600", "601"})
NOTHING_YET, WRONG_TAIL = "500", "408"
ALREADY = "501"


class Kuaidi100(Connected):
    name = "kuaidi100"
    zh, en = "快递100", "Kuaidi100"
    about_zh = "给所有店铺的运单查物流轨迹；可订阅推送。"
    about_en = "Tracks the parcels of every shop; can be told by push."
    can = frozenset({"track", "push"})
    push_answer = ("application/json", '{"result":true,"returnCode":"200","message":"成功"}')
    fields = (
        Field(
            "customer", "text", "customer", "customer",
            "快递100 企业管理后台 → 我的信息 → 企业信息。", "Kuaidi100 enterprise console → my information.",
        ),
        Field("key", "secret", "授权 key", "Key", "与 customer 在同一页。", "On the same page as customer."),
        Field(
            "salt", "secret", "推送签名 salt", "Push salt",
            "自己定一串字；不填就不订阅推送，只在有人问时查询。",
            "Any words of your own. Without it parcels are asked for only when somebody wants to know.",
            is_required=False,
        ),
        Field("base_url", "url", "接口地址", "API address", is_required=False, default=HOST, is_advanced=True),
    )  # fmt: skip
    push_help_zh = "不用到快递100后台填写：订阅运单时会自动带上这个地址。"
    push_help_en = "Nothing to fill in there: this address goes with each subscription."

    async def check(self) -> str:
        """A number that nobody has: with right keys the answer is that there is nothing."""
        await self.track(Shipment("YT0000000000000", carrier_code="yuantong"))
        return "快递100"

    async def track(self, shipment: Shipment) -> Shipment:
        code = carrier_code(shipment.carrier_code, shipment.carrier)
        if not code:
            raise ShopRefused(f"不认识快递公司「{shipment.carrier or shipment.carrier_code}」。", cause="carrier")
        param = msgspec.json.encode(
            {
                "com": code,
                "num": shipment.tracking_number,
                "phone": shipment.phone_tail,
                "resultv2": "4",
                "show": "0",
                "order": "desc",
            }
        ).decode()
        form = {"customer": self.access.text("customer"), "sign": self._sign(param), "param": param}
        told = await self._post("/poll/query.do", form)
        if dig(told, "result") is False:
            if text_of(told.get("returnCode")) == NOTHING_YET:
                return replace(shipment, carrier_code=code, asked_at=datetime.now(UTC))
            raise _refusal(told)
        return replace(_read(told, shipment), carrier_code=code, asked_at=datetime.now(UTC))

    async def subscribe(self, shipment: Shipment, callback: str) -> None:
        """Ask to be told about this parcel at `callback`. Twice is once. Raises like every call."""
        parameters = {
            "callbackurl": callback,
            "salt": self.access.text("salt"),
            "resultv2": "4",
            "phone": shipment.phone_tail,
        }
        param = {
            "company": carrier_code(shipment.carrier_code, shipment.carrier),
            "number": shipment.tracking_number,
            "key": self.access.text("key"),
            "parameters": parameters,
        }
        told = await self._post("/poll", {"schema": "json", "param": msgspec.json.encode(param).decode()})
        if dig(told, "result") is False and text_of(told.get("returnCode")) != ALREADY:
            raise _refusal(told)

    def read_push(self, headers: Mapping[str, str], body: bytes) -> list[Change]:
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
        param, given = (form.get(name, [""])[0] for name in ("param", "sign"))
        salt = self.access.text("salt")
        allowed = [_md5(param + salt)] if salt else []
        allowed.append(self._sign(param))
        if not param or not any(hmac.compare_digest(one.encode(), given.upper().encode()) for one in allowed):
            raise PushRefused
        try:
            told = msgspec.json.decode(param)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return []
        last = dig(told, "lastResult")
        number = text_of(dig(last, "nu"))
        if not number:
            return []
        shipment = _read(last, Shipment(number, carrier_code=text_of(dig(last, "com"))))
        return [Change("shipment", number, shipment=replace(shipment, asked_at=datetime.now(UTC)))]

    async def _post(self, path: str, form: dict[str, str]) -> Any:
        async with within():
            reply = await self.door.send(
                "POST",
                base_url(self.access.text("base_url") or HOST) + path,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                body=urlencode(form).encode(),
            )
            told = read_json(reply)
            return told if isinstance(told, dict) else {}

    def _sign(self, param: str) -> str:
        return _md5(param + self.access.text("key") + self.access.text("customer"))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest().upper()


def _refusal(told: dict[str, Any]) -> Exception:
    code = text_of(told.get("returnCode"))
    if code == WRONG_KEY or code in NO_RIGHT:
        return ShopUnauthorised(code)
    if code == WRONG_TAIL:
        return ShopRefused("这家快递要核对收件人或寄件人的手机号后四位。", cause="phone_tail")
    if code in ("502", "504"):
        return ShopDown(code)
    return ShopRefused(text_of(told.get("message"))[:200] or code, cause=code)


def _read(told: dict[str, Any], asked: Shipment) -> Shipment:
    events = []
    for row in rows(told.get("data")):
        moment = when(row.get("ftime") or row.get("time"))
        if moment is not None:
            state = WORDS.get(text_of(row.get("status")).split("-")[0]) or _state(row.get("statusCode"))
            events.append(TrackEvent(moment, text_of(row.get("context")), text_of(row.get("areaName")), state))
    events.sort(key=lambda one: one.happened_at)
    state = _state(told.get("state")) or asked.state
    is_there = state == "delivered" and bool(events)
    return replace(
        asked,
        state=state,
        events=tuple(events),
        shipped_at=asked.shipped_at or (events[0].happened_at if events else None),
        delivered_at=events[-1].happened_at if is_there else asked.delivered_at,
    )


def _state(code: Any) -> ParcelState | None:
    """0 to 14, or a finer code that begins with one: 301 is a kind of 3, 1001 a kind of 0 (in transit)."""
    number = whole(code)
    if number is None:
        return None
    if number >= 1000:
        return "in_transit"
    return STATES.get(number // 100 if number >= 100 else number, "unknown")
