"""What must be true of a server that just came up, and the one database that must exist."""

import asyncpg

from yingke.kit.errors import Problem
from yingke.kit.postgres.configuration import SAFE

DATABASE = "yingke"
REQUIRED = {**SAFE, "data_checksums": "on", "listen_addresses": "", "server_encoding": "UTF8"}


async def check_server(connection: asyncpg.Connection) -> None:
    """Raises a Problem unless acknowledged rows are durable and the server listens on its socket alone."""
    for name, wanted in REQUIRED.items():
        found = await connection.fetchval("select current_setting($1)", name)
        if found != wanted:
            raise Problem(
                500,
                "postgres_unsafe_setting",
                f"数据库设置 {name} 是 {found!r}，必须是 {wanted!r}，否则断电会丢数据。请改正后再启动。",
                f"The database's setting {name} is {found!r} and must be {wanted!r}, or a power cut loses data.",
            )


async def ensure_database(connection: asyncpg.Connection) -> None:
    """Creates the database `yingke` if it is missing."""
    if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
        await connection.execute(f"create database {DATABASE} template template0 encoding 'UTF8'")
