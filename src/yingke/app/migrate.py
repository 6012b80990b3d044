"""Brings a database to this version's shape: roles, extensions, then Alembic's revisions."""

import re
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from yingke.app.revision_folder import FOLDER
from yingke.kit.errors import Problem

LOCK = 7_391_204_556
MINIMUM_SERVER = 160000


def newest_revision() -> str:
    """The revision this version of the program was written for."""
    return max(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


async def read_revision(dsn: str) -> str | None:
    """The revision of the database behind `dsn`; None when it has none."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        if await connection.fetchval("select to_regclass('public.alembic_version')") is None:
            return None
        revision = await connection.fetchval("select version_num from alembic_version")
        return str(revision) if revision else None
    finally:
        await connection.close()


async def check_revision(dsn: str) -> None:
    """Refuses a database that is behind, or more than one version ahead."""
    have, want = await read_revision(dsn), newest_revision()
    if have is None or int(have) < int(want):
        raise Problem(
            503,
            "database_behind",
            "数据库版本较旧，请先运行 yingke migrate。",
            "The database is behind this version. Run: yingke migrate",
        )
    if int(have) > int(want) + 1:
        raise Problem(
            503,
            "database_ahead",
            "数据库来自更新的版本，请升级程序。",
            "The database belongs to a newer version of the program. Upgrade the program.",
        )


async def migrate(admin_dsn: str, app_password: str) -> str:
    """Creates what is missing and runs every new revision; returns the revision reached.

    `admin_dsn` logs in as a role that may create roles and extensions. Safe to run twice, also at the same time.
    """
    connection = await asyncpg.connect(admin_dsn, timeout=10)
    try:
        await connection.fetchval("select pg_advisory_lock($1)", LOCK)
        await prepare_database(connection, app_password)
        # Alembic and what it stands on cost a second of start-up, and most starts have nothing to migrate.
        from yingke.app.run_revisions import run_revisions

        await run_revisions(admin_dsn)
        revision = await connection.fetchval("select version_num from public.alembic_version")
    finally:
        await connection.close()
    return str(revision)


async def prepare_database(connection: "asyncpg.Connection[asyncpg.Record]", app_password: str) -> None:
    """Roles, extensions and rights: what must be there before the first table. Safe to run again."""
    version = await connection.fetchval("select current_setting('server_version_num')::int")
    if version < MINIMUM_SERVER:
        raise Problem(
            503,
            "database_too_old",
            "需要 PostgreSQL 16 或更新的版本。",
            "PostgreSQL 16 or newer is needed.",
        )
    for role in ("yingke_owner nologin", "yingke_system nologin", "yingke_app login"):
        name = role.split()[0]
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
            await connection.execute(f"create role {role}")
    await connection.execute(f"alter role yingke_app password '{_plain(app_password)}'")
    await connection.execute("grant yingke_system to yingke_owner; grant yingke_owner to current_user")
    await _ensure_extensions(connection)
    database = await connection.fetchval("select quote_ident(current_database())")
    await connection.execute(
        f"grant connect, temporary on database {database} to yingke_app;"
        "grant all on schema public to yingke_owner; grant usage on schema public to yingke_app;"
        "grant usage, create on schema public to yingke_system"
    )


async def _ensure_extensions(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await connection.execute("create extension if not exists vector; create extension if not exists pg_trgm")
    except (asyncpg.InsufficientPrivilegeError, asyncpg.FeatureNotSupportedError, asyncpg.UndefinedFileError) as error:
        raise Problem(
            503,
            "extension_missing",
            "数据库缺少扩展 vector 或 pg_trgm，而当前角色无权安装。请让数据库管理员在这个库里执行："
            "CREATE EXTENSION vector; CREATE EXTENSION pg_trgm; 然后重试。",
            "The database lacks the extension vector or pg_trgm and this role may not install it. Ask a superuser to run "
            "CREATE EXTENSION vector; CREATE EXTENSION pg_trgm; in this database, then try again.",
        ) from error


def _plain(password: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,}", password):
        raise ValueError("a role's password is letters, digits, - and _, 16 at least")
    return password


def app_dsn(admin_dsn: str, password: str) -> str:
    """The same database, entered as `yingke_app`."""
    parts = urlsplit(admin_dsn)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"yingke_app:{quote(password)}@{host}"))
