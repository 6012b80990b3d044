"""What this room offers over HTTP."""

from yingke.knowledge import document_routes, pair_routes

ROUTES = [*document_routes.ROUTES, *pair_routes.ROUTES]
