"""Every HTTP route of this room, in one list for the application."""

from typing import Any

from yingke.commerce.connections import inbound_routes
from yingke.commerce.connections import routes as connection_routes
from yingke.commerce.imports import bulk_routes
from yingke.commerce.imports import routes as import_routes

ROUTES: list[Any] = [*import_routes.ROUTES, *bulk_routes.ROUTES, *connection_routes.ROUTES, *inbound_routes.ROUTES]
