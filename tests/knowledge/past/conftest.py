"""The room of past chats alone, over HTTP, with its jobs worked on demand."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.learning import Learning
from tests.workspaces.conftest import Browser, Door, make_app
from yingke.assistants.wants_person import wants_person
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.jobs import Job
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings
from yingke.knowledge.past import routes
from yingke.knowledge.past.imports import FORGET, IMPORT, PURGE
from yingke.knowledge.past.run_import import forget_import_file, purge_import, run_import


@dataclass
class PastRoom:
    """One process that knows past chats."""

    door: Door
    learning: Learning

    async def upload(self, browser: Browser, name: str, content: bytes, **fields: str) -> Any:
        """The import as it is shown before any job has run."""
        path = "/v1/knowledge/past/imports"
        answer = await browser.call("POST", path, files={"file": (name, content)}, data=fields)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def bring(self, browser: Browser, name: str, content: bytes, **changes: Any) -> Any:
        """Uploads, confirms the guess (with `changes` to it), works until it is done; the import as it is shown."""
        begun = await self.upload(browser, name, content)
        await self.work()
        shown = await self.show(browser, begun["id"])
        if shown["state"] == "mapping":
            look = await browser.post(f"/v1/knowledge/past/imports/{begun['id']}/preview")
            mapping = look["guess"] | changes
            answer = await browser.call("PUT", f"/v1/knowledge/past/imports/{begun['id']}/mapping", json=mapping)
            assert answer.status_code == 202, answer.text
            await self.work()
        return await self.show(browser, begun["id"])

    async def show(self, browser: Browser, import_id: str) -> Any:
        return await browser.get(f"/v1/knowledge/past/imports/{import_id}")

    async def claim(self, kinds: tuple[str, ...] = (IMPORT, PURGE)) -> list[Job]:
        async with self.learning.db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 100, 60)", list(kinds))
        return [Job(**dict(row)) for row in rows]

    async def run(self, job: Job) -> None:
        learning = self.learning
        if job.kind == IMPORT:
            await run_import(learning.db, learning.files, learning.encoder, wants_person, job)
        elif job.kind == PURGE:
            await purge_import(learning.db, learning.files, job)
        elif job.kind == FORGET:
            await forget_import_file(learning.db, learning.files, job)

    async def work(self) -> None:
        while jobs := await self.claim():
            for job in jobs:
                await self.run(job)
            await self.learning.finish(jobs)


@pytest.fixture
async def past_outgoing() -> AsyncIterator[Outgoing]:
    client = Outgoing()
    yield client
    await client.close()


@pytest.fixture
def past_room(db: Database, learning: Learning, past_outgoing: Outgoing) -> PastRoom:
    secrets = Secrets(b"p" * 32)
    settings = Settings(allow_private_urls=True)
    app = make_app(db, secrets, settings, past_outgoing, routes.ROUTES, files=learning.files)
    return PastRoom(Door(app, db, secrets), learning)
