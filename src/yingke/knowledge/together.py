"""Compares the questions of one tick of the event loop with the knowledge in one matrix product."""

import asyncio
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.index import KnowledgeIndex

SMALL = 200
"""Up to so many entries a product of its own costs less than waiting for others."""
Vectors = NDArray[np.float32]


class Together:
    """Reading the matrix is what costs: for thirty questions at once hardly more than for one."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[tuple[KnowledgeIndex, Vectors, asyncio.Future[Any]]]] = {}

    async def similar(self, index: KnowledgeIndex, vectors: Vectors) -> Vectors:
        """As `index.similar`, shared with whoever asks the same index in the same tick."""
        if len(index.entries) <= SMALL:
            return index.similar(vectors)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        line = self._waiting.get(id(index))
        if line is None:
            line = self._waiting[id(index)] = []
            loop.call_soon(self._flush, id(index))
        line.append((index, vectors, answer))
        rows: Vectors = await answer
        return rows

    def _flush(self, key: int) -> None:
        line = self._waiting.pop(key)
        index = line[0][0]
        rows = index.similar(np.concatenate([vectors for _, vectors, _ in line]))
        at = 0
        for _, vectors, answer in line:
            if not answer.done():
                answer.set_result(rows[at : at + len(vectors)])
            at += len(vectors)
