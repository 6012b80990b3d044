"""The knowledge of a large workspace: candidates come from the database, the verdict from the index that all share."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database, Transaction
from yingke.knowledge.entry import Entry, Hit, Scope
from yingke.knowledge.index import KnowledgeIndex, Prepared, Query, Surroundings, prepare
from yingke.knowledge.large.counted import Counted
from yingke.knowledge.large.look_closer import Picked, look_closer
from yingke.knowledge.large.terms_kept import read_again
from yingke.knowledge.large.wanted_terms import Wanted, wanted_terms
from yingke.knowledge.ranking.adapter import bent_twice
from yingke.knowledge.read_entries import COLUMNS, FOUND, SOURCES, entry_of
from yingke.knowledge.recipe import recipe

CANDIDATES = 200
JUDGED = 64
"""Of the candidates of both kinds, those that are judged as the index in memory would judge them."""
MOST_REMEMBERED = 2000
_LIMITS = (
    "set local hnsw.ef_search = 240; set local hnsw.iterative_scan = relaxed_order;"
    " set local hnsw.max_scan_tuples = 20000"
)
_SEARCH = "select * from search_large($1, $2, $3, $4, $5)"
_ROWS = (
    f"select {COLUMNS}, l.embedding, r.reading, r.recipe from {SOURCES}"
    " join large_passages l on l.workspace_id = p.workspace_id and l.passage_id = p.id"
    " join large_prepared r on r.workspace_id = p.workspace_id and r.passage_id = p.id"
    f" where p.workspace_id = $1 and p.id = any($2) and p.is_live and {FOUND}"
    " and ($3::bigint is null or p.document_id is distinct from $3)"
)
_AGAIN = f"select {COLUMNS}, p.embedding from {SOURCES} where p.workspace_id = $1 and p.id = any($2)"


@dataclass(frozen=True, slots=True)
class _Closed:
    """A scope that is not open to everybody at any time: a document, or all pairs with the same limits."""

    scope: int
    audience: str
    shop_ids: list[int] | None
    valid_from: datetime | None
    valid_to: datetime | None
    is_gone: bool

    def is_open_to(self, scope: Scope) -> bool:
        is_staff = scope.audience == "staff"
        in_shop = self.shop_ids is None or scope.shop_id in self.shop_ids or (is_staff and scope.shop_id is None)
        in_time = (self.valid_from is None or self.valid_from <= scope.at) and (
            self.valid_to is None or scope.at < self.valid_to
        )
        return not self.is_gone and in_shop and in_time and (is_staff or self.audience == "customer")


class LargeIndex(KnowledgeIndex):
    """As an index it holds only what came in since the database was last in step: ask it through `find_hits`.

    `words.rarity` speaks for the whole knowledge. `replaced` is a document whose live passages are left out, in a
    preview of another version of it.
    """

    def __init__(
        self,
        db: Database,
        workspace_id: int,
        words: Counted,
        chars: Counted,
        fresh: Sequence[Entry],
        vectors: NDArray[np.float32],
        *,
        closed: Sequence[Any] = (),
        answering: dict[str, Any] | None = None,
        replaced: int | None = None,
    ) -> None:
        self._db = db
        self._workspace_id = workspace_id
        self._counted_words, self._counted_chars = words, chars
        self._replaced = replaced
        self._closed = [_Closed(**dict(row)) for row in closed]
        self._fresh = {entry.id: prepare(entry) for entry in fresh}
        self._remembered: OrderedDict[int, Entry] = OrderedDict()
        super().__init__(
            fresh, vectors, prepared=list(self._fresh.values()), around=Surroundings(words, chars), answering=answering
        )

    @property
    def count(self) -> int:
        """Passages when they were last counted."""
        return self._counted_words.count

    @property
    def memory_bytes(self) -> int:
        return super().memory_bytes + self._counted_words.memory_bytes + self._counted_chars.memory_bytes

    def find_entry(self, passage_id: int) -> Entry | None:
        return self._remembered.get(passage_id) or super().find_entry(passage_id)

    async def find_hits(self, queries: Sequence[Query], *, scope: Scope, limit: int) -> list[list[Hit]]:
        """The best entries for each question. A vector of zeros leaves the search to words alone.

        Raises the 503 Problem when the database cannot be reached.
        """
        wanted = [wanted_terms(query, self._counted_words, self._counted_chars) for query in queries]
        without = [one.scope for one in self._closed if not one.is_open_to(scope)]
        if self._replaced is not None:
            without.append(self._replaced)
        async with self._db.transaction(self._workspace_id) as tx:
            await tx.execute(_LIMITS)
            near = [await self._near(tx, *pair, without) for pair in zip(queries, wanted, strict=True)]
            picked = [self._pick(*pair) for pair in zip(queries, near, strict=True)]
            ids = {one.passage_id for some in picked for one in some}
            rows = await tx.fetch(_ROWS, self._workspace_id, list(ids), self._replaced) if ids else []
        by_id = {int(row["id"]): row for row in rows}
        found = await asyncio.to_thread(
            lambda: [self._judge(query, some, by_id, scope, limit) for query, some in zip(queries, picked, strict=True)]
        )
        for hits in found:
            for hit in hits:
                self._remember(hit.entry)
        return found

    async def recall(self, passage_ids: Sequence[int]) -> None:
        """Makes `find_entry` know these, whatever their scope: only for ids that this conversation has cited."""
        unknown = [passage_id for passage_id in passage_ids if self.find_entry(passage_id) is None]
        if not unknown:
            return
        async with self._db.transaction(self._workspace_id) as tx:
            rows = await tx.fetch(_AGAIN, self._workspace_id, unknown)
        for row in rows:
            self._remember(entry_of(row, row["embedding"]))

    async def _near(self, tx: Transaction, query: Query, wanted: Wanted, without: list[int]) -> list[Any]:
        vector = bent_twice(query.vector[None, :])[0] if query.vector.any() else None
        return list(await tx.fetch(_SEARCH, vector, wanted.terms, wanted.weights, without, CANDIDATES))

    def _pick(self, query: Query, rows: Sequence[Any]) -> list[Picked]:
        return look_closer(query, rows, self._counted_words, self._counted_chars, JUDGED)

    def _judge(
        self, query: Query, picked: Sequence[Picked], rows: Mapping[int, Any], scope: Scope, limit: int
    ) -> list[Hit]:
        """The candidates and the best of what is fresh, weighed as parts of the whole."""
        entries: dict[int, tuple[Entry, Prepared]] = {}
        now = recipe()
        for one in picked:
            row = rows.get(one.passage_id)
            if row is not None:
                entry = entry_of(row, row["embedding"])
                is_ours = row["recipe"] == now
                prepared = read_again(row["reading"], one.words, one.chars) if is_ours else prepare(entry)
                entries[entry.id] = (entry, prepared)
        if self.entries:
            near = self.similar(query.vector[None, :])[0]
            for hit in self.rank(query, near, scope=scope, limit=JUDGED):
                entries[hit.entry.id] = (hit.entry, self._fresh[hit.entry.id])
        if not entries:
            return []
        matrix = np.stack([np.asarray(entry.vector, dtype=np.float32) for entry, _ in entries.values()])
        index = KnowledgeIndex(
            [entry for entry, _ in entries.values()],
            matrix,
            prepared=[prepared for _, prepared in entries.values()],
            around=Surroundings(self._counted_words, self._counted_chars),
        )
        return index.rank(query, index.similar(query.vector[None, :])[0], scope=scope, limit=limit)

    def _remember(self, entry: Entry) -> None:
        self._remembered[entry.id] = entry
        self._remembered.move_to_end(entry.id)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)
