"""The knowledge of a large workspace: candidates come from the database, the verdict from the index that all share."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.kit.db import Database
from yingke.knowledge.entry import Entry, Hit, Scope
from yingke.knowledge.index import KnowledgeIndex, Prepared, Query, Surroundings, prepare
from yingke.knowledge.large.counted import Counted
from yingke.knowledge.large.look_closer import Picked, look_closer
from yingke.knowledge.large.terms_kept import read_again
from yingke.knowledge.large.wanted_terms import Wanted, wanted_terms
from yingke.knowledge.names import NameBook
from yingke.knowledge.ranking.adapter import bent_lengths, bent_twice
from yingke.knowledge.read_entries import COLUMNS, FOUND, SOURCES, entry_of
from yingke.knowledge.recipe import recipe

CANDIDATES = 200
JUDGED = 32
"""Of the candidates of both kinds, those that are judged as the index in memory would judge them."""
MOST_REMEMBERED = 2000
MOST_KEPT = 2000
_LIMITS = (
    "set local hnsw.ef_search = 240; set local hnsw.iterative_scan = relaxed_order;"
    " set local hnsw.max_scan_tuples = 20000"
)
_NEAR = "select * from near_large($1, $2, $3)"
_SAID = "select * from said_large($1, $2, $3, $4, $5)"
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


@dataclass(frozen=True, slots=True)
class _Kept:
    """A passage that was a candidate. With `is_whole` it was prepared here, by all its terms."""

    entry: Entry
    prepared: Prepared
    is_whole: bool

    def for_question(self, one: Picked) -> Prepared:
        return self.prepared if self.is_whole else replace(self.prepared, words=one.words, chars=one.chars)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`bent_length` None: still to be worked out."""

    entry: Entry
    prepared: Prepared
    bent_length: float | None


class LargeIndex(KnowledgeIndex):
    """As an index it holds only what came in since the database was last in step: ask it through `find_hits`.

    `words.rarity` speaks for the whole knowledge. `replaced` is a document whose live passages are left out, in a
    preview of another version of it. `known` prepares an entry, or has done so before.
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
        known: Callable[[Entry], Prepared] = prepare,
    ) -> None:
        self._db = db
        self._workspace_id = workspace_id
        self._counted_words, self._counted_chars = words, chars
        self._replaced = replaced
        self._closed = [_Closed(**dict(row)) for row in closed]
        self._fresh = {entry.id: known(entry) for entry in fresh}
        self._remembered: OrderedDict[int, Entry] = OrderedDict()
        # What was a candidate before is not read again; it lives as long as this version of the knowledge.
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        super().__init__(
            fresh, vectors, prepared=list(self._fresh.values()), around=Surroundings(words, chars), answering=answering
        )

    @property
    def count(self) -> int:
        """Passages when they were last counted."""
        return self._counted_words.count

    @property
    def fresh(self) -> dict[int, tuple[Entry, Prepared]]:
        """By id: what the database's search does not know yet, as it was prepared."""
        return {entry.id: (entry, self._fresh[entry.id]) for entry in self.entries}

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
        bent = bent_twice(np.stack([query.vector for query in queries]))
        vectors = [vector if query.vector.any() else None for query, vector in zip(queries, bent, strict=True)]
        # On two connections: together they take as long as the slower one.
        near, said = await asyncio.gather(self._by_meaning(vectors, without), self._by_words(vectors, wanted, without))
        picked = [
            look_closer(query, vector, _both(*rows), self._counted_words, self._counted_chars, JUDGED)
            for query, vector, *rows in zip(queries, bent, near, said, strict=True)
        ]
        rows = await self._fetch({one.passage_id for some in picked for one in some} - self._kept.keys())
        found = await asyncio.to_thread(self._judge_all, queries, bent, picked, rows, scope, limit)
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

    async def _by_meaning(self, vectors: Sequence[NDArray[np.float32] | None], without: list[int]) -> list[list[Any]]:
        """Candidates by meaning for each question; none where there is no vector."""
        if not any(vector is not None for vector in vectors):
            return [[] for _ in vectors]
        async with self._db.transaction(self._workspace_id) as tx:
            await tx.execute(_LIMITS)
            return [
                list(await tx.fetch(_NEAR, vector, without, CANDIDATES)) if vector is not None else []
                for vector in vectors
            ]

    async def _by_words(
        self, vectors: Sequence[NDArray[np.float32] | None], wanted: Sequence[Wanted], without: list[int]
    ) -> list[list[Any]]:
        """Candidates by words for each question."""
        async with self._db.transaction(self._workspace_id) as tx:
            return [
                list(await tx.fetch(_SAID, vector, some.terms, some.weights, without, CANDIDATES))
                for vector, some in zip(vectors, wanted, strict=True)
            ]

    async def _fetch(self, passage_ids: set[int]) -> Sequence[Any]:
        if not passage_ids:
            return []
        async with self._db.transaction(self._workspace_id) as tx:
            rows: Sequence[Any] = await tx.fetch(_ROWS, self._workspace_id, list(passage_ids), self._replaced)
        return rows

    def _judge_all(
        self,
        queries: Sequence[Query],
        bent: NDArray[np.float32],
        picked: Sequence[Sequence[Picked]],
        rows: Sequence[Any],
        scope: Scope,
        limit: int,
    ) -> list[list[Hit]]:
        read = {int(row["id"]): _keep(row) for row in rows}
        found = []
        for query, vector, some in zip(queries, bent, picked, strict=True):
            known = [(one, read.get(one.passage_id) or self._kept.get(one.passage_id)) for one in some]
            candidates = [
                _Candidate(kept.entry, kept.for_question(one), one.bent_length if not kept.is_whole else None)
                for one, kept in known
                if kept
            ]
            found.append(self._judge(query, vector, candidates, scope, limit))
        self._keep_some(read)
        return found

    def _judge(
        self, query: Query, bent: NDArray[np.float32], candidates: list[_Candidate], scope: Scope, limit: int
    ) -> list[Hit]:
        """The candidates and the best of what is fresh, weighed as parts of the whole."""
        near = bent[None, :]
        if self.entries:
            fresh = [hit.entry for hit in self.rank(query, self.similar_bent(near)[0], scope=scope, limit=JUDGED)]
            ids = {entry.id for entry in fresh}
            candidates = [one for one in candidates if one.entry.id not in ids]
            candidates += [_Candidate(entry, self._fresh[entry.id], None) for entry in fresh]
        if not candidates:
            return []
        entries, prepared = [one.entry for one in candidates], [one.prepared for one in candidates]
        matrix = np.stack([np.asarray(entry.vector, dtype=np.float32) for entry in entries])
        index = KnowledgeIndex(
            entries,
            matrix,
            prepared=prepared,
            around=Surroundings(self._counted_words, self._counted_chars),
            lengths=_lengths(candidates, matrix),
            names=NameBook(entries, [one.reading for one in prepared], is_coded=bool(query.codes)),
        )
        return index.rank(query, index.similar_bent(near)[0], scope=scope, limit=limit)

    def _keep_some(self, read: Mapping[int, _Kept]) -> None:
        """Called from several threads: each step is one of the dictionary's own."""
        self._kept.update(read)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _remember(self, entry: Entry) -> None:
        self._remembered[entry.id] = entry
        self._remembered.move_to_end(entry.id)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)


def _both(near: Sequence[Any], said: Sequence[Any]) -> list[Any]:
    """Each passage once."""
    known = {row["passage_id"] for row in near}
    return [*near, *(row for row in said if row["passage_id"] not in known)]


def _keep(row: Any) -> _Kept:
    entry = entry_of(row, row["embedding"])
    if row["recipe"] == recipe():
        return _Kept(entry, read_again(row["reading"], {}, {}), False)
    return _Kept(entry, prepare(entry), True)


def _lengths(candidates: Sequence[_Candidate], matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    """As `bent_lengths`; a product of matrices only for those whose length was not stored by this program."""
    lengths = np.array([one.bent_length or 0.0 for one in candidates], dtype=np.float32)
    unknown = [at for at, one in enumerate(candidates) if one.bent_length is None]
    if unknown:
        lengths[unknown] = bent_lengths(matrix[unknown])
    return lengths
