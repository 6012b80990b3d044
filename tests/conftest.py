"""Real PostgreSQL for every test: one cluster a test worker, one workspace a test."""

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.open_app import take_apps_back
from yingke.app.migrate import migrate
from yingke.kit.db import Database
from yingke.kit.postgres.run import Cluster, run_postgres

if TYPE_CHECKING:
    from yingke.knowledge.encoder import Encoder


@pytest.fixture(autouse=True)
def _apps_go_back() -> Iterator[None]:
    yield
    take_apps_back()


@pytest.fixture
def tmp_folder() -> Iterator[Path]:
    """A folder that another user may enter, as the database's user must when the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="yk-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="yk-test-"))
    folder.chmod(0o711)
    try:
        async with run_postgres(folder) as running:
            password = running.dsn("yingke_app").split("://", 1)[1].split("@")[0].split(":")[1]
            await migrate(running.dsn(), password)
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def db(cluster: Cluster) -> AsyncIterator[Database]:
    database = await Database.open(cluster.dsn("yingke_app"), 8)
    yield database
    await database.close()


async def until_it_answers(encoder: "Encoder") -> None:
    """Loading takes a second, and as long as it likes on a busy machine; a customer's question would not wait for it."""
    while not encoder.is_ready:
        await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
async def encoder() -> AsyncIterator["Encoder"]:
    """One for all folders: a model takes more than a second to load."""
    from tests.learning import ENCODER_PATH, Encoder

    running = await Encoder.start(ENCODER_PATH)
    await until_it_answers(running)
    yield running
    await running.close()


@dataclass(frozen=True)
class Ground:
    """A workspace with a shop, an owner and a website account, and a way to add visitors."""

    db: Database
    workspace_id: int
    shop_id: int
    channel_account_id: int
    agent_id: int
    site_key: str

    async def new_identity(self) -> int:
        async with self.db.transaction(self.workspace_id) as tx:
            contact = await tx.fetchval(
                "insert into contacts (workspace_id) values ($1) returning id", self.workspace_id
            )
            return int(
                await tx.fetchval(
                    "insert into identities (workspace_id, contact_id, channel_account_id) values ($1, $2, $3) returning id",
                    self.workspace_id,
                    contact,
                    self.channel_account_id,
                )
            )

    async def new_conversation(self, identity_id: int | None = None) -> tuple[int, int]:
        """(conversation id, identity id) of an empty conversation that the assistant has."""
        identity = identity_id or await self.new_identity()
        async with self.db.transaction(self.workspace_id) as tx:
            conversation = await tx.fetchval(
                "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id)"
                " values ($1, $2, $3, $4) returning id",
                self.workspace_id,
                self.shop_id,
                self.channel_account_id,
                identity,
            )
        return int(conversation), identity


NewGround = Callable[[], Awaitable[Ground]]


@pytest.fixture
def new_ground(db: Database) -> NewGround:
    async def make() -> Ground:
        async with db.system() as tx:
            workspace = await tx.fetchval("select create_workspace('青松小店', 'zh-CN', 'Asia/Shanghai', false)")
        site_key = secrets.token_hex(8)
        async with db.transaction(workspace) as tx:
            shop = await tx.fetchval(
                "insert into shops (workspace_id, name, site_key, site_secret) values ($1, '青松小店', $2, 'x') returning id",
                workspace,
                site_key,
            )
            account = await tx.fetchval(
                "insert into channel_accounts (workspace_id, shop_id, channel, name) values ($1, $2, 'website', '官网')"
                " returning id",
                workspace,
                shop,
            )
            agent = await tx.fetchval(
                "insert into agents (workspace_id, email, name, work_name, role) values ($1, $2, '李雷', '小李', 'owner')"
                " returning id",
                workspace,
                f"{site_key}@example.com",
            )
        return Ground(db, workspace, shop, account, agent, site_key)

    return make


@pytest.fixture
async def ground(new_ground: NewGround) -> Ground:
    return await new_ground()
