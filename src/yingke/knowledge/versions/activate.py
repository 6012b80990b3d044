"""The one place where a learned version of a document begins to be answered from."""

from yingke.kit.db import Database
from yingke.knowledge.versions.put_live import put_live


async def activate(db: Database, workspace_id: int, document_id: int, version: int) -> bool:
    """Puts a version live whose passages are stored. False when it was overtaken, paused, cancelled or deleted.

    It does not ask the gate: whoever calls it has (`offer_version`), or a person decided.
    """
    async with db.transaction(workspace_id) as tx:
        return await put_live(tx, workspace_id, document_id, version)
