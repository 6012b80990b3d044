"""A zip becomes one document a member; the zip itself is no document that could be found."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.knowledge.add_document import Upload, add_document
from yingke.knowledge.documents import tell_document
from yingke.knowledge.entry import Audience
from yingke.knowledge.list_members import Member, list_members
from yingke.knowledge.parse import MAX_FILE_BYTES
from yingke.workspaces.caller import Caller

_TELL_EVERY = 10


@dataclass(frozen=True)
class Archive:
    """A zip that was uploaded; its members get its audience and shops."""

    document_id: int
    version: int
    path: Path
    audience: Audience
    shop_ids: list[int] | None
    caller: Caller


async def unpack(db: Database, files: Files, archive: Archive) -> None:
    """Adds what is not added yet, so that a killed run is gone on with. Stops when the zip is paused, cancelled or deleted.

    Raises Problem(422) for a zip that cannot be opened; a member that cannot be read becomes a failed document.
    """
    members = await asyncio.to_thread(list_members, archive.path)
    done = await _added(db, archive)
    for number, member in enumerate(members):
        if done[member.name] > 0:
            done[member.name] -= 1
            continue
        upload = member.problem or await _keep(files, archive, member)
        async with db.transaction(archive.caller.workspace_id) as tx:
            if not await _goes_on(tx, archive, number / len(members)):
                return
            if isinstance(upload, Problem):
                await _add_refused(tx, archive, member.name, upload)
            else:
                await add_document(
                    tx,
                    archive.caller,
                    upload,
                    audience=archive.audience,
                    shop_ids=archive.shop_ids,
                    archive_id=archive.document_id,
                )
            if number % _TELL_EVERY == 0:
                await tell_document(tx, archive.caller.workspace_id, archive.document_id)
    await _finish(db, archive)


async def _added(db: Database, archive: Archive) -> Counter[str]:
    async with db.transaction(archive.caller.workspace_id) as tx:
        rows = await tx.fetch(
            "select v.name, count(*)::int as n from documents d join document_versions v on v.workspace_id = d.workspace_id"
            " and v.document_id = d.id and v.version = 1 where d.workspace_id = $1 and d.archive_id = $2 group by v.name",
            archive.caller.workspace_id,
            archive.document_id,
        )
    return Counter({row["name"]: row["n"] for row in rows})


async def _keep(files: Files, archive: Archive, member: Member) -> Upload | Problem:
    try:
        stored = await files.save(archive.caller.workspace_id, _pieces(member.read()), MAX_FILE_BYTES)
    except Problem as problem:
        if problem.status in (413, 422):
            return problem
        raise
    return Upload(member.name, stored)


async def _pieces(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, content, None)) is not None:
        yield piece


async def _goes_on(tx: Transaction, archive: Archive, progress: float) -> bool:
    found = await tx.fetchval(
        "update documents set progress = $3 where id = $1 and version = $2 and deleted_at is null"
        " and state in ('queued', 'parsing', 'indexing') returning id",
        archive.document_id,
        archive.version,
        progress,
    )
    return found is not None


async def _add_refused(tx: Transaction, archive: Archive, name: str, problem: Problem) -> None:
    document_id: int = await tx.fetchval(
        "insert into documents (workspace_id, name, audience, shop_ids, added_by, archive_id, state, step, reason)"
        " values ($1, $2, $3, $4, $5, $6, 'failed', 'parse', $7) returning id",
        archive.caller.workspace_id,
        name,
        archive.audience,
        archive.shop_ids,
        archive.caller.agent_id,
        archive.document_id,
        {"code": problem.code, "zh": problem.zh, "en": problem.en},
    )
    await tx.execute(
        "insert into document_versions (workspace_id, document_id, version, name, added_by) values ($1, $2, 1, $3, $4)",
        archive.caller.workspace_id,
        document_id,
        name,
        archive.caller.agent_id,
    )
    await tell_document(tx, archive.caller.workspace_id, document_id)


async def _finish(db: Database, archive: Archive) -> None:
    async with db.transaction(archive.caller.workspace_id) as tx:
        file_id = await tx.fetchval(
            "update documents set state = 'ready', step = 'index', progress = 1, is_archive = true, ready_at = now(),"
            " updated_at = now() where id = $1 and version = $2 and state in ('queued', 'parsing', 'indexing')"
            " returning file_id",
            archive.document_id,
            archive.version,
        )
        await tx.execute("update files set used_at = null where id = $1", file_id)
        await tell_document(tx, archive.caller.workspace_id, archive.document_id)
