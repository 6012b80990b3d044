"""The searchable knowledge of each workspace, kept in memory and exchanged as soon as it changes."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from yingke.kit.db import Database, Transaction
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.read_entries import Moment, entry_of, matrix_of, read_entries
from yingke.knowledge.similar_together import SimilarTogether

MOST_BYTES = 300_000_000


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

    async def preview(self, workspace_id: int, document_id: int, version: int) -> KnowledgeIndex:
        """The knowledge as it would be with `version` of the document live. Kept by the caller only."""
        moment = await read_entries(self._db, workspace_id, (document_id, version))
        return (await asyncio.to_thread(_build, moment)).index

    async def _load(self, workspace_id: int) -> _Held:
        try:
            held = await asyncio.to_thread(_build, await read_entries(self._db, workspace_id))
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


def _build(moment: Moment) -> _Held:
    vectors = matrix_of(moment.rows, DIMENSIONS)
    entries = [entry_of(row, vector) for row, vector in zip(moment.rows, vectors, strict=True)]
    index = KnowledgeIndex(entries, vectors, answering=moment.answering)
    return _Held(moment.version, index, index.memory_bytes)
