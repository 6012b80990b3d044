"""Reads documents and their passages for screens and programs."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.events import record_event
from yingke.kit.ids import read_id, show_id
from yingke.knowledge.entry import Audience

State = Literal["queued", "parsing", "indexing", "ready", "failed", "held"]
MOST_SHOPS = 200
_SELECT = (
    "select d.id, d.name, d.audience, d.shop_ids, d.state, d.step, d.progress, d.reason, d.version, d.passages,"
    " d.valid_from, d.valid_to, d.is_demo, d.created_at, d.ready_at, f.size"
    " from documents d left join files f on f.workspace_id = d.workspace_id and f.id = d.file_id"
    " where d.workspace_id = $1 and d.deleted_at is null"
)


class Reason(Struct):
    """Why a document is not ready, as a sentence that says what to do."""

    code: str
    text: str


class DocumentView(Struct):
    """`step` is parse, cut or index; `progress` 0..1 of it. `shop_ids` null means every shop. `size` in bytes."""

    id: str
    name: str
    audience: Audience
    shop_ids: list[str] | None
    state: State
    step: str
    progress: float
    reason: Reason | None
    version: int
    passages: int
    size: int | None
    valid_from: datetime | None
    valid_to: datetime | None
    is_demo: bool
    created_at: datetime
    ready_at: datetime | None


class PassageView(Struct):
    id: str
    document_id: str
    ordinal: int
    kind: str
    heading: str
    text: str
    page: int | None


async def get_document(tx: Transaction, workspace_id: int, document_id: int) -> Any:
    """The row. Raises 404, also for a deleted document."""
    row = await tx.fetchrow(f"{_SELECT} and d.id = $2", workspace_id, document_id)
    if row is None:
        raise not_found()
    return row


async def list_documents(tx: Transaction, workspace_id: int, before: int | None, limit: int) -> list[Any]:
    """Newest first, those with an id below `before`."""
    rows = await tx.fetch(
        f"{_SELECT} and d.id < $2 order by d.id desc limit $3", workspace_id, before or 2**63 - 1, limit
    )
    return list(rows)


async def list_passages(tx: Transaction, workspace_id: int, document_id: int, after: int, limit: int) -> list[Any]:
    """The passages that can be found now, in reading order, those whose ordinal is above `after`."""
    rows = await tx.fetch(
        "select id, document_id, ordinal, kind, heading, text, page from passages"
        " where workspace_id = $1 and document_id = $2 and is_live and ordinal > $3 order by ordinal limit $4",
        workspace_id,
        document_id,
        after,
        limit,
    )
    return list(rows)


async def tell_document(tx: Transaction, workspace_id: int, document_id: int) -> None:
    """Records `document_updated` with where the document stands."""
    row = await tx.fetchrow(
        "select name, state, step, progress, reason, version, passages, deleted_at from documents where id = $1",
        document_id,
    )
    if row is None:
        return
    data = {
        "document_id": show_id(document_id),
        "name": row["name"],
        "state": row["state"],
        "step": row["step"],
        "progress": round(row["progress"], 3),
        "reason": row["reason"],
        "version": row["version"],
        "passages": row["passages"],
        "is_deleted": row["deleted_at"] is not None,
    }
    await record_event(tx, workspace_id, "document_updated", data)


def show_document(row: Any, language: str) -> DocumentView:
    reason = row["reason"]
    return DocumentView(
        id=show_id(row["id"]),
        name=row["name"],
        audience=row["audience"],
        shop_ids=[show_id(shop) for shop in row["shop_ids"]] if row["shop_ids"] is not None else None,
        state=row["state"],
        step=row["step"],
        progress=round(row["progress"], 3),
        reason=Reason(reason["code"], reason["en" if language == "en" else "zh"]) if reason else None,
        version=row["version"],
        passages=row["passages"],
        size=row["size"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        is_demo=row["is_demo"],
        created_at=row["created_at"],
        ready_at=row["ready_at"],
    )


def show_passage(row: Any) -> PassageView:
    return PassageView(
        show_id(row["id"]), show_id(row["document_id"]), row["ordinal"], row["kind"], row["heading"], row["text"],
        row["page"],
    )  # fmt: skip


async def read_shops(tx: Transaction, texts: list[str] | None) -> list[int] | None:
    """Shop ids from outside; None (or an empty list) means every shop. Raises 400 for a shop that is not ours."""
    if not texts:
        return None
    if len(texts) > MOST_SHOPS:
        raise bad_input({"shop_ids": f"at most {MOST_SHOPS} / 最多 {MOST_SHOPS} 个"})
    wanted = sorted({read_id(text) for text in texts})
    known = await tx.fetchval("select count(*) from shops where id = any($1)", wanted)
    if known != len(wanted):
        raise bad_input({"shop_ids": "unknown shop / 没有这个店铺"})
    return wanted
