"""Pauses, goes on with, and gives up the learning of a document."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import conflict
from yingke.kit.ids import show_id
from yingke.knowledge.change_document import enqueue_purge
from yingke.knowledge.documents import WORKING, lock_document, tell_document
from yingke.knowledge.versions.begin_version import enqueue_ingest
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

_CAN_PAUSE = ("queued", "parsing", "indexing")
_CAN_CANCEL = (*WORKING, "paused", "held", "failed")


async def pause_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """The job stops at its next step and keeps what it has done. Raises 404, 409."""
    row = await lock_document(tx, document_id)
    if row["state"] not in _CAN_PAUSE:
        raise conflict("document_not_working", "这个文件现在没有在处理。", "This document is not being worked on.")
    await tx.execute("update documents set state = 'paused', updated_at = now() where id = $1", document_id)
    await tell_document(tx, caller.workspace_id, document_id)


async def resume_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Goes on where it stopped: passages that are stored are not made again. Raises 404, 409."""
    row = await lock_document(tx, document_id)
    if row["state"] != "paused":
        raise conflict("document_not_paused", "这个文件没有暂停。", "This document is not paused.")
    await tx.execute("update documents set state = 'queued', updated_at = now() where id = $1", document_id)
    await enqueue_ingest(tx, caller.workspace_id, document_id, row["version"])
    await tell_document(tx, caller.workspace_id, document_id)


async def cancel_document(tx: Transaction, caller: Caller, document_id: int) -> None:
    """Gives a version up before it is live. A first version takes its document with it, as if it was deleted (it can be
    restored); of a later one the version before goes on answering. Raises 404, 409.
    """
    row = await lock_document(tx, document_id)
    if row["state"] not in _CAN_CANCEL:
        raise conflict(
            "document_is_ready", "这个文件已经处理完，可以删除它。", "This document is ready; delete it instead."
        )
    await tx.execute(
        "update document_versions set cancelled_at = now()"
        " where workspace_id = $1 and document_id = $2 and version = $3",
        caller.workspace_id,
        document_id,
        row["version"],
    )
    if row["live_version"] is None:
        await tx.execute(
            "update documents set state = 'cancelled', deleted_at = now(), updated_at = now() where id = $1",
            document_id,
        )
        await enqueue_purge(tx, caller.workspace_id, document_id)
    else:
        await _return_to_live(tx, caller.workspace_id, row)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(
        tx,
        caller,
        "document.cancelled",
        f"document:{show_id(document_id)}",
        {"name": row["name"], "version": row["version"]},
    )


async def _return_to_live(tx: Transaction, workspace_id: int, row: Any) -> None:
    await tx.execute(
        "delete from passages where workspace_id = $1 and document_id = $2 and version = $3 and not is_live",
        workspace_id,
        row["id"],
        row["version"],
    )
    await tx.execute(
        "update documents d set state = 'ready', step = 'index', progress = 1, reason = null, updated_at = now(),"
        " version = v.version, name = v.name, file_id = v.file_id, content_hash = v.content_hash, is_released = true"
        " from document_versions v where d.id = $2 and v.workspace_id = $1 and v.document_id = $2"
        " and v.version = d.live_version",
        workspace_id,
        row["id"],
    )
