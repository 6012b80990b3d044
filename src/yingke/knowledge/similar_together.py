"""One matrix product for all questions that reach an index in the same turn of the event loop."""

import asyncio
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from yingke.knowledge.index import KnowledgeIndex

_Waiting = list[tuple[NDArray[np.float32], asyncio.Future[NDArray[np.float32]]]]


class SimilarTogether:
    """One per event loop. The encoder answers in batches, so questions of a batch meet here again."""

    def __init__(self) -> None:
        self._waiting: WeakKeyDictionary[KnowledgeIndex, _Waiting] = WeakKeyDictionary()

    async def similar(self, index: KnowledgeIndex, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """(n, 512) vectors → (n, entries)."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[NDArray[np.float32]] = loop.create_future()
        waiting = self._waiting.get(index)
        if waiting is None:
            waiting = self._waiting[index] = []
            loop.call_soon(self._multiply, index)
        waiting.append((vectors, answer))
        return await answer

    def _multiply(self, index: KnowledgeIndex) -> None:
        waiting = self._waiting.pop(index)
        near = index.similar(np.concatenate([vectors for vectors, _ in waiting]))
        at = 0
        for vectors, answer in waiting:
            if not answer.done():
                answer.set_result(near[at : at + len(vectors)])
            at += len(vectors)
