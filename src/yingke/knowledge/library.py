"""The searchable knowledge of each workspace, kept in memory and exchanged as soon as it changes."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np

from yingke.kit.db import Database, Transaction
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.entry import Entry
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.similar_together import SimilarTogether
from yingke.knowledge.title import show_title

MOST_BYTES = 300_000_000
PAGE = 500
_STATEMENT = (
    "select p.id, p.document_id, p.kind, p.heading, p.text, p.search_text, p.row, p.page, p.embedding, d.name,"
    " d.rank, d.ready_at,"
    " coalesce(d.audience, q.audience) as audience,"
    " case when q.id is null then d.shop_ids else q.shop_ids end as shop_ids,"
    " case when q.id is null then d.valid_from else q.valid_from end as valid_from,"
    " case when q.id is null then d.valid_to else q.valid_to end as valid_to"
    " from passages p"
    " left join documents d on d.workspace_id = p.workspace_id and d.id = p.document_id"
    " left join qa_pairs q on q.workspace_id = p.workspace_id and q.id = p.qa_pair_id"
    " where p.workspace_id = $1 and p.is_live and p.id > $2 and d.deleted_at is null and q.deleted_at is null"
    f" order by p.id limit {PAGE}"
)


@dataclass(frozen=True, slots=True)
class _Held:
    version: int
    index: KnowledgeIndex
    bytes: int


class Library:
    """One per process. An index is loaded once for all who wait for it; the least recently used ones go first."""

    def __init__(self, db: Database, encoder: Encoder, most_bytes: int = MOST_BYTES) -> None:
        self.encoder = encoder
        self.together = SimilarTogether()
        self._db = db
        self._most_bytes = most_bytes
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._loading: dict[int, asyncio.Task[_Held]] = {}

    def at_hand(self, workspace_id: int, version: int) -> KnowledgeIndex | None:
        """The index if it is in memory and knows `version`; never waits."""
        held = self._held.get(workspace_id)
        if held is None or held.version < version:
            return None
        self._held.move_to_end(workspace_id)
        return held.index

    async def index_for(self, workspace_id: int, version: int) -> KnowledgeIndex:
        """The knowledge of `version` or newer. Raises the 503 Problem when the database cannot be reached."""
        index = self.at_hand(workspace_id, version)
        while index is None:
            running = self._loading.get(workspace_id)
            is_own = running is None
            if running is None:
                running = asyncio.create_task(self._load(workspace_id))
                self._loading[workspace_id] = running
            # Whoever stops waiting does not stop the others.
            held = await asyncio.shield(running)
            index = held.index if held.version >= version or is_own else self.at_hand(workspace_id, version)
        return index

    async def warm(self, workspace_id: int) -> None:
        """Loads what is current, so that the next question does not wait for it."""
        async with self._db.transaction(workspace_id) as tx:
            version = await read_version(tx, workspace_id)
        await self.index_for(workspace_id, version)

    async def current(self, workspace_id: int) -> KnowledgeIndex:
        """For callers that have not read the version with their turn."""
        async with self._db.transaction(workspace_id) as tx:
            version = await read_version(tx, workspace_id)
        return await self.index_for(workspace_id, version)

    async def _load(self, workspace_id: int) -> _Held:
        try:
            version, rows = await _read(self._db, workspace_id)
            held = await asyncio.to_thread(_build, version, rows)
        finally:
            del self._loading[workspace_id]
        self._held[workspace_id] = held
        self._held.move_to_end(workspace_id)
        while len(self._held) > 1 and sum(one.bytes for one in self._held.values()) > self._most_bytes:
            self._held.popitem(last=False)
        return held


async def read_version(tx: Transaction, workspace_id: int) -> int:
    """Raised in the transaction of every change to what can be found."""
    return int(await tx.fetchval("select knowledge_version from workspaces where id = $1", workspace_id))


async def raise_version(tx: Transaction, workspace_id: int) -> None:
    """Call it last: it locks the workspace's row until the commit."""
    await tx.execute("update workspaces set knowledge_version = knowledge_version + 1 where id = $1", workspace_id)


async def _read(db: Database, workspace_id: int) -> tuple[int, list[Any]]:
    """Version and passages of one moment, in pages, so that the event loop is never held up for long."""
    rows: list[Any] = []
    async with db.transaction(workspace_id) as tx:
        await tx.execute("set transaction isolation level repeatable read, read only")
        version = await read_version(tx, workspace_id)
        while True:
            page = await tx.fetch(_STATEMENT, workspace_id, rows[-1]["id"] if rows else 0)
            rows += page
            if len(page) < PAGE:
                return version, rows


def _build(version: int, rows: list[Any]) -> _Held:
    vectors = np.empty((len(rows), DIMENSIONS), dtype=np.float32)
    for position, row in enumerate(rows):
        vectors[position] = row["embedding"]
    index = KnowledgeIndex([_entry(row, vectors[position]) for position, row in enumerate(rows)], vectors)
    return _Held(version, index, index.memory_bytes)


def _entry(row: Any, vector: Any) -> Entry:
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
        rank=row["rank"] or 0,
        document_at=row["ready_at"],
    )
