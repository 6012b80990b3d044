"""All doors of one process as one ASGI application."""

import importlib
from importlib.util import find_spec
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from yingke import __version__
from yingke.app import docs_page, health, pages, rule_routes, visitor_routes
from yingke.app.edge import App, wrap
from yingke.app.errors import HANDLERS
from yingke.app.house import House
from yingke.workspaces.authenticate import provide_caller, provide_passwords
from yingke.workspaces.require import deny_undeclared

ROOMS = [
    "yingke.workspaces.routes",
    "yingke.conversations.routes",
    "yingke.routing.routes",
    "yingke.commerce.routes",
    "yingke.knowledge.routes",
    "yingke.models.routes",
    "yingke.assistants.routes",
    "yingke.insights.routes",
    "yingke.app.agent_files",
    "yingke.app.demo_routes",
]
GIVEN = (
    "tables",
    "db", "hub", "settings", "secrets", "rates", "files", "outgoing", "encoder", "library", "engine", "switchboard", "authenticate",
    "word_guards", "shops", "card_source", "own_tools",
)  # fmt: skip
"""What handlers get from the house by name, beside the house itself."""


def build_app(house: House) -> App:
    """The Litestar application of `house` inside the outer ring."""
    return wrap(build_litestar(house), house)  # type: ignore[arg-type]


def build_litestar(house: House) -> Litestar:
    given = {"house": house, "assets": pages.Assets(), **{name: getattr(house, name) for name in GIVEN}}
    return Litestar(
        route_handlers=_routes(),
        dependencies=_dependencies(given),
        exception_handlers=HANDLERS,
        guards=[deny_undeclared],
        state=State({"authenticate": house.authenticate, "house": house}),
        openapi_config=_openapi(),
        request_max_body_size=(house.settings.max_file_mb + 1) * 1_000_000,
        debug=False,
        logging_config=None,
    )


def openapi_schema() -> dict[str, Any]:
    """What /openapi.json says, without a house: nothing is opened, no database is needed."""
    given = dict.fromkeys(("house", "assets", *GIVEN))
    app = Litestar(
        route_handlers=_routes(), dependencies=_dependencies(given), openapi_config=_openapi(), logging_config=None
    )
    return app.openapi_schema.to_schema()


def _dependencies(given: dict[str, Any]) -> dict[str, Provide]:
    dependencies = {name: Provide(_always(value), sync_to_thread=False) for name, value in given.items()}
    dependencies["caller"] = Provide(provide_caller)
    dependencies["passwords"] = Provide(provide_passwords)
    dependencies["visitor"] = Provide(visitor_routes.provide_visitor)
    return dependencies


def _routes() -> list[Any]:
    routes = [*visitor_routes.ROUTES, *pages.ROUTES, *health.ROUTES, *docs_page.ROUTES, *rule_routes.ROUTES]
    for room in ROOMS:
        if not find_spec(room):
            continue
        routes += importlib.import_module(room).ROUTES
    return routes


def _openapi() -> OpenAPIConfig:
    """Only the schema is Litestar's: its pages load scripts from elsewhere, so /docs is our own."""
    return OpenAPIConfig(
        title="Yingke 迎客",
        version=__version__,
        description="The public contract of Yingke: what strangers build on.",
        render_plugins=[],
        openapi_router=Router(path="/internal-openapi", route_handlers=[], include_in_schema=False),
    )


def _always(value: Any) -> Any:
    def provide() -> Any:
        return value

    return provide
