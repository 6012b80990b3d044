"""What tests need to make a workspace learn: real files on disk, a real encoder, jobs run to their end."""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ground
from yingke.kit.db import Database
from yingke.kit.files import Files
from yingke.kit.jobs import Job, RetryJob
from yingke.knowledge.add_document import Upload, add_document
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.entry import Audience, Hit
from yingke.knowledge.ingest import run_ingest
from yingke.knowledge.library import Library
from yingke.knowledge.search import search
from yingke.workspaces.caller import Caller

ENCODER_PATH = Path(tempfile.gettempdir()) / f"yk-enc-{secrets.token_hex(6)}"


def caller_of(ground: Ground) -> Caller:
    return Caller(ground.workspace_id, ground.agent_id, None, "owner")


async def pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


@dataclass
class Learning:
    """One process's library with its file store."""

    db: Database
    files: Files
    library: Library
    encoder: Encoder
    folder: Path

    async def keep(self, ground: Ground, name: str, content: bytes | str) -> Upload:
        data = content.encode() if isinstance(content, str) else content
        return Upload(name, await self.files.save(ground.workspace_id, pieces(data), 50_000_000))

    async def add(
        self,
        ground: Ground,
        name: str,
        content: bytes | str,
        audience: Audience = "customer",
        shop_ids: list[int] | None = None,
    ) -> int:
        upload = await self.keep(ground, name, content)
        async with ground.db.transaction(ground.workspace_id) as tx:
            return await add_document(tx, caller_of(ground), upload, audience=audience, shop_ids=shop_ids)

    async def learn(self, ground: Ground, name: str, content: bytes | str, audience: Audience = "customer") -> int:
        """Adds a file and works until it is learned (or refused)."""
        document_id = await self.add(ground, name, content, audience)
        await self.work()
        return document_id

    async def claim(self) -> list[Job]:
        async with self.db.system() as tx:
            rows = await tx.fetch("select * from claim_jobs($1, 100, 60)", ["ingest"])
        return [Job(**dict(row)) for row in rows]

    async def finish(self, jobs: list[Job]) -> None:
        async with self.db.system() as tx:
            await tx.execute("select finish_jobs($1)", [job.id for job in jobs])

    async def work(self) -> None:
        while jobs := await self.claim():
            for job in jobs:
                # A job of an earlier test whose folder is gone asks to be tried later; it is dropped.
                with contextlib.suppress(RetryJob):
                    await run_ingest(self.db, self.files, self.library, job)
            await self.finish(jobs)

    async def document(self, ground: Ground, document_id: int) -> dict[str, Any]:
        async with ground.db.transaction(ground.workspace_id) as tx:
            row = await tx.fetchrow("select * from documents where id = $1", document_id)
        assert row is not None
        return dict(row)

    async def version(self, ground: Ground) -> int:
        async with ground.db.transaction(ground.workspace_id) as tx:
            return int(await tx.fetchval("select knowledge_version from workspaces"))

    async def find(
        self, ground: Ground, text: str, audience: Audience = "customer", shop_id: int | None = None
    ) -> list[Hit]:
        return await search(
            self.library, ground.workspace_id, text, shop_id=shop_id or ground.shop_id, audience=audience
        )


@pytest.fixture
async def learning(db: Database, encoder: Encoder) -> AsyncIterator[Learning]:
    folder = Path(tempfile.mkdtemp(prefix="yk-files-"))
    yield Learning(db, Files(folder, secrets.token_bytes(32)), Library(db, encoder), encoder, folder)
    shutil.rmtree(folder, ignore_errors=True)


def now() -> datetime:
    return datetime.now(UTC)
