"""Writes down that a document has a new version, and asks for it to be learned."""

from dataclasses import dataclass
from typing import Literal

from yingke.kit.db import Transaction
from yingke.kit.jobs import enqueue

INGEST = "ingest"
Origin = Literal["upload", "url", "rollback"]


@dataclass(frozen=True)
class NewVersion:
    """The file of a version. `file_id` may be None for content that has no file; `source_version` of a rollback."""

    name: str
    file_id: int | None
    content_hash: bytes | None
    origin: Origin = "upload"
    added_by: int | None = None
    source_version: int | None = None


async def begin_version(tx: Transaction, workspace_id: int, document_id: int, new: NewVersion) -> int:
    """The number of the version, one above all that the document ever had; the document now stands at it.

    The caller holds the document's row. State and job are the caller's business (`queue_version`).
    """
    version: int = await tx.fetchval(
        "insert into document_versions"
        " (workspace_id, document_id, version, name, file_id, content_hash, origin, added_by, source_version)"
        " select $1, $2, 1 + coalesce(max(version), 0), $3, $4, $5, $6, $7, $8 from document_versions"
        " where workspace_id = $1 and document_id = $2 returning version",
        workspace_id,
        document_id,
        new.name,
        new.file_id,
        new.content_hash,
        new.origin,
        new.added_by,
        new.source_version,
    )
    await tx.execute(
        "update documents set name = $2, file_id = $3, content_hash = $4, version = $5, updated_at = now() where id = $1",
        document_id,
        new.name,
        new.file_id,
        new.content_hash,
        version,
    )
    return version


async def queue_version(
    tx: Transaction, workspace_id: int, document_id: int, version: int, *, is_released: bool = False
) -> None:
    """From the first step on. `is_released`: a person has decided that its audience may see it."""
    await tx.execute(
        "update documents set state = 'queued', step = 'parse', progress = 0, reason = null, is_released = $2,"
        " updated_at = now() where id = $1",
        document_id,
        is_released,
    )
    await enqueue_ingest(tx, workspace_id, document_id, version)


async def enqueue_ingest(tx: Transaction, workspace_id: int, document_id: int, version: int) -> None:
    """The lane lets one job of a document run at a time; a second one finds nothing left to do."""
    await enqueue(
        tx,
        workspace_id,
        kind=INGEST,
        lane=f"doc:{document_id}",
        data={"document_id": document_id, "version": version},
    )
