"""Reads the versions of a document for screens and programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import conflict, not_found
from yingke.kit.files import Files
from yingke.knowledge.versions.compare import Said

VersionState = Literal["live", "pending", "retired", "cancelled", "unused"]
_SELECT = (
    "select v.*, f.size, a.work_name as by, d.live_version, d.version as current,"
    " exists (select 1 from passages p where p.workspace_id = v.workspace_id and p.document_id = v.document_id"
    "  and p.version = v.version) as is_kept"
    " from document_versions v join documents d on d.workspace_id = v.workspace_id and d.id = v.document_id"
    " left join files f on f.workspace_id = v.workspace_id and f.id = v.file_id"
    " left join agents a on a.workspace_id = v.workspace_id and a.id = v.added_by"
    " where v.workspace_id = $1 and v.document_id = $2 and d.deleted_at is null"
)


class Changes(Struct):
    """Passages against the version that was live before."""

    added: int
    removed: int
    kept: int


class VersionView(Struct):
    """`state`: live answers now, pending is on its way, retired has answered, cancelled was given up, unused was
    overtaken. `is_kept`: its passages are still here, so it can be compared and comes back at once. `file_url` opens the
    file for some minutes. `source_version` is what a rollback repeats.
    """

    version: int
    name: str
    state: VersionState
    origin: Literal["upload", "url", "rollback"]
    source_version: int | None
    size: int | None
    passages: int
    changes: Changes | None
    is_kept: bool
    by: str | None
    file_url: str | None
    created_at: datetime
    live_at: datetime | None
    retired_at: datetime | None


async def list_versions(tx: Transaction, workspace_id: int, document_id: int, before: int, limit: int) -> list[Any]:
    """Newest first, those numbered below `before`."""
    return list(
        await tx.fetch(
            f"{_SELECT} and v.version < $3 order by v.version desc limit $4", workspace_id, document_id, before, limit
        )
    )


async def get_version(tx: Transaction, workspace_id: int, document_id: int, version: int) -> Any:
    """The row. Raises 404."""
    row = await tx.fetchrow(f"{_SELECT} and v.version = $3", workspace_id, document_id, version)
    if row is None:
        raise not_found()
    return row


async def find_version_before(tx: Transaction, workspace_id: int, document_id: int, version: int) -> int | None:
    """The last one below `version` that has answered."""
    found: int | None = await tx.fetchval(
        "select max(version) from document_versions where workspace_id = $1 and document_id = $2 and version < $3"
        " and live_at is not null",
        workspace_id,
        document_id,
        version,
    )
    return found


async def read_said(tx: Transaction, workspace_id: int, document_id: int, version: int) -> list[Said]:
    """The passages of a version in reading order. Raises 409 when they are not kept any more."""
    rows = await tx.fetch(
        "select id, ordinal, kind, heading, text, row from passages"
        " where workspace_id = $1 and document_id = $2 and version = $3 order by ordinal",
        workspace_id,
        document_id,
        version,
    )
    if not rows:
        raise conflict(
            "version_not_kept",
            f"第 {version} 版的切片已不再保留，不能比较；可以回到这一版，会重新学习它的文件。",
            f"The passages of version {version} are not kept any more, so it cannot be compared. "
            "You can still go back to it; its file is learned again.",
        )
    return [Said(row["id"], row["ordinal"], row["kind"], row["heading"], row["text"], row["row"]) for row in rows]


async def list_touched_pairs(
    tx: Transaction, workspace_id: int, document_id: int, gone: Sequence[int], fresh: Sequence[int], limit: int
) -> list[Any]:
    """QA pairs made from passages (by id) that only one of two versions has; `is_gone` for those of `gone`."""
    rows = await tx.fetch(
        "select q.id, q.questions[1] as question, q.state, bool_or(p.id = any($3)) as is_gone from qa_pairs q"
        " join passages p on p.workspace_id = q.workspace_id and p.document_id = q.document_id"
        " and p.content_hash = q.source_hash"
        " where q.workspace_id = $1 and q.document_id = $2 and q.deleted_at is null and p.id = any($3 || $4)"
        " group by q.id order by q.id limit $5",
        workspace_id,
        document_id,
        list(gone),
        list(fresh),
        limit,
    )
    return list(rows)


def show_version(row: Any, files: Files) -> VersionView:
    changes = row["changes"]
    link = files.link(row["workspace_id"], row["file_id"], row["name"]) if row["size"] is not None else None
    return VersionView(
        version=row["version"],
        name=row["name"],
        state=_state(row),
        origin=row["origin"],
        source_version=row["source_version"],
        size=row["size"],
        passages=row["passages"],
        changes=Changes(changes["added"], changes["removed"], changes["kept"]) if changes else None,
        is_kept=row["is_kept"] and row["live_at"] is not None,
        by=row["by"],
        file_url=link,
        created_at=row["created_at"],
        live_at=row["live_at"],
        retired_at=row["retired_at"],
    )


def _state(row: Any) -> VersionState:
    if row["version"] == row["live_version"]:
        return "live"
    if row["version"] == row["current"]:
        return "pending"
    if row["live_at"] is not None:
        return "retired"
    return "cancelled" if row["cancelled_at"] is not None else "unused"
