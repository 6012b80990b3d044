"""Learns one document: parse, cut, encode, then offer the version to be answered from."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob
from yingke.knowledge.documents import tell_document
from yingke.knowledge.entry import Audience
from yingke.knowledge.find_dates import find_dates
from yingke.knowledge.internal_words import find_internal_words, looks_internal
from yingke.knowledge.learn import is_wanted, learn
from yingke.knowledge.library import Library
from yingke.knowledge.list_members import is_archive
from yingke.knowledge.parse import Parsed, parse
from yingke.knowledge.refusals import refuse
from yingke.knowledge.remark import count_pages, remark
from yingke.knowledge.split import Passage, split
from yingke.knowledge.unpack import Archive, unpack
from yingke.knowledge.versions.offer_version import offer_version
from yingke.workspaces.caller import Caller

MOST_PASSAGES = 30_000
ZIP_AS_VERSION = {
    "code": "zip_as_version",
    "zh": "压缩包里是多个文件，不能作为一个文件的新版本。请直接上传压缩包，或解压后逐个替换。",
    "en": "A zip holds several files and cannot be a new version of one. Upload it as new files, or replace them one by one.",
}
FILE_MISSING = {
    "code": "file_missing",
    "zh": "服务器上找不到这个文件了，请重新上传。",
    "en": "The file is no longer on the server. Upload it again.",
}
GAVE_UP = {
    "code": "learning_failed",
    "zh": "学习这个文件多次失败。请点重试；仍不行时换个格式另存再上传，或联系管理员查看日志。",
    "en": "Learning this file failed several times. Try again, save it in another format, or ask the operator for the log.",
}


@dataclass(frozen=True)
class Claim:
    """One version of one document, claimed by this job."""

    workspace_id: int
    document_id: int
    version: int
    name: str
    sha256: bytes
    audience: Audience
    shop_ids: list[int] | None
    added_by: int | None
    has_live: bool
    asks_first: bool
    """Meant for customers, and no person has looked at this version yet."""


class Stopped(Exception):
    """A person paused, cancelled or deleted the document while it was being read."""


async def run_ingest(db: Database, files: Files, library: Library, job: Job) -> None:
    """The handler of jobs of kind "ingest". Idempotent: after a crash it goes on with the passages already stored."""
    claim = await _claim(db, job)
    if claim is None:
        return
    if job.attempts >= MAX_ATTEMPTS:
        # Whatever it is, it does not go away by itself; a person sees it and may try again.
        await _record(db, claim, "failed", GAVE_UP)
        return
    try:
        path = files.path_of(claim.workspace_id, claim.sha256)
        if await asyncio.to_thread(is_archive, path):
            await _unpack(db, files, claim, path)
            return
        version = (claim.workspace_id, claim.document_id, claim.version)
        parsed = await parse(path, claim.name, on_progress=_pages(db, claim))
        if claim.asks_first and (found := await asyncio.to_thread(find_internal_words, claim.name, parsed)):
            await _record(db, claim, "held", looks_internal(found))
            return
        await _show(db, claim, "parsing", "cut")
        passages = await asyncio.to_thread(_cut, parsed)
        await _note_dates(db, claim, parsed)
        if not await learn(db, library.encoder, *version, passages) or not await offer_version(db, *version):
            return
        await remark(db, *version, parsed.notes)
    except Stopped:
        return
    except FileNotFoundError as error:
        if job.attempts < 4:
            raise RetryJob(5, "file missing") from error
        await _record(db, claim, "failed", FILE_MISSING)
        return
    except Problem as problem:
        if problem.status != 422:
            raise RetryJob(min(60.0, 2.0**job.attempts), problem.code) from problem
        await _record(db, claim, "failed", {"code": problem.code, "zh": problem.zh, "en": problem.en})
        return
    await library.warm(claim.workspace_id)


async def _claim(db: Database, job: Job) -> Claim | None:
    """None when a newer version, or nothing, is left to learn."""
    async with db.transaction(job.workspace_id) as tx:
        row = await tx.fetchrow(
            "select d.name, d.version, d.state, d.audience, d.shop_ids, d.added_by, d.live_version, d.is_released, f.sha256"
            " from documents d left join files f on f.workspace_id = d.workspace_id and f.id = d.file_id"
            " where d.id = $1 and d.deleted_at is null for update of d",
            job.data["document_id"],
        )
        if (
            row is None
            or row["version"] != job.data["version"]
            or row["state"] not in ("queued", "parsing", "indexing")
        ):
            return None
        claim = Claim(
            workspace_id=job.workspace_id,
            document_id=job.data["document_id"],
            version=row["version"],
            name=row["name"],
            # A file that is not on record is not on the disk either.
            sha256=row["sha256"] or bytes(32),
            audience=row["audience"],
            shop_ids=row["shop_ids"],
            added_by=row["added_by"],
            has_live=row["live_version"] is not None,
            asks_first=row["audience"] == "customer" and not row["is_released"],
        )
        await _set_state(tx, claim, "parsing", "parse", None)
    return claim


def _pages(db: Database, claim: Claim) -> Callable[[int, int], Awaitable[None]]:
    """Counts the pages of a scan, and ends the reading when nobody wants it any more."""
    tell = count_pages(db, claim.workspace_id, claim.document_id, claim.version)

    async def go_on(done: int, total: int) -> None:
        await tell(done, total)
        async with db.transaction(claim.workspace_id) as tx:
            if not await is_wanted(tx, claim.document_id, claim.version):
                raise Stopped

    return go_on


async def _unpack(db: Database, files: Files, claim: Claim, path: Path) -> None:
    if claim.has_live:
        await _record(db, claim, "failed", ZIP_AS_VERSION)
        return
    caller = Caller(claim.workspace_id, claim.added_by, None, "admin")
    await unpack(db, files, Archive(claim.document_id, claim.version, path, claim.audience, claim.shop_ids, caller))


def _cut(parsed: Parsed) -> list[Passage]:
    passages = split(parsed)
    if not passages:
        raise refuse("file_no_text")
    if len(passages) > MOST_PASSAGES:
        raise refuse("file_too_much_text")
    return passages


async def _show(db: Database, claim: Claim, state: str, step: str) -> None:
    async with db.transaction(claim.workspace_id) as tx:
        await _set_state(tx, claim, state, step, None)


async def _record(db: Database, claim: Claim, state: str, reason: dict[str, Any]) -> None:
    async with db.transaction(claim.workspace_id) as tx:
        await _set_state(tx, claim, state, "parse", reason)


async def _set_state(tx: Transaction, claim: Claim, state: str, step: str, reason: dict[str, Any] | None) -> None:
    """Refused silently when a newer version has come meanwhile, or a person stopped this one."""
    found = await tx.fetchval(
        "update documents set state = $3, step = $4, progress = 0, reason = $5, updated_at = now()"
        " where id = $1 and version = $2 and state in ('queued', 'parsing', 'indexing') and deleted_at is null"
        " returning id",
        claim.document_id,
        claim.version,
        state,
        step,
        reason,
    )
    if found is not None:
        await tell_document(tx, claim.workspace_id, claim.document_id)


async def _note_dates(db: Database, claim: Claim, parsed: Parsed) -> None:
    """A period that the text names is offered as the document's validity, unless it has one."""
    async with db.transaction(claim.workspace_id) as tx:
        row = await tx.fetchrow("select time_zone, now() as now from workspaces where id = $1", claim.workspace_id)
    assert row is not None
    found = await asyncio.to_thread(find_dates, parsed, row["time_zone"], row["now"])
    async with db.transaction(claim.workspace_id) as tx:
        await tx.execute(
            "update documents set dates_found = $3 where id = $1 and version = $2 and valid_from is null"
            " and valid_to is null",
            claim.document_id,
            claim.version,
            found,
        )


async def purge_document(db: Database, job: Job) -> None:
    """The handler of jobs of kind "purge_document": what was deleted a week ago goes for good."""
    async with db.transaction(job.workspace_id) as tx:
        row = await tx.fetchrow(
            "select id, file_id from documents where id = $1 and deleted_at < now() - interval '6 days' for update",
            job.data["document_id"],
        )
        if row is None:
            return
        await tx.execute(
            "update files set used_at = null where id = $3 or id in (select file_id from document_versions"
            " where workspace_id = $1 and document_id = $2)",
            job.workspace_id,
            row["id"],
            row["file_id"],
        )
        await tx.execute("delete from documents where id = $1", row["id"])
