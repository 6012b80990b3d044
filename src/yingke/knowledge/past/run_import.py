"""The job that reads a file of past chats: looks at it, stores it masked, learns from it, forgets the file."""

from typing import Any

import msgspec

from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.past.imports import forget_file, remove_file
from yingke.knowledge.past.learn_past import IsRequest, learn_past
from yingke.knowledge.past.mapping import PastMapping, hash_columns
from yingke.knowledge.past.read_past import Batch, Ending, look_at_file, read_past
from yingke.knowledge.past.store_batch import store_batch
from yingke.knowledge.questions.sort import count_again

FILE_GONE = {
    "code": "file_gone",
    "zh": "原文件已从服务器删除（最多保留一天），请重新上传。",
    "en": "The file has been deleted from the server (it is kept for a day at most). Upload it again.",
}
NOTHING_READ = {
    "code": "nothing_read",
    "zh": "按现在的对应方式，没有一行能读成聊天。请改一改各列的含义再试。",
    "en": "With these meanings of the columns not one row can be read as a chat. Change them and try again.",
}
GAVE_UP = {
    "code": "import_failed",
    "zh": "多次尝试都没能读完这个文件。请换个格式另存后重新上传，或联系管理员查看日志。",
    "en": "Reading this file failed several times. Save it in another format and upload it again, or ask the operator for the log.",
}
_PURGE_ROWS = 500


async def run_import(db: Database, files: Files, encoder: Encoder, is_request: IsRequest, job: Job) -> None:
    """The handler of "past_import". Idempotent: what an earlier try has stored is recognised by its content.

    `is_request` tells wishes for a person from questions.
    """
    workspace_id, import_id = job.workspace_id, int(job.data["import_id"])
    row = await _claim(db, workspace_id, import_id)
    if row is None:
        return
    if job.attempts >= MAX_ATTEMPTS:
        await _end(db, workspace_id, import_id, "failed", GAVE_UP)
        return
    try:
        if row["state"] != "learning" and not await _read(db, files, workspace_id, row):
            return
        proposed = await learn_past(db, encoder, workspace_id, import_id, is_request)
    except FileNotFoundError:
        await _end(db, workspace_id, import_id, "failed", FILE_GONE)
        return
    except Problem as problem:
        if problem.status != 422:
            raise RetryJob(min(60.0, 2.0**job.attempts), problem.code) from problem
        reason = {"code": problem.code, "zh": problem.zh, "en": problem.en}
        await _end(db, workspace_id, import_id, "failed", reason)
        return
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update past_imports set state = 'ready', progress = 1, proposed = $2, updated_at = now()"
            " where id = $1 and state = 'learning'",
            import_id,
            proposed,
        )


async def _claim(db: Database, workspace_id: int, import_id: int) -> Any:
    async with db.transaction(workspace_id) as tx:
        return await tx.fetchrow(
            "select i.id, i.name, i.state, i.mapping, f.sha256, w.time_zone from past_imports i"
            " join workspaces w on w.id = i.workspace_id"
            " left join files f on f.workspace_id = i.workspace_id and f.id = i.file_id"
            " where i.id = $1 and i.state in ('queued', 'reading', 'learning')",
            import_id,
        )


async def _read(db: Database, files: Files, workspace_id: int, row: Any) -> bool:
    """True when all is stored; False when a person has to say something first, or has stopped it."""
    if row["sha256"] is None:
        raise FileNotFoundError
    path = files.path_of(workspace_id, row["sha256"])
    mapping = msgspec.convert(row["mapping"], PastMapping) if row["mapping"] is not None else None
    if mapping is None:
        look = await look_at_file(path, row["name"], None, row["time_zone"])
        mapping = await _remembered(db, workspace_id, row["id"], [column.name for column in look.columns])
        if mapping is None:
            return False
    if row["state"] == "queued":
        # What was read with another meaning of the columns goes first.
        while await _purge_piece(db, workspace_id, row["id"], ("queued", "reading")):
            pass
    emitted = masked = 0
    async for part in read_past(path, row["name"], mapping):
        if isinstance(part, Ending):
            return await _finish(db, files, workspace_id, row["id"], part, emitted, masked)
        more = await _store(db, workspace_id, row["id"], part)
        if more is None:
            return False
        emitted, masked = emitted + len(part.conversations), masked + more
    return False


async def _remembered(db: Database, workspace_id: int, import_id: int, columns: list[str]) -> PastMapping | None:
    """The mapping of an earlier file with the same columns; without one the import waits for a person."""
    known = hash_columns(columns)
    async with db.transaction(workspace_id) as tx:
        found = await tx.fetchval(
            "select mapping from past_mappings where workspace_id = $1 and columns_hash = $2", workspace_id, known
        )
        await tx.execute(
            "update past_imports set columns_hash = $2, mapping = $3, state = $4, progress = 0, updated_at = now()"
            " where id = $1 and state in ('queued', 'reading')",
            import_id,
            known,
            found,
            "reading" if found is not None else "mapping",
        )
    return msgspec.convert(found, PastMapping) if found is not None else None


async def _store(db: Database, workspace_id: int, import_id: int, part: Batch) -> int | None:
    """How many details were masked in what belongs to this import; None when it was stopped meanwhile."""
    async with db.transaction(workspace_id) as tx:
        going = await tx.fetchval(
            "update past_imports set state = 'reading', progress = $2, updated_at = now()"
            " where id = $1 and state in ('queued', 'reading') returning true",
            import_id,
            part.share,
        )
        if not going:
            return None
        ours = await store_batch(tx, workspace_id, import_id, part.conversations)
    return sum(one.masked for one in ours)


async def _finish(
    db: Database, files: Files, workspace_id: int, import_id: int, ending: Ending, emitted: int, masked: int
) -> bool:
    """Counts what is there, remembers the mapping, and lets go of the file."""
    problems = [{"row": problem.row, "code": problem.code} for problem in ending.problems]
    async with db.transaction(workspace_id) as tx:
        row = await tx.fetchrow(
            "update past_imports i set conversations = c.conversations, messages = c.messages, repeated = $2 - c.conversations,"
            " masked = $3, skipped = $4, problems = $5, from_at = c.from_at, to_at = c.to_at, updated_at = now(), progress = 0,"
            " state = case when $2 = 0 then 'failed' else 'learning' end, reason = case when $2 = 0 then $6::jsonb end"
            " from (select count(*)::int as conversations, coalesce(sum(messages), 0)::int as messages, min(started_at) as from_at,"
            "   max(ended_at) as to_at from past_conversations where workspace_id = $7 and import_id = $1) c"
            " where i.id = $1 and i.state in ('queued', 'reading') returning i.state, i.columns_hash, i.mapping",
            import_id,
            emitted,
            masked,
            ending.skipped,
            problems,
            NOTHING_READ,
            workspace_id,
        )
        if row is None or row["state"] == "failed":
            return False
        if row["columns_hash"] is not None:
            await tx.execute(
                "insert into past_mappings (workspace_id, columns_hash, mapping) values ($1, $2, $3)"
                " on conflict (workspace_id, columns_hash) do update set mapping = excluded.mapping, updated_at = now()",
                workspace_id,
                row["columns_hash"],
                row["mapping"],
            )
        sha256 = await forget_file(tx, workspace_id, import_id)
    await remove_file(files, workspace_id, sha256)
    return True


async def _end(db: Database, workspace_id: int, import_id: int, state: str, reason: dict[str, str]) -> None:
    async with db.transaction(workspace_id) as tx:
        await tx.execute(
            "update past_imports set state = $2, reason = $3, updated_at = now()"
            " where id = $1 and state in ('queued', 'reading', 'learning')",
            import_id,
            state,
            reason,
        )


async def forget_import_file(db: Database, files: Files, job: Job) -> None:
    """The handler of "past_forget": a day after the upload the file goes, however far the import has come."""
    import_id = int(job.data["import_id"])
    async with db.transaction(job.workspace_id) as tx:
        sha256 = await forget_file(tx, job.workspace_id, import_id)
        await tx.execute(
            "update past_imports set state = 'failed', reason = $2 where id = $1 and state = 'mapping'",
            import_id,
            FILE_GONE,
        )
    await remove_file(files, job.workspace_id, sha256)


async def purge_import(db: Database, files: Files, job: Job) -> None:
    """The handler of "past_purge": what a deleted or cancelled import had brought goes, a piece at a time."""
    workspace_id, import_id = job.workspace_id, int(job.data["import_id"])
    while await _purge_piece(db, workspace_id, import_id, ("leaving", "cancelled")):
        pass
    async with db.transaction(workspace_id) as tx:
        state = await tx.fetchval("select state from past_imports where id = $1 for update", import_id)
        if state not in ("leaving", "cancelled"):
            return
        await tx.execute("delete from past_topics where workspace_id = $1 and import_id = $2", workspace_id, import_id)
        await tx.execute(
            "update past_imports set conversations = 0, messages = 0, masked = 0, skipped = 0, repeated = 0 where id = $1",
            import_id,
        )
        if state == "cancelled":
            return
        sha256 = await forget_file(tx, workspace_id, import_id)
        await tx.execute("delete from past_imports where id = $1", import_id)
    await remove_file(files, workspace_id, sha256)


async def _purge_piece(db: Database, workspace_id: int, import_id: int, states: tuple[str, ...]) -> bool:
    """Removes some conversations with the questions heard in them; False when none are left or the state is another."""
    async with db.transaction(workspace_id) as tx:
        state = await tx.fetchval("select state from past_imports where id = $1", import_id)
        if state not in states:
            return False
        gone = await tx.fetch(
            "delete from past_conversations where workspace_id = $1 and id in (select id from past_conversations"
            f" where workspace_id = $1 and import_id = $2 limit {_PURGE_ROWS}) returning id",
            workspace_id,
            import_id,
        )
        if not gone:
            return False
        asked = await tx.fetch(
            "delete from asked_questions where workspace_id = $1 and past_conversation_id = any($2) returning cluster_id",
            workspace_id,
            [row["id"] for row in gone],
        )
        clusters = sorted({row["cluster_id"] for row in asked if row["cluster_id"] is not None})
        for cluster_id in clusters:
            await count_again(tx, workspace_id, cluster_id)
        await tx.execute(
            "delete from question_clusters where workspace_id = $1 and id = any($2) and times = 0"
            " and answered_at is null and dismissed_at is null",
            workspace_id,
            clusters,
        )
    return True
