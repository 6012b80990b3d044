"""An application of this room alone, spoken to over HTTP as a browser or a program would."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException

from tests.open_app import open_app
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.kit.http import Outgoing
from yingke.kit.live import Hub
from yingke.kit.rates import Rates
from yingke.kit.secrets import Secrets, token
from yingke.kit.settings import Settings
from yingke.workspaces.authenticate import Authenticate
from yingke.workspaces.routes import DEPENDENCIES, ROUTES

PASSWORD = "correct horse 电池"


def _problem(_: Request[Any, Any, Any], error: Problem) -> Response[dict[str, Any]]:
    content: dict[str, Any] = {"code": error.code, "status": error.status, "detail": error.en, "fields": error.fields}
    content["retry_after"] = error.retry_after
    return Response(content | getattr(error, "extra", {}), status_code=error.status)


def _refused(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    return Response({"code": "refused", "detail": error.detail}, status_code=error.status_code)


_HANDLERS: dict[Any, Any] = {Problem: _problem, HTTPException: _refused}


def make_app(
    db: Database, secrets: Secrets, settings: Settings, outgoing: Outgoing, routes: Sequence[Any], **given: Any
) -> Litestar:
    """The routes of this room and `routes`, with everything that they ask for by name: `given`, and the house's."""
    house: dict[str, Any] = {"db": db, "settings": settings, "secrets": secrets, "outgoing": outgoing}
    house |= {"hub": Hub(), "rates": Rates(), "files": Files(settings.data_dir / "files", b"k" * 32)}
    return open_app([*ROUTES, *routes], house | given | DEPENDENCIES, _HANDLERS, Authenticate(db, settings, secrets))


@dataclass
class Browser:
    """Keeps cookies and the CSRF token like the workbench does; `http` is the bare client."""

    http: httpx.AsyncClient
    csrf_token: str = ""
    me: dict[str, Any] = field(default_factory=dict)

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-CSRF-Token": self.csrf_token} if self.csrf_token else {}
        return await self.http.request(method, path, headers=headers | more.pop("headers", {}), **more)

    async def get(self, path: str, **more: Any) -> Any:
        return good(await self.call("GET", path, **more))

    async def post(self, path: str, json: Any = None, **more: Any) -> Any:
        return good(await self.call("POST", path, json=json, **more))

    async def patch(self, path: str, json: Any) -> Any:
        return good(await self.call("PATCH", path, json=json))

    async def enter(self, answer: httpx.Response) -> dict[str, Any]:
        """Takes over the session that a sign-up, sign-in or acceptance has opened."""
        self.me = good(answer)
        self.csrf_token = self.me["csrf_token"]
        return self.me


def good(answer: httpx.Response) -> Any:
    assert answer.status_code < 300, (answer.status_code, answer.text)
    return answer.json() if answer.content else None


@dataclass
class Door:
    """Opens browsers and programs on one application."""

    app: Litestar
    db: Database
    secrets: Secrets

    def browser(self, address: str = "203.0.113.7", host: str = "https://kf.example.com") -> Browser:
        transport = httpx.ASGITransport(app=self.app, client=(address, 5000))  # type: ignore[arg-type]
        return Browser(httpx.AsyncClient(transport=transport, base_url=host))

    def program(self, key: str) -> Browser:
        browser = self.browser()
        browser.http.headers["Authorization"] = f"Bearer {key}"
        return browser

    async def owner(self, email: str = "", name: str = "青松小店") -> Browser:
        browser = self.browser()
        email = email or f"{token()[:12]}@example.com"
        body = {"workspace_name": name, "name": "李雷", "email": email, "password": PASSWORD, "language": "zh-CN"}
        await browser.enter(await browser.call("POST", "/v1/auth/sign-up", json=body))
        return browser


@pytest.fixture(scope="session")
def secrets() -> Secrets:
    return Secrets(b"k" * 32)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(allow_private_urls=True, data_dir=tmp_path)


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


@pytest.fixture
def door(db: Database, secrets: Secrets, settings: Settings, outgoing: Outgoing) -> Door:
    return Door(make_app(db, secrets, settings, outgoing, []), db, secrets)
