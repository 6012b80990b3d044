"""Group commit: order per key, a quick answer for whoever comes alone, and larger batches while many come."""

import asyncio
import time
from collections.abc import Sequence
from statistics import median

from yingke.kit.batcher import GATHER_SECONDS, Batcher


class Store:
    """Remembers the batches that it was given; `takes` seconds each."""

    def __init__(self, takes: float) -> None:
        self.batches: list[list[int]] = []
        self.takes = takes

    async def flush(self, items: Sequence[int], wait: bool) -> list[int | None]:
        self.batches.append(list(items))
        await asyncio.sleep(self.takes)
        return list(items)


async def test_whoever_comes_alone_is_stored_at_once() -> None:
    store = Store(takes=0)
    batcher: Batcher[int, int] = Batcher(store.flush, lanes=1)
    took = []
    for number in range(60):
        began = time.perf_counter()
        assert await batcher.submit(1, number) == number
        took.append(time.perf_counter() - began)
    assert median(took) < GATHER_SECONDS
    assert store.batches == [[number] for number in range(60)]


async def test_while_many_come_a_lane_gathers_them_in_order() -> None:
    store = Store(takes=0.004)
    batcher: Batcher[int, int] = Batcher(store.flush, lanes=1)
    waiting = []
    for number in range(100):
        waiting.append(batcher.submit(number % 7, number))
        await asyncio.sleep(0.0005)
    assert await asyncio.gather(*waiting) == list(range(100))
    assert [number for batch in store.batches for number in batch] == list(range(100))
    assert len(store.batches) < 40
