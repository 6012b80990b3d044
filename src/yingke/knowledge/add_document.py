"""Takes a file in: the document exists at once and is learned by a job."""

from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.kit.files import Stored
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.knowledge.documents import tell_document
from yingke.knowledge.entry import Audience
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

INGEST = "ingest"


@dataclass(frozen=True)
class Upload:
    """A file that `kit.files` has stored, under the name its owner gave it."""

    name: str
    stored: Stored


async def add_document(
    tx: Transaction,
    caller: Caller,
    upload: Upload,
    *,
    audience: Audience = "customer",
    shop_ids: list[int] | None = None,
    is_demo: bool = False,
) -> int:
    """The id of the new document, in state queued. `shop_ids` None means every shop."""
    document_id: int = await tx.fetchval(
        "insert into documents (workspace_id, name, file_id, audience, shop_ids, content_hash, added_by, is_demo, step)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, 'parse') returning id",
        caller.workspace_id,
        upload.name,
        await keep_file(tx, caller, upload),
        audience,
        shop_ids,
        upload.stored.sha256,
        caller.agent_id,
        is_demo,
    )
    await enqueue_ingest(tx, caller.workspace_id, document_id, 1)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(
        tx, caller, "document.added", f"document:{show_id(document_id)}", {"name": upload.name, "audience": audience}
    )
    return document_id


async def enqueue_ingest(tx: Transaction, workspace_id: int, document_id: int, version: int) -> None:
    """The lane lets one job of a document run at a time; a second one finds nothing left to do."""
    await enqueue(
        tx,
        workspace_id,
        kind=INGEST,
        lane=f"doc:{document_id}",
        data={"document_id": document_id, "version": version},
    )


async def keep_file(tx: Transaction, caller: Caller, upload: Upload) -> int:
    """A row for a stored file that is in use from the beginning."""
    stored = upload.stored
    file_id: int = await tx.fetchval(
        "insert into files (workspace_id, sha256, name, media_type, size, width, height, owner_kind, owner_id, used_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now()) returning id",
        caller.workspace_id,
        stored.sha256,
        upload.name,
        stored.media_type,
        stored.size,
        stored.width,
        stored.height,
        "agent" if caller.agent_id is not None else "key",
        caller.agent_id or caller.api_key_id or 0,
    )
    return file_id
