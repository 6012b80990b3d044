"""WooCommerce's REST API version 3 as far as the product uses it, with its paging headers and error bodies."""

import base64
import hashlib
import hmac
import json
from typing import Any

from aiohttp import web

from tests.emulators.shop_platform import Bought, Good, ShopPlatform

KEY, SECRET, PUSH_SECRET = "ck_0123456789", "cs_9876543210", "words of the merchant"
STATUS = {"unpaid": "pending", "paid": "processing", "shipped": "processing", "delivered": "completed"}


class WooCommerceEmulator(ShopPlatform):
    def routes(self) -> list[web.RouteDef]:
        api = "/wp-json/wc/v3"
        return [
            web.get("/wp-json/", self._site),
            web.get(f"{api}/data/currencies/current", self._money),
            web.get(f"{api}/products", self._products),
            web.get(f"{api}/products/{{id}}", self._product),
            web.get(f"{api}/products/{{id}}/variations", self._variations),
            web.get(f"{api}/orders", self._orders),
            web.get(f"{api}/orders/{{id}}", self._order),
            web.post(f"{api}/orders/{{id}}", self._change),
            web.route("*", f"{api}/orders/{{id}}/{{what:notes|refunds}}", self._deeds),
        ]

    def spoken(self, fault: str) -> web.Response:
        if fault == "busy":
            return web.json_response({"code": "too_many"}, status=429, headers={"Retry-After": "7"})
        if fault == "expired":
            said = {
                "code": "woocommerce_rest_cannot_view",
                "message": "抱歉，您不能列出资源。",
                "data": {"status": 401},
            }
            return web.json_response(said, status=401)
        said = {"code": "woocommerce_rest_invalid", "message": "无效的参数：status", "data": {"status": 400}}
        return web.json_response(said, status=400)

    def push(self, topic: str, about: dict[str, Any], delivery: str = "d-1") -> tuple[dict[str, str], bytes]:
        body = json.dumps(about).encode()
        mark = base64.b64encode(hmac.digest(PUSH_SECRET.encode(), body, hashlib.sha256)).decode()
        return {
            "x-wc-webhook-signature": mark, "x-wc-webhook-topic": topic, "x-wc-webhook-delivery-id": delivery
        }, body  # fmt: skip

    async def _site(self, request: web.Request) -> web.Response:
        return web.json_response({"name": "云杉旗舰店", "description": ""})

    async def _money(self, request: web.Request) -> web.Response:
        return self._guarded(request) or web.json_response({"code": "CNY", "name": "人民币"})

    async def _products(self, request: web.Request) -> web.Response:
        if refusal := self._guarded(request):
            return refusal
        found = [one for one in self.shelf.values() if _changed(one, request)]
        rows = [_product(one) for one in found]
        if wanted := request.query.get("sku"):
            every = [row for one in found for row in (_variations(one) if len(one.variants) > 1 else [_product(one)])]
            rows = [row for row in every if row["sku"] in wanted.split(",")]
        return _page(rows, request)

    async def _product(self, request: web.Request) -> web.Response:
        good = self.shelf.get(request.match_info["id"])
        return self._guarded(request) or (web.json_response(_product(good)) if good else _not_found("product"))

    async def _variations(self, request: web.Request) -> web.Response:
        return self._guarded(request) or _page(_variations(self.shelf[request.match_info["id"]]), request)

    async def _orders(self, request: web.Request) -> web.Response:
        if refusal := self._guarded(request):
            return refusal
        found = [one for one in self.book.values() if _changed(one, request)]
        if buyer := request.query.get("customer"):
            found = [one for one in found if one.buyer == buyer]
        if words := request.query.get("search"):
            found = [one for one in found if words in one.number]
        return _page([_order(one) for one in found], request)

    async def _order(self, request: web.Request) -> web.Response:
        order = self.book.get(request.match_info["id"])
        return self._guarded(request) or (web.json_response(_order(order)) if order else _not_found("shop_order"))

    async def _change(self, request: web.Request) -> web.Response:
        if refusal := self._guarded(request):
            return refusal
        order, wish = self.book[request.match_info["id"]], await request.json()
        if wish.get("status") == "cancelled":
            order.state = "cancelled"
            self.effects["cancel"] += 1
        if "shipping" in wish:
            order.address = wish["shipping"]["address_1"]
            self.effects["address"] += 1
        return web.json_response(_order(order))

    async def _deeds(self, request: web.Request) -> web.Response:
        if refusal := self._guarded(request):
            return refusal
        order, what = self.book[request.match_info["id"]], request.match_info["what"]
        if request.method == "GET":
            return web.json_response([one for one in order.deeds if one["what"] == what])
        made = {"id": 800 + len(order.deeds), "what": what, **await request.json()}
        order.deeds.append(made)
        self.effects["refund" if what == "refunds" else "note"] += 1
        return web.json_response(made, status=201)

    def _guarded(self, request: web.Request) -> web.Response | None:
        wanted = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        return None if request.headers.get("Authorization") == wanted else self.spoken("expired")


def _page(rows: list[dict[str, Any]], request: web.Request) -> web.Response:
    size, page = int(request.query.get("per_page", 10)), int(request.query.get("page", 1))
    pages = -(-len(rows) // size)
    headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(pages)}
    return web.json_response(rows[(page - 1) * size : page * size], headers=headers)


def _changed(one: Good | Bought, request: web.Request) -> bool:
    since = request.query.get("modified_after")
    assert since is None or request.query.get("dates_are_gmt") == "true"
    return since is None or f"{one.updated:%Y-%m-%dT%H:%M:%S}" > since


def _not_found(kind: str) -> web.Response:
    said = {"code": f"woocommerce_rest_{kind}_invalid_id", "message": "ID 无效。", "data": {"status": 404}}
    return web.json_response(said, status=404)


def _product(good: Good) -> dict[str, Any]:
    is_variable = len(good.variants) > 1
    _id, sku, _, price, stock = good.variants[0]
    return {
        "id": int(good.id), "name": good.title, "type": "variable" if is_variable else "simple", "status": "publish",
        "catalog_visibility": "visible", "description": "<p>双层不锈钢</p>", "short_description": "",
        "sku": "" if is_variable else sku, "price": f"{price / 100:.2f}", "regular_price": f"{price / 100:.2f}",
        "on_sale": False, "manage_stock": not is_variable, "stock_quantity": None if is_variable else stock,
        "stock_status": "instock", "categories": [{"id": 9, "name": "杯壶"}], "images": [], "permalink": "https://x/p",
        "attributes": [{"name": "颜色", "variation": True, "options": ["苔绿", "雾白"]}],
        "variations": [int(one[0]) for one in good.variants] if is_variable else [],
        "date_modified_gmt": f"{good.updated:%Y-%m-%dT%H:%M:%S}",
    }  # fmt: skip


def _variations(good: Good) -> list[dict[str, Any]]:
    return [
        {
            "id": int(id), "sku": sku, "price": f"{price / 100:.2f}", "regular_price": f"{price / 100:.2f}",
            "on_sale": False, "manage_stock": True, "stock_quantity": stock, "stock_status": "instock",
            "status": "publish", "attributes": [{"id": 1, "name": "颜色", "option": option}],
        }
        for id, sku, option, price, stock in good.variants
    ]  # fmt: skip


def _order(order: Bought) -> dict[str, Any]:
    lines = [
        {
            "id": int(id), "name": title, "product_id": int(product), "variation_id": 0, "quantity": quantity,
            "subtotal": f"{quantity * price / 100:.2f}", "total": f"{quantity * price / 100:.2f}", "total_tax": "0.00",
            "sku": sku, "price": price / 100, "meta_data": [{"id": 1, "key": "颜色", "display_value": option}],
        }
        for id, product, sku, title, option, quantity, price in order.lines
    ]  # fmt: skip
    parcel = [{"tracking_provider": "圆通", "tracking_number": order.tracking, "date_shipped": "1762000000"}]
    who = {"first_name": "安娜", "last_name": "", "phone": order.phone, "country": "CN", "state": "CN32", "city": "杭州市",
           "address_1": order.address, "address_2": "", "postcode": "310000", "email": "anna@example.com"}  # fmt: skip
    stamp = f"{order.updated:%Y-%m-%dT%H:%M:%S}"
    return {
        "id": int(order.id), "number": order.number, "status": STATUS.get(order.state, order.state), "currency": "CNY",
        "date_created_gmt": stamp, "date_modified_gmt": stamp, "date_paid_gmt": None if order.state == "unpaid" else stamp,
        "date_paid": None if order.state == "unpaid" else stamp, "date_completed_gmt": None, "discount_total": "0.00",
        "shipping_total": "0.00", "total": f"{order.total / 100:.2f}", "customer_id": int(order.buyer),
        "customer_note": "", "billing": who, "shipping": who, "line_items": lines, "refunds": [],
        "meta_data": [{"id": 1, "key": "_wc_shipment_tracking_items", "value": parcel}] if order.tracking else [],
    }  # fmt: skip
