"""The searchable knowledge of each workspace, kept in memory and exchanged as soon as it changes."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import partial

from yingke.kit.db import Database
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.index import KnowledgeIndex
from yingke.knowledge.index_builder import IndexBuilder
from yingke.knowledge.knowledge_version import only_added, raise_version, read_version
from yingke.knowledge.large.counted import unpack
from yingke.knowledge.large.large_index import LargeIndex
from yingke.knowledge.large.wish_fit import LARGE, wish_fit
from yingke.knowledge.outside.open_outside import open_outside
from yingke.knowledge.outside.outside import OutsideModels
from yingke.knowledge.prepared_before import prepared_before
from yingke.knowledge.read_entries import Moment, entry_of, matrix_of, read_entries
from yingke.knowledge.similar_together import SimilarTogether
from yingke.knowledge.snapshots import Snapshots

__all__ = ["Library", "raise_version", "read_version"]
MOST_BYTES = 300_000_000
MANY_FILES = 20
"""While so many documents of a workspace are still being learned, its index is not built anew for each of them."""
LAG_SECONDS = 6.0
_PAUSE, _MOST_LAG = 2, 6
"""Times the seconds that a build takes: what passes at least between two of them, and what an index may be behind."""


@dataclass(frozen=True, slots=True)
class _Held:
    version: int
    index: KnowledgeIndex
    bytes: int
    learning: int = 0
    """Documents that were still being learned when it was loaded."""
    loaded_at: float = 0.0
    took: float = 0.0
    """Seconds of loading, building included."""


class Library:
    """One per process. An index is loaded once for all who wait for it; the least recently used ones go first.

    An index knows the version that is asked for, with one exception: while MANY_FILES are learned at once, files that
    have just been learned may be missing for `lag_seconds`, because it is built anew beside the questions instead of
    before them. What was taken away, closed to customers or changed is honoured at once.
    """

    def __init__(
        self,
        db: Database,
        encoder: Encoder,
        most_bytes: int = MOST_BYTES,
        snapshots: Snapshots | None = None,
        models: OutsideModels | None = None,
        builder: IndexBuilder | None = None,
        lag_seconds: float = LAG_SECONDS,
    ) -> None:
        """With `snapshots` a workspace that was put out of memory comes back from this machine's disk.

        With `builder`, which fills the same `snapshots`, indexes are built beside this process while a heap is learned.
        `models` are those that workspaces chose; without them only the embedded encoder is used.
        """
        self.encoder = encoder
        self.together = SimilarTogether()
        self._db = db
        self._most_bytes = most_bytes
        self._snapshots = snapshots
        self._builder = builder
        self._models = models
        self._lag_seconds = lag_seconds
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._loading: dict[int, asyncio.Task[_Held]] = {}

    def at_hand(self, workspace_id: int, version: int) -> KnowledgeIndex | None:
        """The index if it is in memory and knows `version`, or may be behind it; never waits."""
        held = self._held.get(workspace_id)
        if held is None or (held.version < version and not self._may_lag(workspace_id, held, version)):
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
                running = self._begin_load(workspace_id)
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

    async def close(self) -> None:
        """Ends what builds beside this process."""
        if self._builder is not None:
            await self._builder.close()

    async def preview(self, workspace_id: int, document_id: int, version: int) -> KnowledgeIndex:
        """The knowledge as it would be with `version` of the document live. Kept by the caller only."""
        moment = await read_entries(self._db, workspace_id, (document_id, version))
        return await asyncio.to_thread(_build, self._db, workspace_id, moment, document_id)

    def _may_lag(self, workspace_id: int, held: _Held, version: int) -> bool:
        age = time.monotonic() - held.loaded_at
        most = max(self._lag_seconds, _MOST_LAG * held.took)
        if held.learning < MANY_FILES or age > most or not only_added(held.version, version):
            return False
        if age > max(self._lag_seconds / 2, _PAUSE * held.took) and workspace_id not in self._loading:
            self._begin_load(workspace_id)
        return True

    def _begin_load(self, workspace_id: int) -> asyncio.Task[_Held]:
        running = asyncio.create_task(self._load(workspace_id))
        # Nobody may be waiting for it; what went wrong meets the next one who asks.
        running.add_done_callback(lambda task: task.cancelled() or task.exception())
        self._loading[workspace_id] = running
        return running

    async def _load(self, workspace_id: int) -> _Held:
        began = time.monotonic()
        try:
            async with self._db.transaction(workspace_id) as tx:
                learning: int = await tx.fetchval(
                    "select count(*) from documents where workspace_id = $1 and deleted_at is null"
                    " and state in ('queued', 'parsing', 'indexing')",
                    workspace_id,
                )
            held = await self._read(workspace_id, is_crowded=learning >= MANY_FILES)
            now = time.monotonic()
            held = replace(held, learning=learning, loaded_at=now, took=now - began)
        finally:
            del self._loading[workspace_id]
        self._held[workspace_id] = held
        self._held.move_to_end(workspace_id)
        while len(self._held) > 1 and sum(one.bytes for one in self._held.values()) > self._most_bytes:
            self._held.popitem(last=False)
        return held

    async def _read(self, workspace_id: int, is_crowded: bool) -> _Held:
        before = self._held.get(workspace_id)
        is_large = before is not None and isinstance(before.index, LargeIndex)
        found = await self._have_built(workspace_id) if is_crowded and not is_large else None
        moment, held = found or await self._read_own(workspace_id)
        if self._models is None or not moment.search:
            return held
        ids = None if isinstance(held.index, LargeIndex) else [entry.id for entry in held.index.entries]
        outside = await open_outside(self._db, self._models, workspace_id, moment.search, ids)
        held.index.outside = outside
        more = 0 if outside is None or outside.vectors is None else outside.vectors.nbytes
        return replace(held, bytes=held.bytes + more)

    async def _have_built(self, workspace_id: int) -> tuple[Moment, _Held] | None:
        """None when nobody else can build it, or the file was exchanged meanwhile."""
        if self._builder is None or self._snapshots is None:
            return None
        built = await self._builder.build(workspace_id)
        if built is None or not self._snapshots.holds(workspace_id, built.version, built.last_id):
            return None
        moment = Moment(built.version, built.last_id, None, built.answering, built.search)
        held = await self._load_kept(workspace_id, moment)
        if held is not None and len(held.index.entries) > LARGE:
            await self._wish_fit(workspace_id)
        return None if held is None else (moment, held)

    async def _load_kept(self, workspace_id: int, moment: Moment) -> _Held | None:
        found = None if self._snapshots is None else await asyncio.to_thread(self._snapshots.load, workspace_id)
        if found is None:
            return None
        index, size = found
        index.answering = moment.answering
        return _Held(moment.version, index, size)

    async def _wish_fit(self, workspace_id: int) -> None:
        async with self._db.transaction(workspace_id) as tx:
            await wish_fit(tx, workspace_id)

    async def _read_own(self, workspace_id: int) -> tuple[Moment, _Held]:
        """From this machine's disk where what lies there is what the database holds, else from the database."""
        kept = self._snapshots
        if kept is not None:
            moment = await read_entries(self._db, workspace_id, None, partial(kept.holds, workspace_id))
            if moment.rows is None:
                found = await self._load_kept(workspace_id, moment)
                if found is not None:
                    return moment, found
        if kept is None or moment.rows is None:
            moment = await read_entries(self._db, workspace_id)
        held = await asyncio.to_thread(self._make, workspace_id, moment, self._held.get(workspace_id))
        # A large one is looked after at every change: what came, what went, what a newer program would prepare anew.
        if moment.counted is not None or len(moment.rows or ()) > LARGE:
            await self._wish_fit(workspace_id)
        return moment, held

    def _make(self, workspace_id: int, moment: Moment, before: _Held | None) -> _Held:
        index = _build(self._db, workspace_id, moment, before=before)
        if self._snapshots is None or isinstance(index, LargeIndex) or not index.entries:
            return _Held(moment.version, index, index.memory_bytes)
        return _Held(moment.version, *self._snapshots.save(workspace_id, moment.version, moment.last_id, index))


def _build(
    db: Database, workspace_id: int, moment: Moment, replaced: int | None = None, before: _Held | None = None
) -> KnowledgeIndex:
    rows = moment.rows or []
    vectors = matrix_of(rows, DIMENSIONS)
    entries = [entry_of(row, vector) for row, vector in zip(rows, vectors, strict=True)]
    if moment.counted is None:
        return KnowledgeIndex(entries, vectors, answering=moment.answering)
    words, chars = unpack(moment.counted)
    return LargeIndex(
        db,
        workspace_id,
        words,
        chars,
        entries,
        vectors,
        closed=moment.closed,
        answering=moment.answering,
        replaced=replaced,
        known=prepared_before(before.index.fresh if before and isinstance(before.index, LargeIndex) else {}),
    )
