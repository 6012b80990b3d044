"""`yingke backup` and `yingke restore`: database and files as one file, and back."""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import typer

from yingke import __version__
from yingke.app.backup.manifest import Manifest
from yingke.app.backup.pg_tools import dump_database, restore_database
from yingke.app.backup.read_archive import check_archive, extract_archive
from yingke.app.backup.settle_log import settle_log
from yingke.app.backup.write_archive import write_archive
from yingke.app.commands.ground import Ground, any_ground, bring_up_to_date, run_ground
from yingke.app.migrate import newest_revision, prepare_database, read_revision
from yingke.kit.errors import Problem
from yingke.kit.postgres.place import ensure_data_dir
from yingke.kit.settings import Settings

KEY_LEFT_OUT = (
    "没有包含 secret.key：请另行妥善保存，否则恢复后要重新生成站点密钥、Webhook 密钥并重填模型 API Key。"
    " secret.key is left out: keep it elsewhere, or those secrets must be set anew after a restore (--with-secret-key)."
)
KEY_MISSING = (
    "备份里没有 secret.key。请把原来的 secret.key 放进数据目录再启动（外部数据库：恢复时就要设置 YINGKE_SECRET_KEY）；"
    "没有它也能启动和登录，但站点密钥、Webhook 密钥要重新生成，模型 API Key 要重填。"
    " The backup holds no secret.key: put the former one into the data folder before the start (external database: set"
    " YINGKE_SECRET_KEY for the restore itself). Without it everything"
    " starts, but site and webhook secrets and model keys must be set anew."
)


async def backup(settings: Settings, to: str, with_secret_key: bool) -> dict[str, Any]:
    """Writes `to`, also while the product runs. Raises Problems: exists already, disk full, database out of reach."""
    target = Path(to).expanduser().absolute()
    if target.exists():
        raise Problem(
            409, "backup_exists", f"{target} 已存在，请换一个文件名。", f"{target} exists. Choose another name."
        )
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as scratch:
            manifest = await _write(settings, target, Path(scratch) / "dump", with_secret_key)
    except OSError as error:
        raise Problem(
            507,
            "backup_not_written",
            f"备份没有写成（{error.strerror}）：请检查 {target.parent} 是否存在、可写、有足够空间。",
            f"The backup was not written ({error.strerror}). Check that {target.parent} exists and has room.",
        ) from error
    return {
        "file": str(target),
        "bytes": target.stat().st_size,
        "version": manifest.version,
        "revision": manifest.revision,
        "files": manifest.files,
        "secret_key": "included 已包含" if manifest.has_secret_key else KEY_LEFT_OUT,
    }


async def _write(settings: Settings, target: Path, dump: Path, with_secret_key: bool) -> Manifest:
    async with any_ground(settings) as ground:
        revision, server = await _versions(ground)
        _tell("数据库 database …")
        await dump_database(ground.admin, dump, settings.postgres_bin)
    # Files are listed after the snapshot: each was on disk before the row that names it.
    about = (__version__, revision, server, datetime.now(UTC))
    return await asyncio.to_thread(
        write_archive,
        target,
        dump,
        settings.data_dir,
        about,
        with_secret_key=with_secret_key,
        progress=_Progress(),
    )


async def restore(settings: Settings, source: str) -> dict[str, Any]:
    """Fills an empty data folder from a backup. Raises Problems; then nothing is left behind."""
    archive = Path(source).expanduser().absolute()
    data_dir = settings.data_dir.expanduser().absolute()
    _refuse_filled(data_dir)
    _tell("检查备份 checking …")
    manifest = await asyncio.to_thread(check_archive, archive, newest_revision())
    existed = data_dir.is_dir()
    ensure_data_dir(data_dir)
    try:
        revision = await _fill(settings, archive, data_dir)
    except BaseException:
        await asyncio.to_thread(_empty, data_dir, existed)
        raise
    has_key = bool(settings.secret_key) or manifest.has_secret_key
    return {
        "data_dir": str(data_dir),
        "version": manifest.version,
        "revision": revision,
        "backup_of": manifest.created_at.isoformat(timespec="seconds"),
        "files": manifest.files,
        "secret_key": "restored 已恢复" if has_key else KEY_MISSING,
    }


async def _fill(settings: Settings, archive: Path, data_dir: Path) -> str:
    dump = data_dir / "restoring.dump"
    _tell("文件 files …")
    await asyncio.to_thread(extract_archive, archive, data_dir, dump)
    async with run_ground(settings) as ground:
        if await read_revision(ground.admin) is not None:
            raise _database_filled()
        _tell("数据库 database …")
        connection = await asyncpg.connect(ground.admin, timeout=10)
        try:
            await prepare_database(connection, ground.app_password)
            await restore_database(ground.admin, dump, settings.postgres_bin)
            await connection.execute("analyze")
        finally:
            await connection.close()
        await bring_up_to_date(ground, settings)
        await settle_log(ground.admin)
        revision = await read_revision(ground.admin)
    dump.unlink()
    return str(revision)


async def _versions(ground: Ground) -> tuple[str, str]:
    """(revision, server version). Raises the Problem of a database without our tables."""
    revision = await read_revision(ground.admin)
    if revision is None:
        raise Problem(
            503,
            "nothing_to_back_up",
            "数据库还是空的，没有内容可备份。",
            "The database is empty: there is nothing to back up.",
        )
    connection = await asyncpg.connect(ground.admin, timeout=10)
    try:
        return revision, str(await connection.fetchval("show server_version"))
    finally:
        await connection.close()


def _refuse_filled(data_dir: Path) -> None:
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise Problem(
            409,
            "data_folder_not_empty",
            f"数据目录 {data_dir} 不是空的，为避免覆盖没有恢复。请用 YINGKE_DATA_DIR 指定一个新目录。",
            f"The data folder {data_dir} is not empty, so nothing was restored. Name a new one in YINGKE_DATA_DIR.",
        )


def _database_filled() -> Problem:
    return Problem(
        409,
        "database_not_empty",
        "YINGKE_DATABASE_URL 指向的数据库里已有迎客的数据，没有恢复。请换一个空数据库。",
        "The database of YINGKE_DATABASE_URL holds data of Yingke already. Nothing was restored; use an empty one.",
    )


def _empty(data_dir: Path, existed: bool) -> None:
    """Only what this restore made lies here: the folder was empty or absent before."""
    for entry in data_dir.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
    if not existed:
        data_dir.rmdir()


def _tell(words: str) -> None:
    typer.echo(words, err=True)


class _Progress:
    """A line for every tenth of the way."""

    def __init__(self) -> None:
        self._told = 0

    def __call__(self, done: int, total: int) -> None:
        tenth = done * 10 // total
        if tenth > self._told:
            self._told = tenth
            _tell(f"{done}/{total}")
