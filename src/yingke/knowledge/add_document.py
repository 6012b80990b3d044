"""Takes a file in: the document exists at once and is learned by a job."""

from dataclasses import dataclass

from yingke.kit.db import Transaction
from yingke.kit.files import Stored
from yingke.kit.ids import show_id
from yingke.knowledge.documents import tell_document
from yingke.knowledge.entry import Audience
from yingke.knowledge.versions.begin_version import NewVersion, begin_version, queue_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


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
    archive_id: int | None = None,
) -> int:
    """The id of the new document, in state queued. `shop_ids` None means every shop; `archive_id` the zip it came in."""
    document_id: int = await tx.fetchval(
        "insert into documents (workspace_id, name, audience, shop_ids, added_by, is_demo, archive_id)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        caller.workspace_id,
        upload.name,
        audience,
        shop_ids,
        caller.agent_id,
        is_demo,
        archive_id,
    )
    new = NewVersion(upload.name, await keep_file(tx, caller, upload), upload.stored.sha256, added_by=caller.agent_id)
    version = await begin_version(tx, caller.workspace_id, document_id, new)
    await queue_version(tx, caller.workspace_id, document_id, version)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(
        tx, caller, "document.added", f"document:{show_id(document_id)}", {"name": upload.name, "audience": audience}
    )
    return document_id


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
