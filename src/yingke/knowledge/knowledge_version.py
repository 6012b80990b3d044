"""The number that grows with every change to what can be found in a workspace."""

from yingke.kit.db import Transaction


async def read_version(tx: Transaction, workspace_id: int) -> int:
    """Raised in the transaction of every change to what can be found."""
    return int(await tx.fetchval("select knowledge_version from workspaces where id = $1", workspace_id))


async def raise_version(tx: Transaction, workspace_id: int) -> None:
    """Call it last: it locks the workspace's row until the commit."""
    await tx.execute("update workspaces set knowledge_version = knowledge_version + 1 where id = $1", workspace_id)
