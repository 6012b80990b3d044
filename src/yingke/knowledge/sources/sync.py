"""Brings a source's documents to what its pages say now: a job, one at a time for a source, again when it is due."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob, enqueue
from yingke.knowledge.sources.crawl import POLITE_SECONDS, Fault, Found, Got, Known, Wish, crawl
from yingke.knowledge.sources.fetch_page import Door
from yingke.knowledge.sources.put_page import PageFile, put_page
from yingke.knowledge.sources.read_page import clean_page, repeated_blocks, shared_name

SYNC = "sync_source"
SHOWN_FAULTS = 20
TELL_SECONDS = 0.5
AGAIN_HOURS = 6
NOTHING = {
    "code": "nothing_readable",
    "zh": "没有读到可用的正文。页面可能靠脚本加载，或不允许收录；请把内容另存为文件上传。",
    "en": "No readable text was found. The pages may be drawn by scripts or ask not to be read; upload the content as a "
    "file.",
}
MISSING = {
    "code": "page_missing",
    "zh": "这个网址上没有网页（404）。请检查网址；如果页面搬走了，请添加新网址。以前读到的内容仍会用来回答。",
    "en": "There is no page at this address (404). Check it; if the page has moved, add its new address. What was read "
    "before goes on answering.",
}
GAVE_UP = {
    "code": "sync_failed",
    "zh": "同步多次失败，稍后会再试。也可以点「立即同步」，或联系管理员查看日志。",
    "en": "Reading failed several times and is tried again later. You can also sync now, or ask the operator for the log.",
}


@dataclass(frozen=True, slots=True)
class Syncing:
    """What the job works with. `pause` is the seconds between two pages of one site."""

    db: Database
    files: Files
    door: Door
    pause: float = POLITE_SECONDS


async def sync_source(work: Syncing, job: Job) -> None:
    """The handler of jobs of kind "sync_source", data {source_id, due?}. Idempotent: an unchanged page changes nothing."""
    source = await _claim(work.db, job)
    if source is None:
        return
    if job.attempts >= MAX_ATTEMPTS:
        await _end(work.db, source, None, GAVE_UP, 0)
        return
    wish = Wish(source["kind"], source["url"], source["most_pages"], await _known(work.db, source))
    told = _Told(work.db, source)
    try:
        found = await crawl(work.door, wish, told, pause=work.pause)
    except Problem as problem:
        if problem.code == "busy":
            raise RetryJob(10, "database") from problem
        await _end(work.db, source, None, _reason(problem), 0)
        return
    files = await asyncio.to_thread(_files_of, found.got)
    changed = sum([await put_page(work.db, work.files, source, file) for file in files])
    await _settle(work.db, source, found)
    await _end(work.db, source, found, None if files or found.same else _whole_reason(found), changed)


async def queue_sync(tx: Transaction, workspace_id: int, source_id: int) -> None:
    """At once; a run that waits already is enough."""
    await enqueue(
        tx,
        workspace_id,
        kind=SYNC,
        lane=f"source:{source_id}",
        ref=f"{source_id}:now",
        data={"source_id": source_id},
        priority=-5,
    )


class _Told:
    """Writes progress down now and then; says stop when a person paused or deleted the source."""

    def __init__(self, db: Database, source: Any) -> None:
        self._db, self._source = db, source
        self._at = 0.0

    async def __call__(self, found: Found) -> bool:
        if time.monotonic() - self._at < TELL_SECONDS:
            return True
        self._at = time.monotonic()
        async with self._db.transaction(self._source["workspace_id"]) as tx:
            state = await tx.fetchval(
                "update knowledge_sources set progress = $2, updated_at = now()"
                " where id = $1 and deleted_at is null returning state",
                self._source["id"],
                _progress(found, 0),
            )
        return bool(state == "fetching")


async def _claim(db: Database, job: Job) -> Any:
    """The row, or None when there is nothing to do: gone, paused, or changed since this run was planned."""
    async with db.transaction(job.workspace_id) as tx:
        row = await tx.fetchrow(
            "select * from knowledge_sources where id = $1 and deleted_at is null and state <> 'paused' for update",
            job.data["source_id"],
        )
        if row is None:
            return None
        due = job.data.get("due")
        planned = row["next_check_at"].isoformat() if row["next_check_at"] is not None else None
        if due is not None and due != planned:
            return None
        await tx.execute(
            "update knowledge_sources set state = 'fetching', reason = null, progress = $2, updated_at = now()"
            " where id = $1",
            row["id"],
            _progress(Found(), 0),
        )
    return row


async def _known(db: Database, source: Any) -> dict[str, Known]:
    async with db.transaction(source["workspace_id"]) as tx:
        rows = await tx.fetch(
            "select url, etag, last_modified, state from documents where workspace_id = $1 and source_id = $2"
            " and deleted_at is null and url is not null order by id limit 2000",
            source["workspace_id"],
            source["id"],
        )
    # What could not be learned is fetched whole, not asked whether it has changed.
    return {
        row["url"]: Known(row["etag"], row["last_modified"]) if row["state"] != "failed" else Known() for row in rows
    }


def _files_of(got: Sequence[Got]) -> list[PageFile]:
    pages = [one.page for one in got if one.page is not None]
    repeated, name = repeated_blocks(pages), shared_name(pages)
    files = []
    for one in got:
        fallback = (
            unquote(urlsplit(one.url).path.rstrip("/").rpartition("/")[2]) or urlsplit(one.url).hostname or "page"
        )
        if one.page is None:
            named = fallback if fallback.lower().endswith(one.suffix) else f"{fallback}{one.suffix}"
            files.append(PageFile(one.url, named, one.content, one.etag, one.last_modified))
            continue
        cleaned = clean_page(one.page, repeated, name)
        if cleaned is not None:
            title, content = cleaned
            files.append(PageFile(one.url, f"{title or fallback}.html", content, one.etag, one.last_modified))
    return files


async def _settle(db: Database, source: Any, found: Found) -> None:
    """Marks what is gone and what is unchanged; nothing is deleted for an address that does not answer today."""
    async with db.transaction(source["workspace_id"]) as tx:
        await tx.execute(
            "update documents set gone_at = coalesce(gone_at, now()), synced_at = now()"
            " where workspace_id = $1 and source_id = $2 and url = any($3)",
            source["workspace_id"],
            source["id"],
            found.gone,
        )
        await tx.execute(
            "update documents set gone_at = null, synced_at = now()"
            " where workspace_id = $1 and source_id = $2 and url = any($3)",
            source["workspace_id"],
            source["id"],
            found.same,
        )


async def _end(db: Database, source: Any, found: Found | None, reason: dict[str, str] | None, changed: int) -> None:
    """Writes down how it went and plans the next run. A source that failed is looked at again even if not watched."""
    async with db.transaction(source["workspace_id"]) as tx:
        row = await tx.fetchrow(
            "update knowledge_sources set state = case when state = 'paused' then 'paused' else $2 end, reason = $3,"
            " progress = coalesce($4, progress), checked_at = now(), updated_at = now(),"
            " next_check_at = case when every_hours is not null then now() + make_interval(hours => every_hours)"
            "   when $2 = 'failed' and $5 then now() + make_interval(hours => $6) end"
            " where id = $1 and deleted_at is null returning state, next_check_at",
            source["id"],
            "failed" if reason is not None else "ready",
            reason,
            _progress(found, changed) if found is not None else None,
            reason is not None and reason["code"] in ("outgoing_timeout", "outgoing_failed", "sync_failed"),
            AGAIN_HOURS,
        )
        if row is not None and row["state"] != "paused":
            await plan_next(tx, source["workspace_id"], source["id"], row["next_check_at"])


async def plan_next(tx: Transaction, workspace_id: int, source_id: int, due: Any) -> None:
    """A run at `due`; None: no run. A run planned before for another moment finds that and does nothing."""
    if due is None:
        return
    moment = due.isoformat()
    await enqueue(
        tx,
        workspace_id,
        kind=SYNC,
        lane=f"source:{source_id}",
        ref=f"{source_id}:{moment}",
        data={"source_id": source_id, "due": moment},
        run_at=due,
        priority=-10,
    )


def _whole_reason(found: Found) -> dict[str, str]:
    """Why a run brought home nothing at all."""
    if found.faults:
        return _reason(found.faults[0].problem)
    return MISSING if found.gone else NOTHING


def _reason(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "zh": problem.zh, "en": problem.en}


def _progress(found: Found, changed: int) -> dict[str, Any]:
    return {
        "found": found.seen,
        "done": found.done,
        "changed": changed,
        "gone": len(found.gone),
        "failed": len(found.faults),
        "faults": [_shown(fault) for fault in found.faults[:SHOWN_FAULTS]],
    }


def _shown(fault: Fault) -> dict[str, str]:
    return {"url": fault.url, "zh": fault.problem.zh, "en": fault.problem.en}
