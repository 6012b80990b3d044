"""Every HTTP route of this room, in one list for the application."""

from typing import Any

from yingke.commerce import order_routes, request_routes
from yingke.commerce.catalog import product_routes
from yingke.commerce.connections import inbound_routes
from yingke.commerce.connections import routes as connection_routes
from yingke.commerce.imports import bulk_routes
from yingke.commerce.imports import routes as import_routes
from yingke.commerce.prices import offer_routes, quote_routes

ROUTES: list[Any] = [
    *import_routes.ROUTES,
    *bulk_routes.ROUTES,
    *connection_routes.ROUTES,
    *inbound_routes.ROUTES,
    *product_routes.ROUTES,
    *offer_routes.ROUTES,
    *quote_routes.ROUTES,
    *order_routes.ROUTES,
    *request_routes.ROUTES,
]
