"""What an owner does with a document after it was added. Each change of what can be found raises the version."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, conflict, not_found
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.kit.text import clean_line
from yingke.knowledge.add_document import Upload, enqueue_ingest, keep_file
from yingke.knowledge.documents import tell_document
from yingke.knowledge.entry import Audience
from yingke.knowledge.library import raise_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

PURGE = "purge_document"
UNDO_DAYS = 7


async def change_document(
    tx: Transaction,
    caller: Caller,
    document_id: int,
    *,
    name: str | UnsetType = UNSET,
    audience: Audience | UnsetType = UNSET,
    shop_ids: list[int] | UnsetType | None = UNSET,
    valid_from: datetime | UnsetType | None = UNSET,
    valid_to: datetime | UnsetType | None = UNSET,
) -> None:
    """Changes what is given. A change of audience holds from the next question on. Raises 400, 404."""
    row = await _lock(tx, document_id)
    starts = row["valid_from"] if valid_from is UNSET else valid_from
    ends = row["valid_to"] if valid_to is UNSET else valid_to
    for field, moment in (("valid_from", starts), ("valid_to", ends)):
        if moment is not None and moment.tzinfo is None:
            raise bad_input({field: "needs a time zone / 缺少时区"})
    if starts is not None and ends is not None and ends <= starts:
        raise bad_input({"valid_to": "before valid_from / 早于开始时间"})
    await tx.execute(
        "update documents set name = $2, audience = $3, shop_ids = $4, valid_from = $5, valid_to = $6,"
        " updated_at = now() where id = $1",
        document_id,
        row["name"] if name is UNSET else clean_line(name, 200, field="name", min_chars=1),
        row["audience"] if audience is UNSET else audience,
        row["shop_ids"] if shop_ids is UNSET else shop_ids,
        starts,
        ends,
    )
    if row["state"] == "held" and audience is not UNSET:
        # Choosing the audience is the decision that was waited for.
        await _go_on(tx, caller.workspace_id, document_id, row["version"], is_released=True)
    await tell_document(tx, caller.workspace_id, document_id)
    if audience is not UNSET and audience != row["audience"]:
        await record_audit(
            tx, caller, "document.audience_changed", f"document:{show_id(document_id)}", {"audience": audience}
        )
    await raise_version(tx, caller.workspace_id)


async def release_document(tx: Transaction, caller: Caller, document_id: int, audience: Audience | None = None) -> None:
    """A person has looked at a held document: it is learned for `audience`, or the one it has. Raises 404, 409."""
    row = await _lock(tx, document_id)
    if row["state"] != "held":
        raise conflict("document_not_held", "这个文件不在等待确认。", "This document is not waiting for a decision.")
    chosen = audience or row["audience"]
    await tx.execute("update documents set audience = $2 where id = $1", document_id, chosen)
    await _go_on(tx, caller.workspace_id, document_id, row["version"], is_released=True)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(tx, caller, "document.released", f"document:{show_id(document_id)}", {"audience": chosen})
    if chosen != row["audience"]:
        await raise_version(tx, caller.workspace_id)


async def retry_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Learns a failed document once more. Raises 404, 409."""
    row = await _lock(tx, document_id)
    if row["state"] != "failed":
        raise conflict("document_not_failed", "这个文件没有失败，不用重试。", "This document has not failed.")
    await _go_on(tx, caller.workspace_id, document_id, row["version"], is_released=row["is_released"])
    await tell_document(tx, caller.workspace_id, document_id)


async def replace_file(tx: Transaction, caller: Caller, document_id: int, upload: Upload) -> None:
    """A new version. The old passages answer until the new ones are ready, then all change at once. Raises 404."""
    row = await _lock(tx, document_id)
    version = row["version"] + 1
    await tx.execute("update files set used_at = null where id = $1", row["file_id"])
    await tx.execute(
        "update documents set name = $2, file_id = $3, content_hash = $4, version = $5 where id = $1",
        document_id,
        upload.name,
        await keep_file(tx, caller, upload),
        upload.stored.sha256,
        version,
    )
    await _go_on(tx, caller.workspace_id, document_id, version, is_released=False)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(
        tx, caller, "document.replaced", f"document:{show_id(document_id)}", {"name": upload.name, "version": version}
    )


async def delete_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Nothing is answered from it any more; for a week it can be restored. Raises 404."""
    await _lock(tx, document_id)
    await tx.execute("update documents set deleted_at = now() where id = $1", document_id)
    due = await tx.fetchval("select now() + make_interval(days => $1)", UNDO_DAYS)
    await enqueue(
        tx,
        caller.workspace_id,
        kind=PURGE,
        lane=f"doc:{document_id}",
        ref=str(document_id),
        data={"document_id": document_id},
        run_at=due,
    )
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(tx, caller, "document.deleted", f"document:{show_id(document_id)}")
    await raise_version(tx, caller.workspace_id)


async def restore_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Takes a deletion back. Raises 404 when it is gone for good."""
    found = await tx.fetchval(
        "update documents set deleted_at = null where workspace_id = $1 and id = $2 and deleted_at is not null"
        " returning id",
        caller.workspace_id,
        document_id,
    )
    if found is None:
        raise not_found()
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(tx, caller, "document.restored", f"document:{show_id(document_id)}")
    await raise_version(tx, caller.workspace_id)


async def _lock(tx: Transaction, document_id: int) -> Any:
    row = await tx.fetchrow("select * from documents where id = $1 and deleted_at is null for update", document_id)
    if row is None:
        raise not_found()
    return row


async def _go_on(tx: Transaction, workspace_id: int, document_id: int, version: int, *, is_released: bool) -> None:
    await tx.execute(
        "update documents set state = 'queued', step = 'parse', progress = 0, reason = null, is_released = $2,"
        " updated_at = now() where id = $1",
        document_id,
        is_released,
    )
    await enqueue_ingest(tx, workspace_id, document_id, version)
