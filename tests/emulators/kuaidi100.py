"""Kuaidi100 as far as the product uses it: the signed query, the phone's last four for SF, subscriptions and pushes."""

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.emulators.shop_platform import ShopPlatform

CUSTOMER, KEY, SALT = "CUSTOMER32309A", "keyOfTheShop", "salt of the shop"
PARCELS: dict[str, dict[str, Any]] = {
    "YT8800000002": {"com": "yuantong", "state": "0", "phone": ""},
    "YT8800000003": {"com": "yuantong", "state": "301", "phone": ""},
    "SF1400000001": {"com": "shunfeng", "state": "5", "phone": "0001"},
}
DATA = [
    {"time": "2026-11-20 18:02:00", "ftime": "2026-11-20 18:02:00", "context": "【杭州市】快件已到达", "status": "在途",
     "areaName": "浙江,杭州市"},
    {"time": "2026-11-19 09:30:00", "ftime": "2026-11-19 09:30:00", "context": "【上海市】已揽收", "status": "揽收",
     "areaName": "上海"},
]  # fmt: skip


class Kuaidi100Emulator(ShopPlatform):
    def __init__(self) -> None:
        super().__init__()
        self.subscribed: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/poll/query.do", self._query), web.post("/poll", self._subscribe)]

    def spoken(self, fault: str) -> web.Response:
        code = {"expired": "503", "busy": "502"}.get(fault, "400")
        words = {"503": "验证签名失败", "502": "服务器繁忙"}.get(code, "找不到对应公司")
        return web.json_response({"result": False, "returnCode": code, "message": words})

    def push(self, number: str, state: str, *, formula: str = "salt", many: int = 2) -> tuple[dict[str, str], bytes]:
        last = {"message": "ok", "nu": number, "ischeck": "0", "com": "yuantong", "status": "200", "state": state}
        param = json.dumps({"status": "polling", "lastResult": last | {"data": DATA[-many:]}}, ensure_ascii=False)
        signed = param + (SALT if formula == "salt" else KEY + CUSTOMER)
        return {}, urlencode({"sign": _md5(signed), "param": param}).encode()

    async def _query(self, request: web.Request) -> web.Response:
        form = await request.post()
        param = str(form["param"])
        if form["customer"] != CUSTOMER or form["sign"] != _md5(param + KEY + CUSTOMER):
            return self.spoken("expired")
        asked = json.loads(param)
        parcel = PARCELS.get(asked["num"])
        if parcel is None or parcel["com"] != asked["com"]:
            said = {"result": False, "returnCode": "500", "message": "查询无结果，请隔段时间再查"}
            return web.json_response(said)
        if asked["phone"] != parcel["phone"]:
            return web.json_response({"result": False, "returnCode": "408", "message": "验证电话号码失败"})
        is_signed_for = "1" if parcel["state"].startswith("3") else "0"
        told = {"message": "ok", "nu": asked["num"], "ischeck": is_signed_for, "com": parcel["com"], "status": "200"}
        return web.json_response(told | {"state": parcel["state"], "data": DATA})

    async def _subscribe(self, request: web.Request) -> web.Response:
        param = json.loads(str((await request.post())["param"]))
        if param["key"] != KEY:
            return web.json_response({"result": False, "returnCode": "600", "message": "您不是合法的订阅者"})
        is_known = param["number"] in self.subscribed
        self.subscribed[param["number"]] = param
        self.effects["subscription"] += not is_known
        code, words = ("501", "重复订阅") if is_known else ("200", "提交成功")
        return web.json_response({"result": not is_known, "returnCode": code, "message": words})


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest().upper()
