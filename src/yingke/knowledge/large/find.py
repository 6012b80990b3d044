"""The one way to search: in memory at once, in the database where a workspace is too large for that."""

import asyncio
from collections.abc import Sequence

import numpy as np

from yingke.knowledge.entry import Hit, Scope
from yingke.knowledge.index import KnowledgeIndex, Query
from yingke.knowledge.large.large_index import LargeIndex
from yingke.knowledge.similar_together import SimilarTogether


async def find(
    index: KnowledgeIndex,
    queries: Sequence[Query],
    *,
    scope: Scope,
    limit: int = 10,
    together: SimilarTogether | None = None,
) -> list[list[Hit]]:
    """The best entries that `scope` allows for each question, best first.

    `together` is given by a busy process, so that concurrent questions share their matrix product. Raises the 503
    Problem when a database that must be asked cannot be reached.
    """
    if not queries:
        return []
    if isinstance(index, LargeIndex):
        found = await index.find_hits(queries, scope=scope, limit=limit)
    else:
        vectors = np.stack([query.vector for query in queries])
        near = await together.similar(index, vectors) if together else index.similar(vectors)
        if index.outside is not None:
            near = await index.outside.similar([query.text for query in queries], near)
        found = [index.rank(query, row, scope=scope, limit=limit) for query, row in zip(queries, near, strict=True)]
    if index.outside is None:
        return found
    again = (index.outside.rerank(query.text, hits) for query, hits in zip(queries, found, strict=True))
    return list(await asyncio.gather(*again))


async def recall(index: KnowledgeIndex, passage_ids: Sequence[int]) -> None:
    """Call it before `find_entry` with ids that this conversation has cited; returns at once for an index in memory."""
    if passage_ids and isinstance(index, LargeIndex):
        await index.recall(passage_ids)
