"""Who is the least that may call what of the shop, and with which scope a program may."""

from typing import Any

from yingke.commerce import order_routes, request_routes
from yingke.commerce.catalog import product_routes
from yingke.commerce.prices import offer_routes, quote_routes
from yingke.workspaces.require import Rule

READ, WRITE = ("agent", "commerce:read"), ("admin", "commerce:write")
SEE, ASK = ("agent", "orders:read"), ("agent", "orders:write")
TABLE = {
    "GET /v1/products": READ, "GET /v1/products/1": READ, "POST /v1/products": WRITE, "PUT /v1/products/1": WRITE,
    "DELETE /v1/products/1": WRITE, "GET /v1/promotions": READ, "POST /v1/promotions": WRITE,
    "PUT /v1/promotions/1": WRITE, "DELETE /v1/promotions/1": WRITE, "GET /v1/coupons": READ, "POST /v1/coupons": WRITE,
    "PUT /v1/coupons/1": WRITE, "DELETE /v1/coupons/1": WRITE, "POST /v1/price-quotes": READ, "GET /v1/orders": SEE,
    "GET /v1/orders/1": SEE, "POST /v1/orders/1/disclosure": SEE, "POST /v1/orders/1/tracking": SEE,
    "GET /v1/conversations/1/orders": SEE, "POST /v1/conversations/1/orders": ASK, "DELETE /v1/conversations/1/orders/1": ASK, "GET /v1/order-requests": SEE,
    "GET /v1/order-requests/1": SEE, "POST /v1/order-requests": ASK, "POST /v1/order-requests/1/approval": ASK,
    "POST /v1/order-requests/1/refusal": ASK, "POST /v1/order-requests/1/withdrawal": ASK,
    "POST /v1/order-requests/1/completion": ASK, "POST /v1/coupons/1/recipients": ASK, "GET /v1/order-policy": SEE, "PUT /v1/order-policy": WRITE,
}  # fmt: skip
"""A route that is missing here fails the test."""


def test_every_route_of_the_shop_is_guarded_as_the_table_says() -> None:
    found: dict[str, tuple[Any, Any]] = {}
    for part in (product_routes, offer_routes, quote_routes, order_routes, request_routes):
        for route in part.ROUTES:
            [rule] = [guard for guard in route.guards or () if isinstance(guard, Rule)]
            for path in route.paths:
                plain = "/".join("1" if one.startswith("{") else one for one in path.split("/"))
                found |= {f"{method} {plain}": (rule.role, rule.scope) for method in route.http_methods}
    assert found == TABLE
