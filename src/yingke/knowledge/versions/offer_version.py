"""What happens to a version once it is learned: it goes live, or it waits for the golden questions."""

from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import enqueue
from yingke.knowledge.documents import tell_document
from yingke.knowledge.versions.put_live import put_live

GATE = "golden_gate"


async def offer_version(db: Database, workspace_id: int, document_id: int, version: int) -> bool:
    """True when the version is live or waits in state checking; False when it was overtaken or given up."""
    async with db.transaction(workspace_id) as tx:
        if not await has_gate(tx, workspace_id):
            return await put_live(tx, workspace_id, document_id, version)
        found = await tx.fetchval(
            "update documents set state = 'checking', step = 'index', progress = 1, updated_at = now()"
            " where workspace_id = $1 and id = $2 and version = $3 and state = 'indexing' and deleted_at is null"
            " returning id",
            workspace_id,
            document_id,
            version,
        )
        if found is None:
            return False
        await enqueue(
            tx,
            workspace_id,
            kind=GATE,
            lane=f"doc:{document_id}",
            data={"document_id": document_id, "version": version},
        )
        await tell_document(tx, workspace_id, document_id)
    return True


async def has_gate(tx: Transaction, workspace_id: int) -> bool:
    """Whether this workspace lets golden questions hold a change back."""
    return bool(
        await tx.fetchval(
            "select (gate->>'is_on')::boolean from knowledge_settings where workspace_id = $1", workspace_id
        )
    )
