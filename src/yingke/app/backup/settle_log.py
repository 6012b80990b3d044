"""Makes the log of events fit the cluster that it was restored into."""

import asyncpg


async def settle_log(admin_dsn: str) -> None:
    """Transaction numbers of the old cluster mean nothing in a new one, whose own begin far below them: events written
    from now on would lie before everything already read. All restored events become transaction 1, in the order of
    their ids, and each webhook goes on at the first event that it had not seen; one that comes twice has its old id.
    """
    connection = await asyncpg.connect(admin_dsn, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute("set local role yingke_system")
            await connection.execute(
                "update webhooks w set cursor_tx = '1', cursor_id = coalesce("
                " (select min(e.id) - 1 from events e where e.workspace_id = w.workspace_id"
                "   and (e.tx, e.id) > (w.cursor_tx, w.cursor_id)),"
                " (select max(e.id) from events e where e.workspace_id = w.workspace_id), 0)"
            )
            await connection.execute("update events set tx = '1'")
    finally:
        await connection.close()
