"""All routes of this room."""

from yingke.routing import group_routes, queue_routes, settings_routes

ROUTES = [*group_routes.ROUTES, *settings_routes.ROUTES, *queue_routes.ROUTES]
