"""Takes away what a connection had mirrored, a piece at a time."""

from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import Job, enqueue

PURGE = "purge_shop"
A_PIECE = 500
_ORDERS = """
delete from orders o where o.workspace_id = $1 and o.id in (
  select id from orders where workspace_id = $1 and connection_id = $2
    and not exists (select 1 from order_requests r where r.workspace_id = $1 and r.order_id = orders.id)
  order by id limit $3) returning true
"""
_PRODUCTS = """
delete from products where workspace_id = $1 and id in (
  select id from products where workspace_id = $1 and connection_id = $2 order by id limit $3) returning true
"""


async def queue_purge(tx: Transaction, workspace_id: int, connection_id: int) -> None:
    await enqueue(
        tx,
        workspace_id,
        kind=PURGE,
        lane=f"shop:{connection_id}",
        ref=str(connection_id),
        data={"connection_id": connection_id},
    )


async def purge_shop(db: Database, job: Job) -> None:
    """The handler of jobs of kind PURGE. Does nothing for a connection that is there."""
    workspace_id, connection_id = job.workspace_id, job.data["connection_id"]
    for statement in (_ORDERS, _PRODUCTS):
        while True:
            async with db.transaction(workspace_id) as tx:
                is_gone = await tx.fetchval(
                    "select deleted_at is not null from shop_connections where workspace_id = $1 and id = $2",
                    workspace_id,
                    connection_id,
                )
                rows = await tx.fetch(statement, workspace_id, connection_id, A_PIECE) if is_gone else []
            if len(rows) < A_PIECE:
                break
