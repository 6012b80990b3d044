"""The shelves of the workspaces that this process serves, read again once a minute while somebody asks."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import structlog
from numpy.typing import NDArray

from yingke.assistants.goods.shelf import Good, Shelf, lines_of
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.knowledge.encoder import Encoder
from yingke.knowledge.encoder_frames import DIMENSIONS
from yingke.knowledge.fold import fold

log = structlog.get_logger("goods")

KEEP_SECONDS = 60.0
FIRST_SECONDS = 3.0
"""How long a turn waits for the first reading; afterwards the old shelf serves until the new one is there."""
MOST_GOODS = 2_000
FIRST_GOODS = 100
MOST_WORKSPACES = 200
AT_ONCE = 32
_GOODS = (
    "select id, title, code, category, attributes, description, shop_ids from products"
    " where workspace_id = $1 and is_listed order by id desc limit $2"
)


@dataclass(slots=True)
class _Kept:
    shelf: Shelf | None
    until: float
    vectors: dict[str, NDArray[np.float32]]


class Shelves:
    """At most 2,000 goods a workspace, the newest; more are found in the database alone."""

    def __init__(self, db: Database, encoder: Encoder) -> None:
        self._db = db
        self._encoder = encoder
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._reading: dict[int, asyncio.Task[None]] = {}

    async def of(self, workspace_id: int) -> Shelf | None:
        """None while there is nothing to know: no goods, or the first reading takes long."""
        kept = self._kept.get(workspace_id)
        if kept is not None:
            self._kept.move_to_end(workspace_id)
        if kept is None or time.monotonic() >= kept.until:
            reading = self._reading.get(workspace_id) or self._read_again(workspace_id)
            if kept is None:
                await self._first(workspace_id, reading)
        kept = self._kept.get(workspace_id)
        return kept.shelf if kept is not None else None

    async def _first(self, workspace_id: int, reading: "asyncio.Task[None]") -> None:
        """Until something is at hand, the reading ends, or it takes too long for a turn to wait."""
        until = time.monotonic() + FIRST_SECONDS
        while workspace_id not in self._kept and not reading.done() and time.monotonic() < until:
            await asyncio.wait([reading], timeout=0.02)

    def _read_again(self, workspace_id: int) -> "asyncio.Task[None]":
        task = asyncio.create_task(self._read(workspace_id))
        self._reading[workspace_id] = task
        task.add_done_callback(lambda _: self._reading.pop(workspace_id, None))
        return task

    async def _read(self, workspace_id: int) -> None:
        kept = self._kept.get(workspace_id) or _Kept(None, 0.0, {})
        try:
            # The newest few first, so that a large shop has something at hand at once.
            for most in (MOST_GOODS,) if kept.shelf is not None else (FIRST_GOODS, MOST_GOODS):
                goods = await self._goods(workspace_id, most)
                kept.shelf, kept.vectors = await self._place(goods, kept.vectors)
                self._kept[workspace_id] = kept
                kept.until = time.monotonic() + KEEP_SECONDS
                if len(goods) < most:
                    break
        except Problem as problem:
            # The database or the encoder is away: what was known goes on, and a later turn tries again.
            log.warning("goods not read", code=problem.code)
            kept.until = time.monotonic() + FIRST_SECONDS
        self._kept[workspace_id] = kept
        while len(self._kept) > MOST_WORKSPACES:
            self._kept.popitem(last=False)

    async def _goods(self, workspace_id: int, most: int) -> tuple[Good, ...]:
        async with self._db.transaction(workspace_id) as tx:
            rows = await tx.fetch(_GOODS, workspace_id, most)
        return tuple(
            Good(
                row["id"],
                row["title"],
                row["code"],
                row["category"],
                lines_of(row["title"], row["attributes"], row["description"]),
                None if row["shop_ids"] is None else tuple(row["shop_ids"]),
            )
            for row in rows
        )

    async def _place(
        self, goods: tuple[Good, ...], known: dict[str, NDArray[np.float32]]
    ) -> tuple[Shelf | None, dict[str, NDArray[np.float32]]]:
        """Encodes only what was not on the shelf before; customers' questions go between the batches."""
        if not goods:
            return None, {}
        texts = [fold(line.whole) for good in goods for line in good.lines]
        titles = [fold(f"{good.title} {good.category}") for good in goods]
        unknown = list({text for text in (*texts, *titles) if text not in known})
        vectors = {text: known[text] for text in (*texts, *titles) if text in known}
        for at in range(0, len(unknown), AT_ONCE):
            part = unknown[at : at + AT_ONCE]
            vectors |= zip(part, await self._encoder.encode(part), strict=True)
        starts = np.cumsum([0, *(len(good.lines) for good in goods)])
        shelf = Shelf(goods, _rows(texts, vectors), _rows(titles, vectors), tuple(map(int, starts)))
        return shelf, vectors


def _rows(texts: list[str], vectors: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.array([vectors[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)
