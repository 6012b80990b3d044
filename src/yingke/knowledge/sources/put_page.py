"""Makes a page a document of its source, or a new version of the one it is already."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from yingke.kit.db import Database, Transaction
from yingke.kit.files import Files
from yingke.knowledge.add_document import Upload, keep_file
from yingke.knowledge.clean_name import clean_name
from yingke.knowledge.documents import tell_document
from yingke.knowledge.versions.begin_version import NewVersion, begin_version, queue_version
from yingke.workspaces.caller import Caller

LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class PageFile:
    """What is kept of a page. `etag` and `last_modified` as its server said."""

    url: str
    name: str
    content: bytes
    etag: str | None
    last_modified: str | None


async def put_page(db: Database, files: Files, source: Any, page: PageFile) -> bool:
    """True when it is new or says something else than before: then it is learned as a version of its own.

    A page that a person deleted or paused stays so.
    """
    caller = Caller(source["workspace_id"], source["added_by"], None, "admin")
    stored = await files.save(caller.workspace_id, _pieces(page.content), LARGEST)
    upload = Upload(clean_name(page.name), stored)
    async with db.transaction(caller.workspace_id) as tx:
        row = await tx.fetchrow(
            "select id, state, content_hash, deleted_at, audience from documents"
            " where workspace_id = $1 and source_id = $2 and url = $3"
            " order by deleted_at nulls first, id desc limit 1 for update",
            caller.workspace_id,
            source["id"],
            page.url,
        )
        if row is None:
            await _version(tx, caller, await _add(tx, caller, source, page, upload), upload)
            return True
        if row["deleted_at"] is not None or row["state"] == "paused":
            return False
        is_same = row["content_hash"] == stored.sha256 and row["state"] != "failed"
        await tx.execute(
            "update documents set etag = $2, last_modified = $3, synced_at = now(), gone_at = null where id = $1",
            row["id"],
            page.etag,
            page.last_modified,
        )
        if is_same:
            return False
        await _version(tx, caller, row["id"], upload)
    return True


async def _add(tx: Transaction, caller: Caller, source: Any, page: PageFile, upload: Upload) -> int:
    document_id: int = await tx.fetchval(
        "insert into documents (workspace_id, name, audience, shop_ids, added_by, source_id, url, etag, last_modified,"
        " synced_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now()) returning id",
        caller.workspace_id,
        upload.name,
        source["audience"],
        source["shop_ids"],
        caller.agent_id,
        source["id"],
        page.url,
        page.etag,
        page.last_modified,
    )
    return document_id


async def _version(tx: Transaction, caller: Caller, document_id: int, upload: Upload) -> None:
    file_id = await keep_file(tx, caller, upload)
    new = NewVersion(upload.name, file_id, upload.stored.sha256, "url", caller.agent_id)
    version = await begin_version(tx, caller.workspace_id, document_id, new)
    await queue_version(tx, caller.workspace_id, document_id, version)
    await tell_document(tx, caller.workspace_id, document_id)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content
