"""Alembic at work: the revisions in yingke.migrations, one transaction each."""

import asyncio
import re

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from yingke.app.revision_folder import FOLDER
from yingke.kit.errors import Problem


async def run_revisions(admin_dsn: str) -> None:
    """Runs every revision the database lacks, as `yingke_owner`. Raises 503 when a table stays locked for a minute."""
    engine = create_async_engine(alchemy_url(admin_dsn), connect_args={"timeout": 10})
    try:
        for _ in range(30):
            try:
                async with engine.connect() as connection:
                    await connection.execute(text("set role yingke_owner"))
                    await connection.execute(text("set lock_timeout = '2s'"))
                    await connection.commit()
                    await connection.run_sync(_upgrade)
                    await connection.commit()
                return
            except Exception as error:
                # A busy table gives the lock up after 2 s, so that requests are not held behind the migration.
                if "lock timeout" not in str(error):
                    raise
                await asyncio.sleep(2)
        raise Problem(
            503, "migration_blocked", "表一直被占用，升级没有完成，请稍后重试。", "A table stayed locked. Try again."
        )
    finally:
        await engine.dispose()


def alchemy_url(dsn: str) -> str:
    return re.sub(r"^postgres(ql)?://", "postgresql+asyncpg://", dsn)


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
