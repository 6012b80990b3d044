"""The job that reads an exported file: looks at it, stores what it tells a batch at a time, forgets the file."""

from collections import Counter
from typing import Any

import msgspec

from yingke.commerce.imports.imports import forget_file, remove_file
from yingke.commerce.imports.look import ImportLook
from yingke.commerce.imports.mapping import ImportMapping, hash_columns
from yingke.commerce.imports.problems import MOST_PROBLEMS, RowProblem
from yingke.commerce.imports.read_file import Batch, Ending, look_at_file, read_file
from yingke.commerce.imports.store_records import Scope, store_records
from yingke.commerce.imports.tables import TableReader
from yingke.kit.db import Database, JsonList
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob

FILE_GONE = {
    "code": "file_gone",
    "zh": "原文件已从服务器删除（最多保留一天），请重新上传。",
    "en": "The file has been deleted from the server (it is kept for a day at most). Upload it again.",
}
NOTHING_READ = {
    "code": "nothing_read",
    "zh": "按现在的对应方式，没有一行能读进来。请看下面列出的原因，改一改各列的含义再试。",
    "en": "With these meanings of the columns not one row can be read. See the reasons below, change them and try again.",
}
GAVE_UP = {
    "code": "import_failed",
    "zh": "多次尝试都没能读完这个文件。请换个格式另存后重新上传，或联系管理员查看日志。",
    "en": "Reading this file failed several times. Save it in another format and upload it again, or ask the operator for the log.",
}


async def run_import(db: Database, files: Files, tables: TableReader, job: Job) -> None:
    """The handler of "shop_import". What a try before has stored is gone past: each batch commits with its place."""
    workspace_id, import_id = job.workspace_id, int(job.data["import_id"])
    row = await _claim(db, workspace_id, import_id)
    if row is None:
        return
    if job.attempts >= MAX_ATTEMPTS:
        await _fail(db, workspace_id, import_id, GAVE_UP)
        return
    try:
        await _read(db, files, tables, workspace_id, row)
    except FileNotFoundError:
        await _fail(db, workspace_id, import_id, FILE_GONE)
    except Problem as problem:
        if problem.status != 422:
            raise RetryJob(min(60.0, 2.0**job.attempts), problem.code) from problem
        await _fail(db, workspace_id, import_id, {"code": problem.code, "zh": problem.zh, "en": problem.en})


async def _claim(db: Database, workspace_id: int, import_id: int) -> Any:
    async with db.transaction(workspace_id) as tx:
        return await tx.fetchrow(
            "select i.*, f.sha256, w.time_zone from shop_imports i join workspaces w on w.id = i.workspace_id"
            " left join files f on f.workspace_id = i.workspace_id and f.id = i.file_id"
            " where i.id = $1 and i.state in ('queued', 'reading')",
            import_id,
        )


async def _read(db: Database, files: Files, tables: TableReader, workspace_id: int, row: Any) -> None:
    if row["sha256"] is None:
        raise FileNotFoundError
    path = files.path_of(workspace_id, row["sha256"])
    mapping = msgspec.convert(row["mapping"], ImportMapping) if row["mapping"] is not None else None
    if mapping is None:
        look = await look_at_file(tables, path, row["name"], None, None, row["time_zone"])
        mapping = await _remembered(db, workspace_id, row["id"], look)
        if mapping is None:
            return
    scope = Scope(workspace_id, row["shop_id"], row["id"])
    async for part in read_file(tables, path, row["name"], mapping):
        if isinstance(part, Ending):
            await _finish(db, files, workspace_id, row["id"], part)
        elif not await _store(db, scope, part):
            return


async def _remembered(db: Database, workspace_id: int, import_id: int, look: ImportLook) -> ImportMapping | None:
    """The mapping of an earlier file with the same columns; without one the import waits for a person."""
    known = hash_columns([column.name for column in look.columns])
    async with db.transaction(workspace_id) as tx:
        found = await tx.fetchval(
            "select mapping from shop_mappings where workspace_id = $1 and columns_hash = $2", workspace_id, known
        )
        await tx.execute(
            "update shop_imports set columns_hash = $2, mapping = $3, kind = coalesce($3::jsonb ->> 'kind', $4), rows = $5,"
            " state = case when $3::jsonb is null then 'mapping' else 'reading' end, is_remembered = $3::jsonb is not null,"
            " progress = 0, updated_at = now() where id = $1 and state in ('queued', 'reading')",
            import_id,
            known,
            found,
            look.guess.kind,
            look.rows_total,
        )
    return msgspec.convert(found, ImportMapping) if found is not None else None


async def _store(db: Database, scope: Scope, part: Batch) -> bool:
    """Stores what a try before has not; False when the import was stopped meanwhile."""
    async with db.transaction(scope.workspace_id) as tx:
        done = await tx.fetchval(
            "select done from shop_imports where id = $1 and state in ('queued', 'reading') for update", scope.import_id
        )
        if done is None:
            return False
        fresh = part.records[max(0, done - part.start) :]
        if not fresh:
            return True
        stored = await store_records(tx, scope, fresh)
        counted = Counter(one.outcome for one in stored)
        problems = [
            {"row": one.record.row, "code": one.problem, "value": _shown(one.record)}
            for one in stored
            if one.problem is not None
        ]
        await tx.execute(
            "update shop_imports set state = 'reading', done = $2, progress = $3, added = added + $4, changed = changed + $5,"
            " unchanged = unchanged + $6, skipped = skipped + $7, problems = case when jsonb_array_length(problems) < $9"
            " then problems || $8 else problems end, updated_at = now() where id = $1",
            scope.import_id,
            part.start + len(part.records),
            (part.start + len(part.records)) / max(1, part.total),
            counted["added"],
            counted["changed"],
            counted["unchanged"],
            sum(one.record.rows for one in stored if one.problem is not None),
            JsonList(problems),
            MOST_PROBLEMS,
        )
    return True


def _shown(record: Any) -> str:
    """A number or an article number, which say nothing of a person."""
    if record.stock is not None:
        return str(record.stock.sku)[:60]
    return (
        str(record.order.number)[:60]
        if record.order is not None
        else str(record.product.code or record.product.title)[:60]
    )


async def _finish(db: Database, files: Files, workspace_id: int, import_id: int, ending: Ending) -> None:
    """Adds the rows that could not be read, remembers the mapping, and lets go of the file."""
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow(
            "select * from shop_imports where id = $1 and state in ('queued', 'reading') for update", import_id
        )
        if row is None:
            return
        known = [RowProblem(**one) for one in row["problems"]]
        problems = sorted([*ending.problems, *known], key=lambda one: one.row)[:MOST_PROBLEMS]
        is_empty = row["added"] + row["changed"] + row["unchanged"] == 0
        await tx.execute(
            "update shop_imports set state = $2, reason = $3, rows = $4, skipped = skipped + $5, problems = $6, progress = 1,"
            " finished_at = now(), updated_at = now() where id = $1",
            import_id,
            "failed" if is_empty else "ready",
            NOTHING_READ if is_empty else None,
            ending.rows,
            ending.skipped,
            JsonList([msgspec.to_builtins(one) for one in problems]),
        )
        if is_empty:
            return
        await tx.execute(
            "insert into shop_mappings (workspace_id, columns_hash, mapping) values ($1, $2, $3)"
            " on conflict (workspace_id, columns_hash) do update set mapping = excluded.mapping, updated_at = now()",
            workspace_id,
            row["columns_hash"],
            row["mapping"],
        )
        sha256 = await forget_file(tx, workspace_id, import_id)
    await remove_file(files, workspace_id, sha256)


async def _fail(db: Database, workspace_id: int, import_id: int, reason: dict[str, str]) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update shop_imports set state = 'failed', reason = $2, finished_at = now(), updated_at = now()"
            " where id = $1 and state in ('queued', 'reading')",
            import_id,
            reason,
        )


async def forget_import_file(db: Database, files: Files, job: Job) -> None:
    """The handler of "shop_import_forget": a day after the upload the file goes; a deleted import goes whole."""
    import_id = int(job.data["import_id"])
    async with db.transaction(job.workspace_id) as tx:
        sha256 = await forget_file(tx, job.workspace_id, import_id)
        await tx.execute(
            "update shop_imports set state = 'failed', reason = $2, finished_at = now() where id = $1 and state = 'mapping'",
            import_id,
            FILE_GONE,
        )
        await tx.execute("delete from shop_imports where id = $1 and state = 'leaving'", import_id)
    await remove_file(files, job.workspace_id, sha256)
