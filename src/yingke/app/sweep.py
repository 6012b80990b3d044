"""Removes what nobody needs any more: old events, spent keys, files that nothing points at."""

from yingke.kit.db import Database
from yingke.kit.files import Files

EVENT_DAYS = 30
KEY_DAYS = 8
UNUSED_FILE_HOURS = 24


async def sweep_rows(db: Database) -> None:
    async with db.system() as tx:
        await tx.execute("select sweep($1, $2)", EVENT_DAYS, KEY_DAYS)


async def sweep_files(db: Database, files: Files) -> None:
    """Deletes the row first: a file without a row is found again by its content, a row without a file is a loss."""
    async with db.system() as tx:
        rows = await tx.fetch("select * from list_unused_files($1, 500)", UNUSED_FILE_HOURS)
    for row in rows:
        async with db.transaction(row["workspace_id"]) as tx:
            gone = await tx.fetchval("delete from files where id = $1 and used_at is null returning id", row["file_id"])
            left = await tx.fetchval(
                "select 1 from files where workspace_id = $1 and sha256 = $2", row["workspace_id"], row["sha256"]
            )
        if gone is not None and left is None:
            await files.remove(row["workspace_id"], row["sha256"])
