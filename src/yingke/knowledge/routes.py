"""What this room offers over HTTP."""

from yingke.knowledge import document_routes, pair_routes
from yingke.knowledge.past import routes as past_routes

ROUTES = [
    *document_routes.ROUTES,
    *pair_routes.ROUTES,
    *past_routes.ROUTES,
]
