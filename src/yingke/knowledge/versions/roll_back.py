"""Goes back to what a document said before. The old content becomes a new version, so nothing is ever overwritten."""

from typing import Any

from yingke.kit.db import Transaction
from yingke.kit.errors import conflict, not_found
from yingke.kit.ids import show_id
from yingke.knowledge.documents import lock_document, tell_document
from yingke.knowledge.versions.begin_version import NewVersion, begin_version, queue_version
from yingke.knowledge.versions.put_live import put_live
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller


async def roll_back(tx: Transaction, caller: Caller, document_id: int, version: int) -> int:
    """The number of the new version: it answers from this commit on while the passages are kept, else it is learned
    again from its file.

    A version that never answered is learned like any new one, with every question that a new one meets. Raises 404
    for a version that is not kept, 409 for the one that answers now.
    """
    row = await lock_document(tx, document_id)
    old = await tx.fetchrow(
        "select * from document_versions where workspace_id = $1 and document_id = $2 and version = $3",
        caller.workspace_id,
        document_id,
        version,
    )
    if old is None:
        raise not_found()
    if row["live_version"] == version and row["version"] == version:
        raise conflict("version_is_live", "正在用的就是这一版。", "This version answers now.")
    new = NewVersion(
        old["name"], old["file_id"], old["content_hash"], "rollback", caller.agent_id, source_version=version
    )
    number = await begin_version(tx, caller.workspace_id, document_id, new)
    await record_audit(
        tx,
        caller,
        "document.rolled_back",
        f"document:{show_id(document_id)}",
        {"name": old["name"], "version": version},
    )
    if await _copy_passages(tx, caller.workspace_id, document_id, old, number):
        await tx.execute("update documents set state = 'indexing', is_released = true where id = $1", document_id)
        await put_live(tx, caller.workspace_id, document_id, number)
        return number
    await queue_version(tx, caller.workspace_id, document_id, number, is_released=old["live_at"] is not None)
    await tell_document(tx, caller.workspace_id, document_id)
    return number


async def _copy_passages(tx: Transaction, workspace_id: int, document_id: int, old: Any, number: int) -> bool:
    """False, and nothing copied, when the passages of the old version are not all here any more."""
    if old["live_at"] is None:
        return False
    kept = await tx.fetchval(
        "select count(*) from passages where workspace_id = $1 and document_id = $2 and version = $3",
        workspace_id,
        document_id,
        old["version"],
    )
    if not kept or kept != old["passages"]:
        return False
    await tx.execute(
        "insert into passages (workspace_id, document_id, version, ordinal, kind, heading, text, search_text, row, page,"
        " content_hash, embedding) select workspace_id, document_id, $4, ordinal, kind, heading, text, search_text, row,"
        " page, content_hash, embedding from passages where workspace_id = $1 and document_id = $2 and version = $3",
        workspace_id,
        document_id,
        old["version"],
        number,
    )
    return True
