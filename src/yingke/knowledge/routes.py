"""What this room offers over HTTP."""

from yingke.knowledge import document_routes, golden_routes, pair_routes, steer_routes
from yingke.knowledge.calibration import routes as calibration_routes
from yingke.knowledge.contradictions import routes as contradiction_routes
from yingke.knowledge.outside import routes as outside_routes
from yingke.knowledge.pairs import review_routes as pair_review_routes
from yingke.knowledge.pairs import routes as pairs_routes
from yingke.knowledge.past import routes as past_routes
from yingke.knowledge.questions import routes as question_routes
from yingke.knowledge.sources import routes as source_routes
from yingke.knowledge.versions import routes as version_routes

ROUTES = [
    *document_routes.ROUTES,
    *steer_routes.ROUTES,
    *version_routes.ROUTES,
    *contradiction_routes.ROUTES,
    *pair_routes.ROUTES,
    *pairs_routes.ROUTES,
    *pair_review_routes.ROUTES,
    *past_routes.ROUTES,
    *question_routes.ROUTES,
    *golden_routes.ROUTES,
    *outside_routes.ROUTES,
    *calibration_routes.ROUTES,
    *source_routes.ROUTES,
]
