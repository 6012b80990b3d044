"""Learns one document: parse, cut, encode, then exchange what can be found in one transaction."""

import asyncio
from dataclasses import dataclass

from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.files import Files
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob
from yingke.knowledge.documents import tell_document
from yingke.knowledge.learn import learn
from yingke.knowledge.library import Library
from yingke.knowledge.parse import Parsed, parse
from yingke.knowledge.refusals import refuse
from yingke.knowledge.split import Passage, split

MOST_PASSAGES = 30_000
LOOKS_INTERNAL = {
    "code": "looks_internal",
    "zh": "这个文件看起来是内部资料。请确认：给客户看（对客），还是只给客服看（仅客服）？确认前不会用它回答任何人。",
    "en": "This looks like internal material. Decide whether customers or only your agents may see it; "
    "until then nobody is answered from it.",
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
    asks_first: bool
    """Meant for customers, and no person has looked at this version yet."""


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
        parsed = await parse(files.path_of(claim.workspace_id, claim.sha256), claim.name)
        if parsed.looks_internal and claim.asks_first:
            await _record(db, claim, "held", LOOKS_INTERNAL)
            return
        await _show(db, claim, "parsing", "cut")
        passages = await asyncio.to_thread(_cut, parsed)
        await learn(db, library.encoder, claim.workspace_id, claim.document_id, claim.version, passages)
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
            "select d.name, d.version, d.state, d.audience, d.is_released, f.sha256 from documents d"
            " join files f on f.workspace_id = d.workspace_id and f.id = d.file_id where d.id = $1 for update of d",
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
            sha256=row["sha256"],
            asks_first=row["audience"] == "customer" and not row["is_released"],
        )
        await _set_state(tx, claim, "parsing", "parse", None)
    return claim


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


async def _record(db: Database, claim: Claim, state: str, reason: dict[str, str]) -> None:
    async with db.transaction(claim.workspace_id) as tx:
        await _set_state(tx, claim, state, "parse", reason)


async def _set_state(tx: Transaction, claim: Claim, state: str, step: str, reason: dict[str, str] | None) -> None:
    """Refused silently when a newer version has come meanwhile: its own job says what is going on."""
    found = await tx.fetchval(
        "update documents set state = $3, step = $4, progress = 0, reason = $5, updated_at = now()"
        " where id = $1 and version = $2 returning id",
        claim.document_id,
        claim.version,
        state,
        step,
        reason,
    )
    if found is not None:
        await tell_document(tx, claim.workspace_id, claim.document_id)


async def purge_document(db: Database, job: Job) -> None:
    """The handler of jobs of kind "purge_document": what was deleted a week ago goes for good."""
    async with db.transaction(job.workspace_id) as tx:
        row = await tx.fetchrow(
            "delete from documents where id = $1 and deleted_at < now() - interval '6 days' returning file_id",
            job.data["document_id"],
        )
        if row is not None:
            await tx.execute("update files set used_at = null where id = $1", row["file_id"])
