"""The imports of the shop alone, over HTTP, with their jobs worked on demand."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.workspaces.conftest import Browser, Door, make_app
from yingke.app.read_tables import SandboxedTables
from yingke.commerce.imports import bulk_routes, routes
from yingke.commerce.imports.imports import FORGET, IMPORT, UNDO
from yingke.commerce.imports.run_import import forget_import_file, run_import
from yingke.commerce.imports.undo import run_undo
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings

PATH = "/v1/commerce/imports"


@dataclass
class Imports:
    """One process that knows imports."""

    door: Door
    db: Database
    files: Files
    folder: Path
    settings: Settings

    async def upload(self, browser: Browser, name: str, content: bytes, **fields: str) -> Any:
        """The import as it is shown before any job has run."""
        answer = await browser.call("POST", PATH, files={"file": (name, content)}, data=fields)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def bring(self, browser: Browser, name: str, content: bytes, **changes: Any) -> Any:
        """Uploads, confirms the guess (with `changes` to it), works until it is done; the import as it is shown."""
        begun = await self.upload(browser, name, content)
        await self.work()
        shown = await self.show(browser, begun["id"])
        if shown["state"] == "mapping":
            look = await browser.post(f"{PATH}/{begun['id']}/preview")
            answer = await browser.call("PUT", f"{PATH}/{begun['id']}/mapping", json=look["guess"] | changes)
            assert answer.status_code == 202, answer.text
            await self.work()
        return await self.show(browser, begun["id"])

    async def show(self, browser: Browser, import_id: str) -> Any:
        return await browser.get(f"{PATH}/{import_id}")

    async def claim(self, kinds: tuple[str, ...] = (IMPORT, UNDO)) -> list[Job]:
        async with self.db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 100, 60)", list(kinds))
        return [Job(**dict(row)) for row in rows]

    async def run(self, job: Job) -> None:
        if job.kind == IMPORT:
            await run_import(self.db, self.files, SandboxedTables(), job)
        elif job.kind == UNDO:
            await run_undo(self.db, job)
        elif job.kind == FORGET:
            await forget_import_file(self.db, self.files, job)

    async def work(self) -> None:
        while jobs := await self.claim():
            for job in jobs:
                await self.run(job)
            async with self.db.system() as tx:
                await tx.execute("select finish_jobs($1)", [job.id for job in jobs])

    async def rows(self, browser: Browser, statement: str, *values: Any) -> list[Any]:
        async with self.db.transaction(workspace_of(browser)) as tx:
            return [dict(row) for row in await tx.fetch(statement, *values)]


def workspace_of(browser: Browser) -> int:
    return int(browser.me["workspace"]["id"])


@pytest.fixture
def import_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="yk-imp-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def imports(db: Database, import_folder: Path) -> AsyncIterator[Imports]:
    outgoing = Outgoing()
    secrets = Secrets(b"i" * 32)
    settings = Settings(allow_private_urls=True, data_dir=import_folder, drop_dir=str(import_folder / "drop"))
    files = Files(import_folder / "files", b"k" * 32)
    handlers = [*routes.ROUTES, *bulk_routes.ROUTES]
    app = make_app(db, secrets, settings, outgoing, handlers, files=files, tables=SandboxedTables())
    yield Imports(Door(app, db, secrets), db, files, import_folder, settings)
    await outgoing.close()
