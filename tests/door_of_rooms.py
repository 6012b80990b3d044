"""An application of the rooms that learn and answer, spoken to over HTTP, with jobs worked on demand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.learning import Learning
from tests.no_shops import NoShops
from tests.workspaces.conftest import Browser, Door, make_app
from yingke.assistants import routes as assistant_routes
from yingke.assistants.choose_engine import build_engine
from yingke.assistants.engine import Engine
from yingke.assistants.own_tools.own_tools import OwnTools
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge import routes as knowledge_routes
from yingke.models import routes as model_routes
from yingke.models.switchboard import Switchboard


@dataclass
class Rooms:
    """One process of the answering rooms."""

    door: Door
    learning: Learning
    engine: Engine
    switchboard: Switchboard

    async def upload(self, browser: Browser, name: str, content: bytes | str, **fields: str) -> Any:
        """Uploads and works until it is learned; the document as the list shows it."""
        data = content.encode() if isinstance(content, str) else content
        answer = await browser.call("POST", "/v1/knowledge/documents", files={"file": (name, data)}, data=fields)
        assert answer.status_code == 202, answer.text
        await self.learning.work()
        return await browser.get(f"/v1/knowledge/documents/{answer.json()['id']}")


@pytest.fixture(scope="session")
def room_secrets() -> Secrets:
    return Secrets(b"r" * 32)


@pytest.fixture
async def room_outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


@pytest.fixture
def rooms(db: Database, learning: Learning, room_secrets: Secrets, room_outgoing: Outgoing) -> Rooms:
    settings = Settings(allow_private_urls=True)
    board = Switchboard(db, room_outgoing, room_secrets, settings)
    engine = build_engine(settings, db, learning.library, learning.encoder, room_outgoing, room_secrets, board)
    given = {"files": learning.files, "library": learning.library, "encoder": learning.encoder, "engine": engine}
    given["switchboard"], given["shops"] = board, NoShops()
    given["own_tools"] = OwnTools(db, learning.encoder, room_outgoing, room_secrets, settings)
    routes = [*knowledge_routes.ROUTES, *model_routes.ROUTES, *assistant_routes.ROUTES]
    app = make_app(db, room_secrets, settings, room_outgoing, routes, **given)
    return Rooms(Door(app, db, room_secrets), learning, engine, board)
