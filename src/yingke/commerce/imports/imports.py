"""Imports of exported files: begun with a file, told what its columns mean, stopped, taken back, and forgotten."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
from msgspec import Struct

from yingke.commerce.imports.mapping import ImportMapping, Kind, hash_columns
from yingke.commerce.imports.problems import RowProblem
from yingke.kit.db import Transaction
from yingke.kit.errors import conflict, not_found
from yingke.kit.files import Files, Stored
from yingke.kit.ids import show_id
from yingke.kit.jobs import enqueue
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller

IMPORT, UNDO, FORGET = "shop_import", "shop_import_undo", "shop_import_forget"
KEEP_FILE = timedelta(hours=23)
ImportState = Literal["queued", "mapping", "reading", "ready", "failed", "cancelled", "undoing", "undone", "leaving"]
Source = Literal["upload", "drop"]


@dataclass(frozen=True)
class NewImport:
    """A file that `kit.files` has stored, under the name its owner gave it."""

    name: str
    stored: Stored
    source: Source = "upload"
    shop_id: int | None = None


class ShopImportReason(Struct):
    code: str
    text: str


class ShopImportView(Struct):
    """`progress` 0..1 of the state. `problems` are the first of the `skipped` rows. `has_file`: still on the server.

    `kept`: what undoing left alone, because it was changed since, or something was asked of it.
    """

    id: str
    name: str
    source: Source
    kind: Kind | None
    shop_id: str | None
    state: ImportState
    progress: float
    reason: ShopImportReason | None
    rows: int
    done: int
    added: int
    changed: int
    unchanged: int
    skipped: int
    kept: int
    problems: list[RowProblem]
    is_remembered: bool
    has_file: bool
    can_undo: bool
    created_at: datetime
    finished_at: datetime | None


async def add_import(tx: Transaction, workspace_id: int, new: NewImport, caller: Caller | None) -> int:
    """The id of the new import, in state queued; without a caller it came through the drop folder.

    Its file leaves the server within a day, whatever happens.
    """
    owner = (
        ("agent", caller.agent_id)
        if caller is not None and caller.agent_id is not None
        else ("key", caller.api_key_id if caller else 0)
    )
    file_id = await tx.fetchval(
        "insert into files (workspace_id, sha256, name, media_type, size, owner_kind, owner_id)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        workspace_id,
        new.stored.sha256,
        new.name,
        new.stored.media_type,
        new.stored.size,
        owner[0],
        owner[1] or 0,
    )
    import_id: int = await tx.fetchval(
        "insert into shop_imports (workspace_id, name, source, file_id, shop_id, added_by) values ($1, $2, $3, $4, $5, $6) returning id",
        workspace_id,
        new.name,
        new.source,
        file_id,
        new.shop_id,
        caller.agent_id if caller is not None else None,
    )
    await queue_import(tx, workspace_id, IMPORT, import_id)
    await queue_import(tx, workspace_id, FORGET, import_id, run_at=datetime.now(UTC) + KEEP_FILE)
    if caller is not None:
        await record_audit(tx, caller, "shop_import.added", f"shop_import:{show_id(import_id)}", {"name": new.name})
    return import_id


async def map_import(
    tx: Transaction, caller: Caller, import_id: int, mapping: ImportMapping, columns: list[str]
) -> None:
    """Says what the columns mean; reading begins. Raises 404, 409 when it is read already or the file is gone."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    if row["state"] not in ("mapping", "failed", "cancelled", "undone") or row["file_id"] is None:
        raise conflict(
            "import_not_waiting",
            "这次导入已经在读取，或文件已从服务器删除。请刷新页面，需要时重新上传。",
            "This import is being read already, or its file is gone. Reload the page, or upload the file again.",
        )
    await tx.execute(
        "update shop_imports set mapping = $2, kind = $3, columns_hash = $4, state = 'queued', progress = 0, reason = null,"
        " done = 0, added = 0, changed = 0, unchanged = 0, skipped = 0, problems = '[]', kept = 0, is_remembered = false,"
        " updated_at = now() where id = $1",
        import_id,
        msgspec.to_builtins(mapping),
        mapping.kind,
        hash_columns(columns),
    )
    await queue_import(tx, caller.workspace_id, IMPORT, import_id)


async def cancel_import(tx: Transaction, caller: Caller, import_id: int) -> None:
    """Stops it; what it has stored so far is taken back. Raises 404, 409 when it is not under way."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    if row["state"] not in ("queued", "reading", "mapping"):
        raise conflict("import_not_running", "这次导入已经结束，不能取消。", "This import has ended already.")
    await _begin_undo(tx, caller, import_id, "cancelled", row["name"])


async def undo_import(tx: Transaction, caller: Caller, import_id: int) -> None:
    """Takes back what it did: what it added goes, what it overwrote is as it was. Raises 404, 409."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    if not _can_undo(row):
        raise conflict(
            "nothing_to_undo",
            "这次导入没有可以撤销的改动，或者已经撤销过了。",
            "There is nothing of this import to take back, or it was taken back already.",
        )
    await _begin_undo(tx, caller, import_id, "undoing", row["name"])


async def _begin_undo(tx: Transaction, caller: Caller, import_id: int, state: str, name: str) -> None:
    await tx.execute(
        "update shop_imports set state = $2, progress = 0, kept = 0, updated_at = now() where id = $1", import_id, state
    )
    await queue_import(tx, caller.workspace_id, UNDO, import_id)
    action = "shop_import.cancelled" if state == "cancelled" else "shop_import.undone"
    await record_audit(tx, caller, action, f"shop_import:{show_id(import_id)}", {"name": name})


async def delete_import(tx: Transaction, caller: Caller, import_id: int) -> None:
    """Takes it off the list; what it brought stays. Raises 404, 409 while it is under way."""
    row = await get_import(tx, caller.workspace_id, import_id, lock=True)
    if row["state"] in ("queued", "reading", "undoing"):
        raise conflict("import_running", "导入还在进行，请先取消。", "The import is still under way. Cancel it first.")
    await tx.execute("update shop_imports set state = 'leaving', updated_at = now() where id = $1", import_id)
    await queue_import(tx, caller.workspace_id, FORGET, import_id)
    target = f"shop_import:{show_id(import_id)}"
    await record_audit(tx, caller, "shop_import.deleted", target, {"name": row["name"]})


async def queue_import(
    tx: Transaction, workspace_id: int, kind: str, import_id: int, run_at: datetime | None = None
) -> None:
    await enqueue(
        tx,
        workspace_id,
        kind=kind,
        lane=f"shop_import:{workspace_id}" if run_at is None else f"shop_import_forget:{import_id}",
        data={"import_id": import_id},
        run_at=run_at,
        priority=-5,
    )


async def get_import(tx: Transaction, workspace_id: int, import_id: int, *, lock: bool = False) -> Any:
    """The row with the file's sha256. Raises 404, also for one that is leaving."""
    row = await tx.fetchrow(
        "select i.*, f.sha256, exists (select 1 from shop_import_changes c where c.workspace_id = i.workspace_id"
        " and c.import_id = i.id) as has_changes from shop_imports i"
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
        "select i.*, exists (select 1 from shop_import_changes c where c.workspace_id = i.workspace_id and c.import_id = i.id)"
        " as has_changes from shop_imports i where workspace_id = $1 and id < $2 and state <> 'leaving' order by id desc limit $3",
        workspace_id,
        before,
        limit,
    )
    return list(rows)


def _can_undo(row: Any) -> bool:
    return row["state"] in ("ready", "failed", "undone") and bool(row["has_changes"])


def show_import(row: Any, language: str) -> ShopImportView:
    reason = row["reason"]
    return ShopImportView(
        id=show_id(row["id"]),
        name=row["name"],
        source=row["source"],
        kind=row["kind"],
        shop_id=show_id(row["shop_id"]) if row["shop_id"] is not None else None,
        state=row["state"],
        progress=round(row["progress"], 3),
        reason=ShopImportReason(reason["code"], reason["en" if language == "en" else "zh"]) if reason else None,
        rows=row["rows"],
        done=row["done"],
        added=row["added"],
        changed=row["changed"],
        unchanged=row["unchanged"],
        skipped=row["skipped"],
        kept=row["kept"],
        problems=[RowProblem(**one) for one in row["problems"]],
        is_remembered=row["is_remembered"],
        has_file=row["file_id"] is not None,
        can_undo=_can_undo(row),
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


async def forget_file(tx: Transaction, workspace_id: int, import_id: int) -> bytes | None:
    """Takes the file's row away; the hash of the file to remove from disk, None when something else still needs it."""
    row = await tx.fetchrow("select file_id from shop_imports where id = $1 for update", import_id)
    if row is None or row["file_id"] is None:
        return None
    await tx.execute("update shop_imports set file_id = null where id = $1", import_id)
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
