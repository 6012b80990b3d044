"""pg_dump and pg_restore, entered with the password in the environment and not on the command line."""

import asyncio
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from yingke.kit.errors import Problem
from yingke.kit.postgres.binaries import pg_program


async def dump_database(dsn: str, target: Path, postgres_bin: str) -> None:
    """One consistent snapshot in PostgreSQL's own compressed format, while everything goes on running."""
    await _run("pg_dump", dsn, postgres_bin, "--format=custom", "--no-password", f"--file={target}")


async def restore_database(dsn: str, source: Path, postgres_bin: str) -> None:
    """All or nothing, into a database without tables of ours."""
    name = libpq_environment(dsn)["PGDATABASE"]
    options = ("--single-transaction", "--exit-on-error", "--no-password", f"--dbname={name}")
    await _run("pg_restore", dsn, postgres_bin, *options, str(source))


def libpq_environment(dsn: str) -> dict[str, str]:
    """The PG… variables of a postgresql:// address; its query may name host, port and sslmode."""
    parts = urlsplit(dsn)
    query = dict(parse_qsl(parts.query))
    found = {
        "PGHOST": query.get("host") or parts.hostname or "",
        "PGPORT": query.get("port") or str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")) or unquote(parts.username or ""),
        "PGSSLMODE": query.get("sslmode", ""),
        "PGSSLROOTCERT": query.get("sslrootcert", ""),
    }
    return {name: value for name, value in found.items() if value}


async def _run(program: str, dsn: str, postgres_bin: str, *arguments: str) -> None:
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        str(pg_program(program, postgres_bin)),
        *arguments,
        env={**kept, "LC_ALL": "C.UTF-8", **libpq_environment(dsn)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode != 0:
        raise _failed(program, errors.decode("utf-8", "replace"))


def _failed(program: str, output: str) -> Problem:
    lines = [line for line in output.splitlines() if line.strip()]
    reason = lines[0][:300] if lines else "?"
    hint_zh, hint_en = "", ""
    if "row-level security" in output:
        hint_zh, hint_en = "请用超级用户连接（YINGKE_DATABASE_URL）再备份。", " Connect as a superuser to back up."
    if "server version" in output:
        hint_zh = "请用 YINGKE_POSTGRES_BIN 指定与数据库同版本的程序目录。"
        hint_en = " Name programs of the server's version in YINGKE_POSTGRES_BIN."
    return Problem(
        500, "database_copy_failed", f"{program} 失败：{reason}。{hint_zh}", f"{program} failed: {reason}.{hint_en}"
    )
