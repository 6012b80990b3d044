"""Connected shops alone: over HTTP, with their jobs worked on demand, against emulators on this machine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.contracts.shops import SHOPS, Shop
from tests.workspaces.conftest import Browser, Door, make_app
from yingke.commerce.connections import inbound_routes, routes
from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.connections.parcels import SUBSCRIBE, subscribe_parcels
from yingke.commerce.connections.purge import PURGE, purge_shop
from yingke.commerce.connections.pushes import PUSHES, do_pushes
from yingke.commerce.connections.sync import SYNC, Syncing, sync_shop
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings

PATH = "/v1/shop-connections"


@dataclass
class Connections:
    """One process that knows connected shops."""

    door: Door
    db: Database
    shops: ConnectedShops
    settings: Settings

    async def connect(self, browser: Browser, shop: Shop, url: str, **more: Any) -> Any:
        """A connection as it is shown before any job has run."""
        form = {key: url if value == "{url}" else value for key, value in shop.settings.items()} | shop.secret
        return await browser.post(PATH, {"provider": shop.name, "form": form, **more})

    async def work(self, workspace_id: int, *, is_due: bool = True) -> int:
        """Does the jobs that wait, as the worker would; planned ones only when their time has come. How many."""
        done = 0
        while True:
            async with self.db.transaction(workspace_id) as tx:
                row = await tx.fetchrow(
                    "select id, workspace_id, lane, kind, ref, data, attempts from jobs where workspace_id = $1"
                    " and failed_at is null and (run_at <= now() or not $2) and kind = any($3) order by id limit 1",
                    workspace_id,
                    is_due,
                    [SYNC, PUSHES, PURGE, SUBSCRIBE],
                )
            if row is None:
                return done
            job = Job(**dict(row) | {"attempts": row["attempts"] + 1})
            await self.do(job)
            async with self.db.transaction(workspace_id) as tx:
                await tx.execute("delete from jobs where workspace_id = $1 and id = $2", workspace_id, job.id)
            done += 1
            if not is_due:
                return done

    async def do(self, job: Job) -> None:
        if job.kind == SYNC:
            await sync_shop(Syncing(self.db, self.shops), job)
        elif job.kind == PUSHES:
            await do_pushes(self.db, self.shops, job)
        elif job.kind == PURGE:
            await purge_shop(self.db, job)
        else:
            await subscribe_parcels(self.db, self.shops, self.settings, job)

    async def push(self, connection_id: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        """As the platform calls us: names that begin with "?" are query parameters."""
        query = {name[1:]: value for name, value in headers.items() if name.startswith("?")}
        plain = {name: value for name, value in headers.items() if not name.startswith("?")}
        browser = self.door.browser("203.0.113.99")
        return await browser.http.post(f"/inbound/shop/{connection_id}", params=query, headers=plain, content=body)


def workspace_of(browser: Browser) -> int:
    return int(browser.me["workspace"]["id"])


async def show(browser: Browser, id: str) -> Any:
    return await browser.get(f"{PATH}/{id}")


def shop_named(name: str) -> Shop:
    return next(one for one in SHOPS if one.name == name)


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(allow_private_urls=True, data_dir=tmp_path, public_url="https://kf.example.com")


@pytest.fixture
def connections(db: Database, settings: Settings, outgoing: Outgoing) -> Connections:
    secrets = Secrets(b"k" * 32)
    shops = ConnectedShops(db, outgoing, secrets, settings)
    app = make_app(db, secrets, settings, outgoing, [*routes.ROUTES, *inbound_routes.ROUTES], shops=shops)
    return Connections(Door(app, db, secrets), db, shops, settings)
