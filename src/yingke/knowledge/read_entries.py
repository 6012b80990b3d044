"""Reads what can be found of a workspace, as it is at one moment."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database
from yingke.knowledge.entry import Entry
from yingke.knowledge.title import show_title

PAGE = 500
COLUMNS = (
    "p.id, p.document_id, p.kind, p.heading, p.text, p.search_text, p.row, p.page, p.embedding, d.name, d.rank, d.ready_at,"
    " q.answers,"
    " coalesce(d.audience, q.audience) as audience,"
    " case when q.id is null then d.shop_ids else q.shop_ids end as shop_ids,"
    " case when q.id is null then d.valid_from else q.valid_from end as valid_from,"
    " case when q.id is null then d.valid_to else q.valid_to end as valid_to"
)
SOURCES = (
    "passages p"
    " left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id"
    " left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id"
)
FOUND = "d.deleted_at is null and q.deleted_at is null and coalesce(q.state, 'live') = 'live'"
_HEAD = (
    "select w.knowledge_version, s.answering, s.search from workspaces w"
    " left join knowledge_settings s on s.workspace_id = w.id where w.id = $1"
)
_LIVE = (
    f"select {COLUMNS} from {SOURCES} where p.workspace_id = $1 and p.is_live and p.id > $2 and {FOUND}"
    f" order by p.id limit {PAGE}"
)
_PREVIEW = (
    f"select {COLUMNS} from {SOURCES} where p.workspace_id = $1 and p.id > $2 and {FOUND}"
    " and (p.is_live and p.document_id is distinct from $3 or p.document_id = $3 and p.version = $4)"
    f" order by p.id limit {PAGE}"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """The findable passages of a workspace at one version, with what it has decided about searching and being sure."""

    version: int
    rows: list[Any]
    answering: dict[str, Any] = field(default_factory=dict)
    search: dict[str, Any] = field(default_factory=dict)


async def read_entries(db: Database, workspace_id: int, preview: tuple[int, int] | None = None) -> Moment:
    """Everything of one moment, in pages, so that the event loop is never held up for long.

    `preview` (document, version): that version in the place of what is live of the document.
    """
    async with db.transaction(workspace_id) as tx:
        await tx.execute("set transaction isolation level repeatable read, read only")
        head = await tx.fetchrow(_HEAD, workspace_id)
        rows: list[Any] = []
        while True:
            last = rows[-1]["id"] if rows else 0
            page = await tx.fetch(_PREVIEW if preview else _LIVE, workspace_id, last, *(preview or ()))
            rows += page
            if len(page) < PAGE:
                return Moment(head["knowledge_version"], rows, head["answering"] or {}, head["search"] or {})


def matrix_of(rows: list[Any], dimensions: int) -> NDArray[np.float32]:
    """The vectors of `rows`, one below the other."""
    vectors = np.empty((len(rows), dimensions), dtype=np.float32)
    for position, row in enumerate(rows):
        vectors[position] = row["embedding"]
    return vectors


def entry_of(row: Any, vector: Any) -> Entry:
    """`vector` is a row of the index's own matrix: nothing is held twice."""
    return Entry(
        id=row["id"],
        text=row["text"],
        search_text=row["search_text"],
        vector=vector,
        heading=row["heading"],
        kind=row["kind"],
        row=row["row"],
        document_id=row["document_id"],
        document_title=show_title(row["name"]) if row["name"] else "",
        page=row["page"],
        audience=row["audience"],
        shop_ids=frozenset(row["shop_ids"]) if row["shop_ids"] is not None else None,
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        answers=row["answers"] or None,
        rank=row["rank"] or 0,
        document_at=row["ready_at"],
    )
