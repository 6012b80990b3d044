"""Youzan Cloud as far as the product uses it: tokens that end, gateway errors beside business errors, yuan beside fen."""

import hashlib
import json
import time
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

from aiohttp import web

from tests.emulators.shop_platform import Bought, Good, ShopPlatform

CLIENT_ID, CLIENT_SECRET, SHOP = "yz-client", "yz-secret", "160001"
CHINA = timezone(timedelta(hours=8))
STATUS = {
    "unpaid": "WAIT_BUYER_PAY", "paid": "WAIT_SELLER_SEND_GOODS", "shipped": "WAIT_BUYER_CONFIRM_GOODS",
    "delivered": "TRADE_SUCCESS", "closed": "TRADE_CLOSED",
}  # fmt: skip


class YouzanEmulator(ShopPlatform):
    def __init__(self) -> None:
        super().__init__()
        self.token = "yz-token-1"
        self.tokens_given = 0
        self.is_always_expired = False
        self.refunds: dict[str, str] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/auth/token", self._token), web.post("/api/{method}/{version}", self._answer)]

    def spoken(self, fault: str) -> web.Response:
        code, words = {"expired": (4203, "非法的token"), "busy": (4101, "调用频率超限")}.get(fault, (0, ""))
        if code:
            return web.json_response({"gw_err_resp": {"err_code": code, "err_msg": words, "trace_id": "yz7-1"}})
        return web.json_response({"success": False, "code": 102090108, "message": "店铺余额不足", "data": None})

    def end_token(self) -> None:
        self.token = f"yz-token-{self.tokens_given + 2}"

    def push(self, kind: str, about: dict[str, Any], msg_id: str = "m-1") -> tuple[dict[str, str], bytes]:
        told = {
            "type": kind, "msg": quote(json.dumps(about)), "kdt_id": int(SHOP), "msg_id": msg_id, "mode": 1,
            "id": about.get("tid", ""), "test": False, "sendCount": 1, "version": 1762000000,
        }  # fmt: skip
        body = json.dumps(told).encode()
        mark = hashlib.md5(CLIENT_ID.encode() + body + CLIENT_SECRET.encode()).hexdigest()
        return {"event-sign": mark, "event-type": kind, "client-id": CLIENT_ID}, body

    async def _token(self, request: web.Request) -> web.Response:
        wish = await request.json()
        if (wish.get("client_id"), wish.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return web.json_response({"success": False, "code": 1101, "message": "client_id 或 secret 错误"})
        assert wish["authorize_type"] == "silent"
        assert wish["grant_id"] == SHOP
        self.tokens_given += 1
        data = {"expires": int((time.time() + 7 * 86400) * 1000), "access_token": self.token, "authority_id": SHOP}
        return web.json_response({"success": True, "code": 200, "data": data, "message": None})

    async def _answer(self, request: web.Request) -> web.Response:
        if self.is_always_expired or request.query.get("access_token") != self.token:
            return self.spoken("expired")
        method, wish = request.match_info["method"], await request.json()
        handlers = {
            "youzan.shop.basic.get": self._shop, "youzan.item.base.search": self._items,
            "youzan.item.itemdetail.get": self._item, "youzan.trades.sold.get": self._orders,
            "youzan.trade.get": self._order, "youzan.trade.close": self._close,
            "youzan.trade.refund.seller.active": self._refund,
        }  # fmt: skip
        if method not in handlers:
            return web.json_response({"gw_err_resp": {"err_code": 4005, "err_msg": "API 版本不存在"}})
        answer = handlers[method](wish)
        if isinstance(answer, str):
            code, _, words = answer.partition(" ")
            return web.json_response({"success": False, "code": int(code), "message": words, "data": {}})
        return web.json_response({"success": True, "code": 200, "message": "successful", "data": answer})

    def _shop(self, wish: dict[str, Any]) -> Any:
        return {"name": "云杉旗舰店", "sid": SHOP}

    def _items(self, wish: dict[str, Any]) -> Any:
        since = (wish.get("item_range_query") or {}).get("min_update_time", 0) / 1000
        found = [one for one in self.shelf.values() if one.updated.timestamp() >= since]
        for name in ("sku_codes", "item_codes"):
            if name in wish:
                found = [one for one in found if any(row[1] in wish[name] for row in one.variants)]
        page, size = wish["page_no"], wish["page_size"]
        assert size <= 50
        assert page * size <= 5000
        items = [
            {
                "item_id": int(one.id),
                "title": one.title,
                "alias": f"al{one.id}",
                "display": 1,
                "item_code": f"C{one.id}",
            }
            for one in found[(page - 1) * size : page * size]
        ]
        return {"items": items, "paginator": {"page_no": page, "page_size": size, "total_count": len(found)}}

    def _item(self, wish: dict[str, Any]) -> Any:
        good = self.shelf.get(str(wish["request"]["item_id"]))
        return _item(good) if good else "122001001 商品不存在"

    def _orders(self, wish: dict[str, Any]) -> Any:
        begin, end = (datetime.fromisoformat(wish[one]).replace(tzinfo=CHINA) for one in ("start_update", "end_update"))
        if end - begin > timedelta(days=92) or wish["page_size"] > 100:
            return "5000 时间跨度不能超过三个月"
        found = [one for one in self.book.values() if begin <= one.updated <= end]
        if "yz_open_id" in wish:
            found = [one for one in found if one.buyer == wish["yz_open_id"]]
        rows = found[(wish["page_no"] - 1) * wish["page_size"] : wish["page_no"] * wish["page_size"]]
        return {"total_results": len(found), "full_order_info_list": [{"full_order_info": _full(one)} for one in rows]}

    def _order(self, wish: dict[str, Any]) -> Any:
        order = self.order_of(wish["tid"])
        if order is None:
            return "5000 trade not found"
        express = {"express_id": 2, "express_name": "圆通快递", "express_no": order.tracking}
        parcel = [{"express_state": 1, "dists": [{"express_info": express}]}] if order.tracking else []
        return {"full_order_info": _full(order), "delivery_order": parcel, "refund_order": []}

    def _close(self, wish: dict[str, Any]) -> Any:
        order = self.order_of(wish["tid"])
        if order is None or order.state not in ("unpaid", "closed"):
            return "102000001 订单状态不允许关闭"
        self.effects["cancel"] += order.state == "unpaid"
        order.state = "closed"
        return {"is_success": True}

    def _refund(self, wish: dict[str, Any]) -> Any:
        """The same biz_value refunds once."""
        if wish["biz_value"] not in self.refunds:
            self.effects["refund"] += 1
            self.refunds[wish["biz_value"]] = f"2026112200{len(self.refunds):04}"
        return {"is_success": True, "refund_id": self.refunds[wish["biz_value"]]}


def _item(good: Good) -> dict[str, Any]:
    skus = [
        {
            "sku_id": int(id), "price": price, "stock_num": stock, "sku_code": sku,
            "spec_values": [{"spec_name": "颜色", "spec_value_name": option}] if option else [],
        }
        for id, sku, option, price, stock in good.variants
    ]  # fmt: skip
    return {
        "item_id": int(good.id), "alias": f"al{good.id}", "title": good.title, "item_type": 0, "sold_status": 1,
        "item_price_param": {"price": good.variants[0][3]}, "sku_list": skus,
        "update_time": int(good.updated.timestamp() * 1000),
    }  # fmt: skip


def _full(order: Bought) -> dict[str, Any]:
    stamp = order.updated.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    lines = [
        {
            "oid": int(id), "item_id": int(product), "sku_id": 1, "title": title, "num": quantity, "outer_sku_id": sku,
            "price": f"{price / 100:.2f}", "payment": f"{quantity * price / 100:.2f}",
            "sku_properties_name": json.dumps([{"k": "颜色", "v": option}], ensure_ascii=False) if option else "[]",
        }
        for id, product, sku, title, option, quantity, price in order.lines
    ]  # fmt: skip
    info = {
        "tid": order.number, "status": STATUS[order.state], "status_str": "", "created": stamp, "update_time": stamp,
        "pay_time": "" if order.state == "unpaid" else stamp, "refund_state": 0,
    }  # fmt: skip
    total = f"{order.total / 100:.2f}"
    return {
        "order_info": info, "pay_info": {"total_fee": total, "post_fee": "0.00", "payment": total},
        "buyer_info": {"yz_open_id": order.buyer, "buyer_phone": order.phone}, "orders": lines,
        "address_info": {"receiver_name": "安娜", "receiver_tel": order.phone, "delivery_province": "浙江省",
                         "delivery_city": "杭州市", "delivery_district": "西湖区", "delivery_address": order.address},
        "remark_info": {"buyer_message": ""},
    }  # fmt: skip
