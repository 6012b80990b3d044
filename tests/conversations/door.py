"""The routes of this room behind the real guard, spoken to over HTTP."""

import secrets as random
from dataclasses import dataclass, field
from typing import Any

import httpx
from litestar import Litestar
from litestar.di import Provide

from tests.conversations.stage import Stage
from tests.no_shops import NoShops
from tests.open_app import open_app
from yingke.app.errors import HANDLERS
from yingke.app.product_cards import ProductCards
from yingke.conversations.guarding.load_words import Encode, WordGuards
from yingke.conversations.routes import ROUTES
from yingke.kit.files import Files
from yingke.kit.http import Outgoing
from yingke.kit.live import Hub
from yingke.kit.secrets import Secrets, token_hash
from yingke.kit.settings import Settings
from yingke.models.switchboard import Switchboard
from yingke.workspaces.authenticate import Authenticate, provide_caller


@dataclass
class Door:
    """One application; `agent` and `program` open clients that are signed in."""

    stage: Stage
    app: Litestar
    authenticate: Authenticate
    hub: Hub
    outgoing: Outgoing = field(default_factory=Outgoing)

    async def agent(self, agent_id: int) -> httpx.AsyncClient:
        token, csrf_token = await open_session(self.stage, self.authenticate, agent_id)
        client = self._client({"X-CSRF-Token": csrf_token})
        client.cookies.set("__Host-yingke", token)
        return client

    async def program(self, *scopes: str) -> httpx.AsyncClient:
        key = f"yk_{random.token_hex(12)}"
        await self.stage.do(
            lambda tx: tx.execute(
                "insert into api_keys (workspace_id, name, token_hash, hint, scopes) values ($1, 'test', $2, '', $3)",
                self.stage.workspace_id,
                token_hash(key),
                list(scopes),
            )
        )
        return self._client({"Authorization": f"Bearer {key}"})

    def _client(self, headers: dict[str, str]) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transport, base_url="https://kf.example.com", headers=headers)


async def open_session(stage: Stage, authenticate: Authenticate, agent_id: int) -> tuple[str, str]:
    """(cookie value, CSRF token)."""
    token = random.token_hex(16)
    await stage.do(
        lambda tx: tx.execute(
            "insert into agent_sessions (token_hash, workspace_id, agent_id, expires_at)"
            " values ($1, $2, $3, now() + interval '1 day')",
            token_hash(token),
            stage.workspace_id,
            agent_id,
        )
    )
    return token, authenticate.csrf_token(token_hash(token))


def open_door(stage: Stage, files: Files, encode: Encode | None = None) -> Door:
    secrets, hub, settings, outgoing = Secrets(b"k" * 32), Hub(), Settings(), Outgoing()
    authenticate = Authenticate(stage.ground.db, settings, secrets)
    given: dict[str, Any] = {"db": stage.ground.db, "hub": hub, "files": files, "secrets": secrets}
    given["word_guards"] = WordGuards(stage.ground.db, encode)
    given["card_source"] = ProductCards(stage.ground.db, NoShops())
    given["switchboard"] = Switchboard(stage.ground.db, outgoing, secrets, Settings(allow_private_urls=True))
    app = open_app(ROUTES, given | {"caller": Provide(provide_caller)}, HANDLERS, authenticate)
    return Door(stage, app, authenticate, hub, outgoing)
