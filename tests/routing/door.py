"""The routes of this room and of conversations behind the real guard, with agents of every role."""

from typing import Any

from litestar.di import Provide

from tests.conversations.door import Door
from tests.conversations.stage import Stage
from tests.open_app import open_app
from yingke.app.errors import HANDLERS
from yingke.conversations.routes import ROUTES as TALK
from yingke.kit.files import Files
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.routing.routes import ROUTES
from yingke.workspaces.authenticate import Authenticate, provide_caller


def open_door(stage: Stage, files: Files) -> Door:
    secrets, hub, settings = Secrets(b"k" * 32), Hub(), Settings()
    authenticate = Authenticate(stage.ground.db, settings, secrets)
    given: dict[str, Any] = {"db": stage.ground.db, "hub": hub, "files": files, "secrets": secrets}
    app = open_app([*ROUTES, *TALK], given | {"caller": Provide(provide_caller)}, HANDLERS, authenticate)
    return Door(stage, app, authenticate, hub)
