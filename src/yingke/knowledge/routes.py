"""What this room offers over HTTP."""

from yingke.knowledge import document_routes, pair_routes, steer_routes
from yingke.knowledge.past import routes as past_routes
from yingke.knowledge.versions import routes as version_routes

ROUTES = [
    *document_routes.ROUTES,
    *steer_routes.ROUTES,
    *version_routes.ROUTES,
    *pair_routes.ROUTES,
    *past_routes.ROUTES,
]
