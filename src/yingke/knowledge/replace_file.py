"""Gives a document a new file: the version before answers until the new one is ready, then all changes at once."""

from typing import Literal

from yingke.kit.db import Transaction
from yingke.kit.errors import Problem
from yingke.kit.ids import show_id
from yingke.knowledge.add_document import Upload, keep_file
from yingke.knowledge.documents import lock_document, tell_document
from yingke.knowledge.versions.begin_version import NewVersion, begin_version, queue_version
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

SameName = Literal["new", "replace", "ask"]
_UNFINISHED = ("failed", "cancelled")


async def replace_file(tx: Transaction, caller: Caller, document_id: int, upload: Upload) -> bool:
    """False when the content is what the document has already: then no version is made. Raises 404."""
    row = await lock_document(tx, document_id)
    if row["content_hash"] == upload.stored.sha256 and row["state"] not in _UNFINISHED:
        await tx.execute(
            "update documents set name = $2, synced_at = now(), updated_at = now() where id = $1",
            document_id,
            upload.name,
        )
        await tell_document(tx, caller.workspace_id, document_id)
        return False
    new = NewVersion(upload.name, await keep_file(tx, caller, upload), upload.stored.sha256, added_by=caller.agent_id)
    version = await begin_version(tx, caller.workspace_id, document_id, new)
    await queue_version(tx, caller.workspace_id, document_id, version)
    await tell_document(tx, caller.workspace_id, document_id)
    await record_audit(
        tx, caller, "document.replaced", f"document:{show_id(document_id)}", {"name": upload.name, "version": version}
    )
    return True


async def find_same_name(tx: Transaction, workspace_id: int, name: str) -> int | None:
    """The newest document of this name."""
    found: int | None = await tx.fetchval(
        "select id from documents where workspace_id = $1 and name = $2 and deleted_at is null and not is_archive"
        " order by id desc limit 1",
        workspace_id,
        name,
    )
    return found


def same_name(name: str) -> Problem:
    """409: a person decides whether the file is a new version of the document or another one."""
    return Problem(
        409,
        "same_name",
        f"已有同名文件「{name}」。请选择：替换为新版本，还是另存一份。",
        f"There is a document named “{name}” already. Choose: a new version of it, or another document.",
    )
