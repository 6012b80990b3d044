"""Every HTTP route of this room, in one list for the application."""

from typing import Any

from yingke.commerce.imports import bulk_routes
from yingke.commerce.imports import routes as import_routes

ROUTES: list[Any] = [*import_routes.ROUTES, *bulk_routes.ROUTES]
