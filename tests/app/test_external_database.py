"""An operator's own PostgreSQL, entered as an ordinary role: what docs/deploy.md says of it is so."""

import asyncio
import base64
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from benchmarks.product import free_port, run_product
from tests.app.test_backup import new_folder
from yingke.kit.postgres.run import run_postgres

ROLE = "keeper"
PASSWORD = "a-password-of-letters"


@pytest.fixture
def folder() -> Iterator[Path]:
    made = new_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
async def settings(folder: Path) -> AsyncIterator[dict[str, str]]:
    """A server of its own with a database of a role that may make roles; a superuser has made the two extensions."""
    async with run_postgres(folder / "server") as cluster:
        admin = await asyncpg.connect(cluster.dsn())
        await admin.execute(f"create role {ROLE} login createrole password '{PASSWORD}'")
        await admin.execute(f"create database outside owner {ROLE}")
        await admin.close()
        inside = await asyncpg.connect(cluster.dsn(database="outside"))
        await inside.execute("create extension vector; create extension pg_trgm")
        await inside.close()
        yield {
            "YINGKE_DATABASE_URL": f"postgresql://{ROLE}:{PASSWORD}@/outside?host={cluster.socket_dir}&port={cluster.port}",
            "YINGKE_SECRET_KEY": base64.b64encode(b"k" * 32).decode(),
            "YINGKE_DATA_DIR": str(folder / "data"),
            "YINGKE_PORT": str(free_port()),
        }


async def yingke(settings: dict[str, str], *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "yingke.app",
        *arguments,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_two_processes_serve_on_it_after_it_was_migrated(settings: dict[str, str], folder: Path) -> None:
    code, said = await yingke(settings, "serve")
    assert code == 1
    assert "yingke migrate" in said
    code, said = await yingke(settings, "migrate", "--json")
    assert code == 0, said
    kept = {name: value for name, value in settings.items() if name != "YINGKE_PORT"}
    async with run_product("serve", "--processes", "2", "--worker", folder=folder, settings=kept) as product:
        assert not (folder / "data" / "postgres").exists()
        headers = {"Authorization": f"Bearer {product.workspace['api_key']}"}
        async with aiohttp.ClientSession(product.address, headers=headers) as http:
            pair = {"items": [{"questions": ["多久发货?"], "answer": "48 小时内发出。"}]}
            async with http.post("/v1/knowledge/qa-pairs", json=pair) as answer:
                assert answer.status < 300, await answer.text()
            async with http.post("/v1/ask", json={"question": "多久发货?"}) as answer:
                assert "48 小时" in (await answer.json())["answer"]
    code, said = await yingke(settings, "backup", str(folder / "b.tar"))
    assert code == 1
    assert "superuser" in said
