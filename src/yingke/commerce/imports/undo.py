"""The job that takes an import back, a piece at a time."""

from typing import Any

from yingke.commerce.imports.snapshot import Thing, hash_rows, read_rows, remove_thing, restore_rows
from yingke.kit.db import Database, Transaction
from yingke.kit.jobs import Job

_PIECE = 100


async def run_undo(db: Database, job: Job) -> None:
    """The handler of "shop_import_undo". What was changed since the import stays, and is counted."""
    workspace_id, import_id = job.workspace_id, int(job.data["import_id"])
    while await _undo_piece(db, workspace_id, import_id):
        pass
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update shop_imports set state = case state when 'undoing' then 'undone' else state end, progress = 1,"
            " done = 0, finished_at = now(), updated_at = now() where id = $1 and state in ('undoing', 'cancelled')",
            import_id,
        )


async def _undo_piece(db: Database, workspace_id: int, import_id: int) -> bool:
    """False when nothing is left, or the import is no longer being taken back."""
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow("select state, progress from shop_imports where id = $1 for update", import_id)
        if row is None or row["state"] not in ("undoing", "cancelled"):
            return False
        changes = await tx.fetch(
            "delete from shop_import_changes c using (select thing, thing_id from shop_import_changes where workspace_id = $1"
            f" and import_id = $2 order by thing, thing_id limit {_PIECE}) piece where c.workspace_id = $1 and c.import_id = $2"
            " and c.thing = piece.thing and c.thing_id = piece.thing_id returning c.thing, c.thing_id, c.before, c.after_hash",
            workspace_id,
            import_id,
        )
        if not changes:
            return False
        kept = 0
        for thing in ("product", "order"):
            kept += await _take_back(tx, workspace_id, thing, [one for one in changes if one["thing"] == thing])
        left = await tx.fetchval(
            "select count(*) from shop_import_changes where workspace_id = $1 and import_id = $2",
            workspace_id,
            import_id,
        )
        share = 1 - (1 - row["progress"]) * left / (left + len(changes))
        await tx.execute(
            "update shop_imports set kept = kept + $2, progress = $3, updated_at = now() where id = $1",
            import_id,
            kept,
            share,
        )
    return True


async def _take_back(tx: Transaction, workspace_id: int, thing: Thing, changes: list[Any]) -> int:
    """How many stay as they are."""
    now = await read_rows(tx, workspace_id, thing, [one["thing_id"] for one in changes])
    kept = 0
    for one in changes:
        id = one["thing_id"]
        if id not in now:
            continue
        if hash_rows(now[id]) != one["after_hash"]:
            kept += 1
        elif one["before"] is not None:
            await restore_rows(tx, workspace_id, thing, id, one["before"])
        elif not await remove_thing(tx, workspace_id, thing, id):
            kept += 1
    return kept
