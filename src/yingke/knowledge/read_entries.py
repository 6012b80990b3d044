"""Reads what can be found of a workspace, as it is at one moment."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database
from yingke.knowledge.entry import Entry
from yingke.knowledge.title import show_title

PAGE = 500
COLUMNS = (
    "p.id, p.document_id, p.kind, p.heading, p.text, p.search_text, p.row, p.page, d.name, d.rank, d.ready_at,"
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
    "select w.knowledge_version, (select coalesce(max(id), 0) from passages where workspace_id = $1 and is_live) as last_id,"
    " s.answering, s.search, l.terms, coalesce(l.is_ready, false) as is_large"
    " from workspaces w left join knowledge_settings s on s.workspace_id = w.id"
    " left join large_workspaces l on l.workspace_id = w.id and l.is_ready where w.id = $1"
)
_LIVE = (
    f"select {COLUMNS}, p.embedding from {SOURCES} where p.workspace_id = $1 and p.is_live and p.id > $2 and {FOUND}"
)
_PREVIEW = (
    f"select {COLUMNS}, p.embedding from {SOURCES} where p.workspace_id = $1 and p.id > $2 and {FOUND}"
    " and (p.is_live and p.document_id is distinct from $3 or p.document_id = $3 and p.version = $4)"
)
# Of a large workspace only what the database's search does not know yet.
_FRESH = " and not exists (select 1 from large_passages l where l.workspace_id = $1 and l.passage_id = p.id)"
_PAGED = f" order by p.id limit {PAGE}"
_CLOSED = (
    "select id as scope, audience, shop_ids, valid_from, valid_to, deleted_at is not null as is_gone from documents"
    " where workspace_id = $1 and (audience <> 'customer' or shop_ids is not null or valid_from is not null"
    " or valid_to is not null or deleted_at is not null)"
    " union all select distinct scope_of_pair(audience, shop_ids, valid_from, valid_to), audience, shop_ids, valid_from,"
    " valid_to, false from qa_pairs where workspace_id = $1 and deleted_at is null and (audience <> 'customer'"
    " or shop_ids is not null or valid_from is not null or valid_to is not null)"
)
MOST_FRESH = 5000


@dataclass(frozen=True, slots=True)
class Moment:
    """The findable passages of a workspace at one version, with what it has decided about searching and being sure."""

    version: int
    last_id: int
    """The highest id of a live passage: a version counted again after a restore is told apart by it."""
    rows: list[Any] | None
    """None when the caller knew this moment already."""
    answering: dict[str, Any] = field(default_factory=dict)
    search: dict[str, Any] = field(default_factory=dict)
    counted: bytes | None = None
    """Of a large workspace, whose `rows` are only those that the database's search does not know yet."""
    closed: list[Any] = field(default_factory=list)
    """Of a large workspace: the scopes that are not open to everybody at any time."""


async def read_entries(
    db: Database,
    workspace_id: int,
    preview: tuple[int, int] | None = None,
    is_known: Callable[[int, int], bool] = lambda version, last_id: False,
) -> Moment:
    """Everything of one moment, in pages, so that the event loop is never held up for long.

    `preview` (document, version): that version in the place of what is live of the document. `is_known` (version, highest
    id) spares the reading of a moment that the caller has at hand; never asked for a large workspace.
    """
    async with db.transaction(workspace_id) as tx:
        await tx.execute("set transaction isolation level repeatable read, read only")
        head = await tx.fetchrow(_HEAD, workspace_id)
        version, last_id = head["knowledge_version"], head["last_id"]
        answering, search = head["answering"] or {}, head["search"] or {}
        if not preview and not head["is_large"] and is_known(version, last_id):
            return Moment(version, last_id, None, answering, search)
        statement = (_PREVIEW if preview else _LIVE) + (_FRESH if head["is_large"] else "") + _PAGED
        rows: list[Any] = []
        while True:
            page = await tx.fetch(statement, workspace_id, rows[-1]["id"] if rows else 0, *(preview or ()))
            rows += page
            if len(page) < PAGE or (head["is_large"] and len(rows) >= MOST_FRESH):
                break
        closed = await tx.fetch(_CLOSED, workspace_id) if head["is_large"] else []
    counted = head["terms"] if head["is_large"] else None
    return Moment(version, last_id, rows, answering, search, counted, closed)


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
