"""All routes of this room, and the dependencies that rooms above use by name."""

from litestar.di import Provide

from yingke.workspaces import (
    api_key_routes,
    auth_routes,
    me_routes,
    shop_routes,
    team_routes,
    webhook_routes,
    workspace_routes,
)
from yingke.workspaces.authenticate import provide_caller, provide_passwords

ROUTES = [
    *auth_routes.ROUTES,
    *me_routes.ROUTES,
    *team_routes.ROUTES,
    *shop_routes.ROUTES,
    *api_key_routes.ROUTES,
    *webhook_routes.ROUTES,
    *workspace_routes.ROUTES,
]

DEPENDENCIES = {"caller": Provide(provide_caller), "passwords": Provide(provide_passwords)}
