"""All routes of this room, and the dependencies that rooms above use by name."""

from litestar.di import Provide

from yingke.workspaces import auth_routes, me_routes
from yingke.workspaces.authenticate import provide_caller, provide_passwords

ROUTES = [*auth_routes.ROUTES, *me_routes.ROUTES]

DEPENDENCIES = {"caller": Provide(provide_caller), "passwords": Provide(provide_passwords)}
