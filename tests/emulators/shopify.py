"""Shopify's GraphQL Admin API as far as the product uses it: answers by the shape of a query, with its points and errors.

It knows the operations by their fields, not by parsing GraphQL. Points: a bucket of 2,000 that refills by 100 a second.
"""

import base64
import hashlib
import hmac
import json
import re
from typing import Any

from aiohttp import web

from tests.emulators.shop_platform import Bought, Good, ShopPlatform, open_book

TOKEN, PUSH_SECRET = "shpat_0123456789abcdef", "push-secret-of-this-app"
PAID = {"unpaid": "PENDING", "paid": "PAID", "shipped": "PAID", "delivered": "PAID", "cancelled": "REFUNDED"}
SENT = {"shipped": "FULFILLED", "delivered": "FULFILLED"}


class ShopifyEmulator(ShopPlatform):
    def __init__(self) -> None:
        super().__init__()
        self.book = open_book(self.shelf, number="#{id}")
        self.throttled = 0
        """So many of the next queries find too few points."""
        self.seen_keys: dict[str, Any] = {}

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/admin/api/2026-10/graphql.json", self._answer)]

    def spoken(self, fault: str) -> web.Response:
        if fault == "expired":
            return web.json_response({"errors": "[API] Invalid API key or access token"}, status=401)
        if fault == "busy":
            return web.json_response({"errors": "Too many"}, status=429, headers={"Retry-After": "7"})
        error = {"message": "Access denied for orders field.", "extensions": {"code": "ACCESS_DENIED"}}
        return web.json_response({"errors": [error]})

    def push(self, topic: str, about: dict[str, Any], event: str = "ev-1") -> tuple[dict[str, str], bytes]:
        body = json.dumps(about).encode()
        mark = base64.b64encode(hmac.digest(PUSH_SECRET.encode(), body, hashlib.sha256)).decode()
        return {"x-shopify-hmac-sha256": mark, "x-shopify-topic": topic, "x-shopify-event-id": event}, body

    async def _answer(self, request: web.Request) -> web.Response:
        if request.headers.get("X-Shopify-Access-Token") != TOKEN:
            return self.spoken("expired")
        told = await request.json()
        if self.throttled > 0:
            self.throttled -= 1
            status = {"maximumAvailable": 2000.0, "currentlyAvailable": 70, "restoreRate": 100.0}
            cost = {"requestedQueryCost": 100, "actualQueryCost": None, "throttleStatus": status}
            error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return web.json_response({"errors": [error], "extensions": {"cost": cost}})
        return web.json_response({"data": self._data(told["query"], told.get("variables") or {})})

    def _data(self, query: str, given: dict[str, Any]) -> dict[str, Any]:
        if "@idempotent" in query:
            if given["key"] not in self.seen_keys:
                self.seen_keys[given["key"]] = self._refund(given)
            return {"refundCreate": self.seen_keys[given["key"]]}
        for word, deed in (
            ("returnRequest", self._return), ("orderCancel", self._cancel), ("orderUpdate", self._address)
        ):  # fmt: skip
            if word in query:
                return {word: deed(given)}
        if "productVariants" in query:
            return {"productVariants": {"nodes": self._stock(given["query"])}}
        if "products(" in query:
            page = self._page(list(self.shelf.values()), given)
            nodes = [_product(one) for one in page[0]]
            return {"shop": {"currencyCode": "CNY"}, "products": {"nodes": nodes, "pageInfo": page[1]}}
        if "product(" in query:
            good = self.shelf.get(given["id"].rpartition("/")[2])
            return {"shop": {"currencyCode": "CNY"}, "product": _product(good) if good else None}
        if "orders(" in query:
            found = [one for one in self.book.values() if _fits(one, given.get("query") or "")]
            page = self._page(found, given | {"query": None})
            return {"orders": {"nodes": [_order(one) for one in page[0]], "pageInfo": page[1]}}
        if "order(" in query:
            order = self.book.get(given["id"].rpartition("/")[2])
            return {"order": _order(order) if order else None}
        return {"shop": {"name": "云杉旗舰店", "currencyCode": "CNY"}}

    def _page(self, found: list[Any], given: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        since = re.search(r"updated_at:>='([^']+)'", given.get("query") or "")
        if since:
            found = [one for one in found if f"{one.updated:%Y-%m-%dT%H:%M:%SZ}" >= since.group(1)]
        start = int(given.get("after") or 0)
        return found[start : start + 10], {"hasNextPage": len(found) > start + 10, "endCursor": str(start + 10)}

    def _stock(self, query: str) -> list[dict[str, Any]]:
        skus = re.findall(r'sku:"([^"]+)"', query)
        nodes = [node for good in self.shelf.values() for node in _product(good)["variants"]["nodes"]]
        return [node for node in nodes if any(node["sku"].startswith(sku) for sku in skus)]

    def _return(self, given: dict[str, Any]) -> dict[str, Any]:
        order = self.book[given["input"]["orderId"].rpartition("/")[2]]
        self.effects["return"] += 1
        lines = [{"customerNote": one["customerNote"]} for one in given["input"]["returnLineItems"]]
        back = {"id": f"gid://shopify/Return/{len(order.deeds)}", "name": f"{order.number}-R1", "status": "REQUESTED"}
        order.deeds.append(back | {"returnLineItems": {"nodes": lines}})
        return {"return": back, "userErrors": []}

    def _refund(self, given: dict[str, Any]) -> dict[str, Any]:
        order = self.book[given["input"]["orderId"].rpartition("/")[2]]
        self.effects["refund"] += 1
        refund = {
            "id": f"gid://shopify/Refund/{600 + len(order.deeds)}",
            "note": given["input"]["note"],
            "refund": True,
        }
        order.deeds.append(refund)
        return {"refund": refund, "userErrors": []}

    def _cancel(self, given: dict[str, Any]) -> dict[str, Any]:
        order = self.book[given["id"].rpartition("/")[2]]
        if order.state not in ("unpaid", "paid"):
            said = [{"field": ["orderId"], "message": "Cannot cancel an order with fulfillments"}]
            return {"job": None, "orderCancelUserErrors": said}
        order.state = "cancelled"
        self.effects["cancel"] += 1
        return {"job": {"id": "gid://shopify/Job/1", "done": False}, "orderCancelUserErrors": []}

    def _address(self, given: dict[str, Any]) -> dict[str, Any]:
        order = self.book[given["input"]["id"].rpartition("/")[2]]
        order.address = given["input"]["shippingAddress"]["address1"]
        self.effects["address"] += 1
        return {"order": {"id": given["input"]["id"]}, "userErrors": []}


def _fits(order: Bought, query: str) -> bool:
    name = re.search(r'name:"([^"]*)"', query)
    buyer = re.search(r"customer_id:(\d+)", query)
    since = re.search(r"updated_at:>='([^']+)'", query)
    return (
        (name is None or order.number.lstrip("#").startswith(name.group(1)))
        and (buyer is None or order.buyer == buyer.group(1))
        and (since is None or f"{order.updated:%Y-%m-%dT%H:%M:%SZ}" >= since.group(1))
    )


def _product(good: Good) -> dict[str, Any]:
    variants = [
        {
            "id": f"gid://shopify/ProductVariant/{id}", "sku": sku, "title": option or "Default Title",
            "price": f"{price / 100:.2f}", "compareAtPrice": None, "inventoryQuantity": stock,
            "inventoryItem": {"tracked": True},
            "selectedOptions": [{"name": "颜色", "value": option or "Default Title"}],
        }
        for id, sku, option, price, stock in good.variants
    ]  # fmt: skip
    return {
        "id": f"gid://shopify/Product/{good.id}", "handle": f"cup-{good.id}", "title": good.title,
        "descriptionHtml": "<p>双层不锈钢，<b>500 ml</b></p>", "productType": "杯壶", "vendor": "云杉",
        "status": "ACTIVE" if good.is_listed else "DRAFT", "updatedAt": good.updated.isoformat(),
        "onlineStoreUrl": f"https://shop.example.com/products/{good.id}", "featuredMedia": None,
        "variants": {"nodes": variants, "pageInfo": {"hasNextPage": False, "endCursor": None}},
    }  # fmt: skip


def _money(fen: int) -> dict[str, Any]:
    return {"shopMoney": {"amount": f"{fen / 100:.2f}"}}


def _order(order: Bought) -> dict[str, Any]:
    lines = [
        {
            "id": f"gid://shopify/LineItem/{id}", "title": title, "variantTitle": option, "sku": sku,
            "quantity": quantity, "product": {"id": f"gid://shopify/Product/{product}"},
            "discountedUnitPriceAfterAllDiscountsSet": _money(price),
        }
        for id, product, sku, title, option, quantity, price in order.lines
    ]  # fmt: skip
    parcel = {
        "createdAt": order.updated.isoformat(), "deliveredAt": None,
        "displayStatus": "DELIVERED" if order.state == "delivered" else "IN_TRANSIT",
        "trackingInfo": [{"company": "圆通速递", "number": order.tracking}],
        "events": {"nodes": [
            {"happenedAt": order.updated.isoformat(), "status": "IN_TRANSIT", "message": "已到达杭州", "city": "杭州",
             "province": "浙江"}
        ]},
        "fulfillmentLineItems": {"nodes": [
            {"id": f"gid://shopify/FulfillmentLineItem/{line[0]}", "quantity": line[5],
             "lineItem": {"id": f"gid://shopify/LineItem/{line[0]}"}}
            for line in order.lines
        ]},
    }  # fmt: skip
    paid = {"gateway": "shopify_payments", "parentTransaction": {"id": "gid://shopify/OrderTransaction/1"}}
    return {
        "id": f"gid://shopify/Order/{order.id}", "name": order.number, "createdAt": order.updated.isoformat(),
        "processedAt": order.updated.isoformat(), "updatedAt": order.updated.isoformat(),
        "cancelledAt": order.updated.isoformat() if order.state == "cancelled" else None, "note": None,
        "currencyCode": "CNY", "email": "anna@example.com", "phone": order.phone,
        "displayFinancialStatus": PAID[order.state], "displayFulfillmentStatus": SENT.get(order.state, "UNFULFILLED"),
        "totalPriceSet": _money(order.total), "totalReceivedSet": _money(order.total),
        "subtotalPriceSet": _money(order.total), "totalDiscountsSet": _money(0), "totalShippingPriceSet": _money(0),
        "customer": {"id": f"gid://shopify/Customer/{order.buyer}", "displayName": "客户"},
        "shippingAddress": {"name": "客户", "phone": order.phone, "country": "中国", "province": "浙江省",
                            "city": "杭州市", "address1": order.address, "address2": "", "zip": "310000",
                            "countryCodeV2": "CN", "provinceCode": "ZJ"},
        "lineItems": {"nodes": lines}, "fulfillments": [parcel] if order.tracking else [],
        "refunds": [one for one in order.deeds if one.get("refund")],
        "returns": {"nodes": [one for one in order.deeds if not one.get("refund")]},
        "suggestedRefund": {"amountSet": _money(order.total),
                            "suggestedTransactions": [paid | {"amountSet": _money(order.total)}]},
    }  # fmt: skip
