"""The database under every command: the embedded one, run or found, or the operator's own."""

import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from yingke.app.backup.pg_tools import dump_database
from yingke.app.migrate import app_dsn, check_revision, migrate, newest_revision, read_revision
from yingke.kit.errors import Problem
from yingke.kit.postgres.run import find_cluster, run_postgres
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings


@dataclass(frozen=True)
class Ground:
    """`admin` may change the database's shape, `app` is what the product runs on."""

    admin: str
    app: str
    app_password: str


def external_ground(settings: Settings) -> Ground:
    """The application's password comes from the installation's key, so that every process can know it."""
    signed = Secrets.load(settings).sign("database", b"yingke_app")
    password = hashlib.sha256(signed.encode()).hexdigest()
    return Ground(settings.database_url, app_dsn(settings.database_url, password), password)


@contextlib.asynccontextmanager
async def run_ground(settings: Settings) -> AsyncIterator[Ground]:
    """Runs the embedded database, or enters the external one."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if settings.database_url:
        yield external_ground(settings)
        return
    async with run_postgres(settings.data_dir, postgres_bin=settings.postgres_bin) as cluster:
        yield Ground(cluster.dsn(), cluster.dsn("yingke_app"), cluster.role_password("yingke_app"))


def find_ground(settings: Settings) -> Ground:
    """The database of a product that is running already. Raises a Problem when none is."""
    if settings.database_url:
        return external_ground(settings)
    cluster = find_cluster(settings.data_dir)
    if cluster is None:
        raise Problem(
            503,
            "not_running",
            "这个数据目录里没有正在运行的迎客，请先启动 yingke up 或 yingke serve。",
            "Nothing runs on this data folder. Start `yingke up` or `yingke serve` first.",
        )
    return Ground(cluster.dsn(), cluster.dsn("yingke_app"), cluster.role_password("yingke_app"))


@contextlib.asynccontextmanager
async def any_ground(settings: Settings) -> AsyncIterator[Ground]:
    """The running database if there is one, else runs it for the length of the command."""
    if not settings.database_url and find_cluster(settings.data_dir) is None:
        async with run_ground(settings) as ground:
            yield ground
    else:
        yield find_ground(settings)


async def bring_up_to_date(ground: Ground, settings: Settings) -> bool:
    """Migrates when needed, after a dump of what the embedded database holds; True when something changed."""
    have = await read_revision(ground.admin)
    if have is not None and int(have) >= int(newest_revision()):
        await check_revision(ground.admin)
        return False
    if have is not None and not settings.database_url:
        await _dump_before(ground, settings, have)
    await migrate(ground.admin, ground.app_password)
    return True


async def _dump_before(ground: Ground, settings: Settings, revision: str) -> None:
    """`before-upgrade-<revision>.dump` in the data folder: pg_restore brings the former state back. Whole or absent."""
    kept = settings.data_dir / f"before-upgrade-{revision}.dump"
    fresh = kept.with_name(f".{kept.name}")
    try:
        await dump_database(ground.admin, fresh, settings.postgres_bin)
        fresh.chmod(0o600)
        fresh.rename(kept)
    finally:
        fresh.unlink(missing_ok=True)


LONGEST_SOCKET = 100


def encoder_socket(settings: Settings) -> Path:
    """Where the node's encoder listens: in the data folder, or below /tmp when that path is too long for a socket."""
    folder = settings.data_dir.resolve() / "run"
    if len(str(folder)) > LONGEST_SOCKET - 13:
        mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        folder = Path(f"/tmp/yk-run-{os.geteuid()}-{mark}")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / "encoder.sock"
