"""Imports of past chats: begun with a file, told what its columns mean, stopped, and taken away again."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import conflict, not_found
from yingke.kit.files import Files
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.knowledge.add_document import Upload
from yingke.knowledge.past.mapping import PastMapping, hash_columns
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

IMPORT, FORGET, PURGE = "past_import", "past_forget", "past_purge"
PRIORITY = -5
KEEP_FILE = timedelta(hours=23)
ImportState = Literal["queued", "mapping", "reading", "learning", "ready", "failed", "cancelled", "leaving"]
RUNNING = ("queued", "reading", "learning")


class ImportReason(Struct):
    code: str
    text: str


class RowProblem(Struct):
    """A row that was left out, counted from 1 below the header. Codes: no_text, no_conversation, no_sender, bad_time,
    no_speakers, too_many, skipped."""

    row: int
    code: str


class PastImportView(Struct):
    """`progress` 0..1 of the state. `problems` are the first of the `skipped` rows. `has_file`: still on the server."""

    id: str
    name: str
    shop_id: str | None
    state: ImportState
    progress: float
    reason: ImportReason | None
    conversations: int
    messages: int
    masked: int
    skipped: int
    repeated: int
    proposed: int
    problems: list[RowProblem]
    from_at: datetime | None
    to_at: datetime | None
    has_file: bool
    created_at: datetime


async def add_import(tx: Transaction, caller: Caller, upload: Upload, shop_id: int | None) -> int:
    """The id of the new import, in state queued. Its file leaves the server within a day, whatever happens."""
    stored = upload.stored
    file_id = await tx.fetchval(
        "insert into files (workspace_id, sha256, name, media_type, size, owner_kind, owner_id)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        caller.workspace_id,
        stored.sha256,
        upload.name,
        stored.media_type,
        stored.size,
        "agent" if caller.agent_id is not None else "key",
        caller.agent_id or caller.api_key_id or 0,
    )
    import_id: int = await tx.fetchval(
        "insert into past_imports (workspace_id, name, file_id, shop_id, added_by) values ($1, $2, $3, $4, $5) returning id",
        caller.workspace_id,
        upload.name,
        file_id,
        shop_id,
        caller.agent_id,
    )
    await _enqueue(tx, caller.workspace_id, IMPORT, import_id)
    await _enqueue(tx, caller.workspace_id, FORGET, import_id, run_at=datetime.now(UTC) + KEEP_FILE)
    await record_audit(tx, caller, "past_import.added", f"past_import:{show_id(import_id)}", {"name": upload.name})
    return import_id


async def map_import(tx: Transaction, caller: Caller, import_id: int, mapping: PastMapping, columns: list[str]) -> None:
    """Says what the columns mean; reading begins. Raises 404, 409 when it is read already or the file is gone."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    if row["state"] not in ("mapping", "failed", "cancelled") or row["file_id"] is None:
        raise conflict(
            "import_not_waiting",
            "这次导入已经在读取，或文件已从服务器删除。请刷新页面，需要时重新上传。",
            "This import is being read already, or its file is gone. Reload the page, or upload the file again.",
        )
    await tx.execute(
        "update past_imports set mapping = $2, columns_hash = $3, state = 'queued', progress = 0, reason = null,"
        " updated_at = now() where id = $1",
        import_id,
        _storable(mapping),
        hash_columns(columns),
    )
    await _enqueue(tx, caller.workspace_id, IMPORT, import_id)


def _storable(mapping: PastMapping) -> dict[str, Any]:
    """Without the names that mean what every unlisted name means: among them are customers' nicknames."""
    senders = {name: who for name, who in mapping.senders.items() if who != mapping.other_senders}
    return {
        "shape": mapping.shape,
        "columns": dict(mapping.columns),
        "senders": senders,
        "other_senders": mapping.other_senders,
        "time_format": mapping.time_format,
        "time_zone": mapping.time_zone,
    }


async def cancel_import(tx: Transaction, caller: Caller, import_id: int) -> None:
    """Stops it; what was read so far is taken away. Raises 404, 409 when it is not under way."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    if row["state"] not in (*RUNNING, "mapping"):
        raise conflict("import_not_running", "这次导入已经结束，不能取消。", "This import has ended already.")
    await tx.execute(
        "update past_imports set state = 'cancelled', progress = 0, updated_at = now() where id = $1", import_id
    )
    await _enqueue(tx, caller.workspace_id, PURGE, import_id)


async def delete_import(tx: Transaction, caller: Caller, import_id: int) -> None:
    """Takes it out of every number at once; a job removes what it brought. Proposed pairs stay. Raises 404."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    await tx.execute("update past_imports set state = 'leaving', updated_at = now() where id = $1", import_id)
    await _enqueue(tx, caller.workspace_id, PURGE, import_id)
    target = f"past_import:{show_id(import_id)}"
    await record_audit(tx, caller, "past_import.deleted", target, {"name": row["name"]})


async def _enqueue(
    tx: Transaction, workspace_id: int, kind: str, import_id: int, run_at: datetime | None = None
) -> None:
    await enqueue(
        tx,
        workspace_id,
        kind=kind,
        lane=f"past:{workspace_id}" if run_at is None else f"past_forget:{import_id}",
        data={"import_id": import_id},
        run_at=run_at,
        priority=PRIORITY,
    )


async def get_import(tx: Transaction, workspace_id: int, import_id: int, *, lock: bool = False) -> Any:
    """The row with the file's sha256. Raises 404, also for one that is leaving."""
    row = await tx.fetchrow(
        "select i.*, f.sha256 from past_imports i"
        " left join files f on f.workspace_id = i.workspace_id and f.id = i.file_id"
        f" where i.workspace_id = $1 and i.id = $2 and i.state <> 'leaving'{' for update of i' if lock else ''}",
        workspace_id,
        import_id,
    )
    if row is None:
        raise not_found()
    return row


async def list_imports(tx: Transaction, workspace_id: int, before: int, limit: int) -> list[Any]:
    """Newest first, those with an id below `before`."""
    rows = await tx.fetch(
        "select * from past_imports where workspace_id = $1 and id < $2 and state <> 'leaving' order by id desc limit $3",
        workspace_id,
        before,
        limit,
    )
    return list(rows)


def show_import(row: Any, language: str) -> PastImportView:
    reason = row["reason"]
    return PastImportView(
        id=show_id(row["id"]),
        name=row["name"],
        shop_id=show_id(row["shop_id"]) if row["shop_id"] is not None else None,
        state=row["state"],
        progress=round(row["progress"], 3),
        reason=ImportReason(reason["code"], reason["en" if language == "en" else "zh"]) if reason else None,
        conversations=row["conversations"],
        messages=row["messages"],
        masked=row["masked"],
        skipped=row["skipped"],
        repeated=row["repeated"],
        proposed=row["proposed"],
        problems=[RowProblem(**one) for one in row["problems"]],
        from_at=row["from_at"],
        to_at=row["to_at"],
        has_file=row["file_id"] is not None,
        created_at=row["created_at"],
    )


async def forget_file(tx: Transaction, workspace_id: int, import_id: int) -> bytes | None:
    """Takes the file's row away; the hash of the file to remove from disk, None when something else still needs it."""
    row = await tx.fetchrow("select file_id from past_imports where id = $1 for update", import_id)
    if row is None or row["file_id"] is None:
        return None
    await tx.execute("update past_imports set file_id = null where id = $1", import_id)
    sha256: bytes | None = await tx.fetchval("delete from files where id = $1 returning sha256", row["file_id"])
    if sha256 is None:
        return None
    left = await tx.fetchval(
        "select 1 from files where workspace_id = $1 and sha256 = $2 limit 1", workspace_id, sha256
    )
    return None if left is not None else sha256


async def remove_file(files: Files, workspace_id: int, sha256: bytes | None) -> None:
    if sha256 is not None:
        await files.remove(workspace_id, sha256)
