"""Another model answers from now on: the golden questions say what that changes."""

from yingke.kit.db import Database
from yingke.kit.ids import show_id
from yingke.knowledge.golden.changed import knowledge_changed


async def follow_model(db: Database) -> int:
    """Asks for a run wherever the enabled endpoint differs from that of the last run; returns how many. Runs by the
    clock, since the room of models knows nothing of golden questions."""
    async with db.system() as tx:
        rows = await tx.fetch("select * from list_golden_due()")
    for row in rows:
        async with db.transaction(row["workspace_id"]) as tx:
            ref = f"model_endpoint:{show_id(row['endpoint_id'])}" if row["endpoint_id"] is not None else ""
            await knowledge_changed(tx, row["workspace_id"], "model", ref, row["name"])
    return len(rows)
