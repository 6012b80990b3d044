"""A shop or ERP of the merchant's own, with JSON as such systems write it: wrapped lists, yuan, Chinese states."""

import json
import time
from typing import Any

from aiohttp import web

from tests.emulators.shop_platform import ShopPlatform
from yingke.workspaces.webhook_signature import sign_webhook

KEY = "Bearer erp-key-1"
PUSH_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
STATES = {"unpaid": "待付款", "paid": "待发货", "shipped": "已发货", "delivered": "客户已收"}
MAPPING: dict[str, Any] = {
    "products": {
        "url": "/api/goods", "one_url": "/api/goods/{id}", "list": "data.rows", "one": "data", "parts": "skus",
        "fields": {"external_id": "goods_id", "title": "name"},
        "part_fields": {"external_id": "id", "sku": "barcode", "title": "spec.color", "price": "price", "stock": "qty"},
    },
    "orders": {
        "url": "/api/orders", "one_url": "/api/orders/{number}", "list": "data.rows", "one": "data", "parts": "lines",
        "fields": {
            "external_id": "id", "number": "order_sn", "state": "status", "total": "amount", "buyer": "member_id",
            "phone": "to.mobile", "address": "to.address", "tracking_number": "express.no", "ordered_at": "created",
            "updated_at": "modified",
        },
        "part_fields": {"title": "name", "sku": "barcode", "quantity": "num", "price": "price", "product": "goods_id"},
    },
    "money": "major", "states": {"客户已收": "delivered"}, "page_param": "page", "since_param": "modified_after",
    "buyer_param": "member_id",
}  # fmt: skip


class HttpShopEmulator(ShopPlatform):
    def __init__(self) -> None:
        super().__init__()
        self.done: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._home),
            web.get("/api/goods", self._goods),
            web.get("/api/goods/{id}", self._good),
            web.get("/api/orders", self._orders),
            web.get("/api/orders/{number}", self._order),
            web.post("/api/requests", self._request),
        ]

    def spoken(self, fault: str) -> web.Response:
        status = {"expired": 401, "busy": 429}.get(fault, 422)
        return web.json_response({"message": "没有库存，不能修改"}, status=status, headers={"Retry-After": "7"})

    def push(self, kind: str, id: str, push_id: str = "p-1") -> tuple[dict[str, str], bytes]:
        body, stamp = json.dumps({"kind": kind, "id": id}).encode(), int(time.time())
        mark = sign_webhook([PUSH_SECRET], push_id, stamp, body)
        return {"webhook-id": push_id, "webhook-timestamp": str(stamp), "webhook-signature": mark}, body

    async def _home(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _goods(self, request: web.Request) -> web.Response:
        since = request.query.get("modified_after", "")
        found = [one for one in self.shelf.values() if f"{one.updated:%Y-%m-%dT%H:%M:%SZ}" >= since]
        return self._guarded(request) or _page([self._good_row(one.id) for one in found], request)

    async def _good(self, request: web.Request) -> web.Response:
        id = request.match_info["id"]
        if id not in self.shelf:
            return web.json_response({"message": "不存在"}, status=404)
        return self._guarded(request) or web.json_response({"data": self._good_row(id)})

    async def _orders(self, request: web.Request) -> web.Response:
        since, buyer = request.query.get("modified_after", ""), request.query.get("member_id")
        found = [
            one for one in self.book.values()
            if f"{one.updated:%Y-%m-%dT%H:%M:%SZ}" >= since and buyer in (None, one.buyer)
        ]  # fmt: skip
        return self._guarded(request) or _page([self._order_row(one.id) for one in found], request)

    async def _order(self, request: web.Request) -> web.Response:
        order = self.order_of(request.match_info["number"])
        if order is None:
            return web.json_response({"message": "不存在"}, status=404)
        return self._guarded(request) or web.json_response({"data": self._order_row(order.id)})

    async def _request(self, request: web.Request) -> web.Response:
        """The same Idempotency-Key is done once."""
        if refusal := self._guarded(request):
            return refusal
        key, wish = request.headers["Idempotency-Key"], await request.json()
        if key not in self.done:
            self.effects[wish["kind"]] += 1
            self.done[key] = {"id": f"R{len(self.done) + 1}", "done": False, "message": "已登记"}
        return web.json_response(self.done[key])

    def _guarded(self, request: web.Request) -> web.Response | None:
        return None if request.headers.get("Authorization") == KEY else self.spoken("expired")

    def _good_row(self, id: str) -> dict[str, Any]:
        good = self.shelf[id]
        skus = [
            {"id": id, "barcode": sku, "spec": {"color": option}, "price": f"{price / 100:.2f}", "qty": stock}
            for id, sku, option, price, stock in good.variants
        ]
        return {"goods_id": int(good.id), "name": good.title, "skus": skus}

    def _order_row(self, id: str) -> dict[str, Any]:
        order = self.book[id]
        lines = [
            {"name": title, "barcode": sku, "num": quantity, "price": price / 100, "goods_id": int(product)}
            for _, product, sku, title, _, quantity, price in order.lines
        ]
        stamp = order.updated.isoformat()
        return {
            "id": int(order.id), "order_sn": order.number, "status": STATES[order.state],
            "amount": f"{order.total / 100:.2f}", "member_id": int(order.buyer), "created": stamp, "modified": stamp,
            "to": {"mobile": order.phone, "address": order.address}, "express": {"no": order.tracking}, "lines": lines,
        }  # fmt: skip


def _page(rows: list[dict[str, Any]], request: web.Request) -> web.Response:
    page = int(request.query.get("page", 1))
    return web.json_response({"code": 0, "data": {"rows": rows[(page - 1) * 8 : page * 8], "total": len(rows)}})
