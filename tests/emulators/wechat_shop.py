"""A WeChat shop (/channels/ec) as far as the product uses it: stable tokens, seven-day windows, sealed pushes."""

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from aiohttp import web

from tests.emulators.shop_platform import Bought, Good, ShopPlatform
from yingke.commerce.providers.pieces.wechat_crypto import encrypt, sign

APP_ID, APP_SECRET = "wx0123456789abcdef", "wechat-secret"
PUSH_TOKEN, PUSH_KEY = "yingketoken", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
STATUS = {"unpaid": 10, "paid": 20, "shipped": 30, "delivered": 100}


class WechatShopEmulator(ShopPlatform):
    def __init__(self) -> None:
        super().__init__()
        self.token = "wx-token-1"
        self.tokens_given = 0
        self.is_always_expired = False
        self.after_sales: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/cgi-bin/stable_token", self._token), web.post("/channels/ec/{path:.+}", self._answer)]

    def spoken(self, fault: str) -> web.Response:
        code, words = {
            "expired": (42001, "access_token expired"), "busy": (45011, "api minute-quota reach limit"),
        }.get(fault, (10020049, "当前状态不可操作"))  # fmt: skip
        return web.json_response({"errcode": code, "errmsg": words})

    def end_token(self) -> None:
        self.token = f"wx-token-{self.tokens_given + 2}"

    def push(self, event: str, about: dict[str, Any], *, is_xml: bool = False) -> tuple[dict[str, str], bytes]:
        """Query parameters of the callback as the door hands them on, and the body."""
        told = {
            "ToUserName": "gh_1",
            "FromUserName": "op",
            "CreateTime": 1762000000,
            "MsgType": "event",
            "Event": event,
        }
        told |= about
        inner = _xml(told) if is_xml else json.dumps(told)
        sealed = encrypt(inner.encode(), PUSH_KEY, APP_ID)
        nonce, stamp = secrets.token_hex(4), "1762000000"
        mark = sign(PUSH_TOKEN, stamp, nonce, sealed)
        outer = {"ToUserName": "gh_1", "Encrypt": sealed}
        body = _xml(outer).encode() if is_xml else json.dumps(outer).encode()
        return {"?msg_signature": mark, "?timestamp": stamp, "?nonce": nonce, "?encrypt_type": "aes"}, body

    def probe(self) -> dict[str, str]:
        mark = hashlib.sha1("".join(sorted((PUSH_TOKEN, "1762000000", "n"))).encode()).hexdigest()
        return {"signature": mark, "timestamp": "1762000000", "nonce": "n", "echostr": "5837397520665436492"}

    def apply_for(self, order_id: str, kind: str = "REFUND") -> str:
        """The buyer asks for it in WeChat."""
        number = f"200{order_id}"
        self.after_sales[number] = {
            "after_sale_order_id": number, "order_id": order_id, "type": kind, "status": "MERCHANT_PROCESSING"
        }  # fmt: skip
        return number

    async def _token(self, request: web.Request) -> web.Response:
        wish = await request.json()
        if wish.get("appid") != APP_ID:
            return web.json_response({"errcode": 40013, "errmsg": "invalid appid"})
        if wish.get("secret") != APP_SECRET:
            return web.json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        self.tokens_given += 1
        return web.json_response({"access_token": self.token, "expires_in": 7200})

    async def _answer(self, request: web.Request) -> web.Response:
        if self.is_always_expired or request.query.get("access_token") != self.token:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential, access_token is invalid"})
        path, wish = request.match_info["path"], await request.json()
        handlers = {
            "basics/info/get": self._shop, "product/list/get": self._products, "product/get": self._product,
            "order/list/get": self._orders, "order/get": self._order, "order/address/update": self._address,
            "aftersale/getaftersaleorder": self._after_sale, "aftersale/acceptapply": self._accept,
        }  # fmt: skip
        if path not in handlers:
            return web.json_response({"errcode": 48001, "errmsg": "api unauthorized"})
        answer = handlers[path](wish)
        return web.json_response({"errcode": 0, "errmsg": "ok"} | answer)

    def _shop(self, wish: dict[str, Any]) -> dict[str, Any]:
        return {"info": {"nickname": "云杉旗舰店", "subject_type": "企业"}}

    def _products(self, wish: dict[str, Any]) -> dict[str, Any]:
        ids, start = list(self.shelf), int(wish.get("next_key") or 0)
        assert wish["page_size"] <= 30
        following = start + wish["page_size"]
        return {
            "product_ids": ids[start:following], "total_num": len(ids),
            "next_key": str(following) if following < len(ids) else "",
        }  # fmt: skip

    def _product(self, wish: dict[str, Any]) -> dict[str, Any]:
        good = self.shelf.get(wish["product_id"])
        return {"product": _product(good)} if good else {"errcode": 10020052, "errmsg": "商品不存在"}

    def _orders(self, wish: dict[str, Any]) -> dict[str, Any]:
        span = wish.get("update_time_range") or wish["create_time_range"]
        if span["end_time"] - span["start_time"] > timedelta(days=7).total_seconds():
            return {"errcode": 40097, "errmsg": "时间范围不能超过 7 天"}
        found = [
            one.id for one in self.book.values()
            if span["start_time"] <= one.updated.timestamp() <= span["end_time"]
            and wish.get("openid") in (None, one.buyer)
        ]  # fmt: skip
        start = int(wish["next_key"] or 0)
        following = start + wish["page_size"]
        return {
            "order_id_list": found[start:following], "next_key": str(following), "has_more": following < len(found)
        }  # fmt: skip

    def _order(self, wish: dict[str, Any]) -> dict[str, Any]:
        order = self.book.get(wish["order_id"])
        if order is None:
            return {"errcode": 100002, "errmsg": "order not exist"}
        mine = [{"aftersale_order_id": key} for key, one in self.after_sales.items() if one["order_id"] == order.id]
        return {"order": _order(order) | {"aftersale_detail": {"aftersale_order_list": mine}}}

    def _address(self, wish: dict[str, Any]) -> dict[str, Any]:
        order = self.book[wish["order_id"]]
        if order.state not in ("unpaid", "paid"):
            return {"errcode": 10020120, "errmsg": "已发货的订单不能修改地址"}
        order.deeds.append(wish["user_address"])
        self.effects["address"] += 1
        return {}

    def _after_sale(self, wish: dict[str, Any]) -> dict[str, Any]:
        return {"after_sale_order": self.after_sales[wish["after_sale_order_id"]]}

    def _accept(self, wish: dict[str, Any]) -> dict[str, Any]:
        one = self.after_sales[wish["after_sale_order_id"]]
        if one["status"] != "MERCHANT_PROCESSING":
            return {"errcode": 10020049, "errmsg": "当前状态不可操作"}
        one["status"] = "USER_WAIT_RETURN" if one["type"] == "RETURN" else "MERCHANT_REFUND_SUCCESS"
        self.effects["return" if one["type"] == "RETURN" else "refund"] += 1
        return {}


def _xml(told: dict[str, Any]) -> str:
    inner = ""
    for name, value in told.items():
        said = _xml(value)[5:-6] if isinstance(value, dict) else f"<![CDATA[{value}]]>"
        inner += f"<{name}>{said}</{name}>"
    return f"<xml>{inner}</xml>"


def _product(good: Good) -> dict[str, Any]:
    skus = [
        {
            "sku_id": id, "sku_code": sku, "sale_price": price, "stock_num": stock, "status": 5,
            "sku_attrs": [{"attr_key": "颜色", "attr_value": option}] if option else [],
        }
        for id, sku, option, price, stock in good.variants
    ]  # fmt: skip
    return {
        "product_id": good.id, "title": good.title, "head_imgs": ["https://img.example.com/1.jpg"], "spu_code": "YS",
        "desc_info": {"imgs": [], "desc": "双层不锈钢"}, "attrs": [{"attr_key": "容量", "attr_value": "500 ml"}],
        "status": 5 if good.is_listed else 11, "min_price": good.variants[0][3], "skus": skus,
        "extra_service": {"seven_day_return": 1},
    }  # fmt: skip


def _order(order: Bought) -> dict[str, Any]:
    stamp = int(order.updated.timestamp())
    lines = [
        {
            "product_id": product, "sku_id": id, "title": title, "sku_cnt": quantity, "sale_price": price,
            "real_price": quantity * price, "sku_code": sku,
            "sku_attrs": [{"attr_key": "颜色", "attr_value": option}] if option else [],
        }
        for id, product, sku, title, option, quantity, price in order.lines
    ]  # fmt: skip
    where = {"user_name": "安娜", "tel_number": order.phone, "province_name": "浙江省", "city_name": "杭州市",
             "county_name": "西湖区", "detail_info": order.address}  # fmt: skip
    parcel = {"waybill_id": order.tracking, "delivery_id": "YTO", "delivery_name": "圆通速递", "delivery_time": stamp}
    delivery = {"address_info": where, "delivery_product_info": [parcel] if order.tracking else []}
    if order.deeds:
        delivery["address_under_review"] = order.deeds[-1]
    return {
        "order_id": order.id, "status": STATUS[order.state], "create_time": stamp, "update_time": stamp,
        "openid": order.buyer, "order_detail": {
            "product_infos": lines, "delivery_info": delivery,
            "price_info": {"product_price": order.total, "order_price": order.total, "freight": 0, "discounted_price": 0},
            "pay_info": {} if order.state == "unpaid" else {"pay_time": stamp}, "ext_info": {"customer_notes": ""},
        },
    }  # fmt: skip
