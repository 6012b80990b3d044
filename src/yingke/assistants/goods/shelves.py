"""The shelves of the workspaces that this process serves, read again once a minute while somebody asks."""

import asyncio
import contextlib
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import structlog
from numpy.typing import NDArray

from yingke.assistants.goods.likeness import Likeness, examples
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
MOST_LINES = 60_000
"""Of all workspaces together, 2 KB each; the one that was asked longest ago goes first."""
_GOODS = (
    "select id, title, code, category, attributes, description, shop_ids, price_from_minor,"
    " coalesce((select array_agg(distinct variant.title order by variant.title) from product_variants variant"
    "  where variant.workspace_id = $1 and variant.product_id = products.id and variant.title <> ''), '{}') as variants"
    " from products where workspace_id = $1 and is_listed order by id desc limit $2"
)


@dataclass(slots=True)
class _Kept:
    """`shelf` None: no goods, or not read yet."""

    shelf: Shelf | None = None
    until: float = 0.0
    first: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when something is at hand, or it is known that nothing is."""
    reading: "asyncio.Task[None] | None" = None


class Shelves:
    """At most 2,000 goods a workspace, the newest; more are found in the database alone."""

    def __init__(self, db: Database, encoder: Encoder, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._db = db
        self._encoder = encoder
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._likeness: Likeness | None = None

    async def of(self, workspace_id: int) -> Shelf | None:
        """None while there is nothing to know: no goods, or the first reading takes long."""
        kept = self._kept.setdefault(workspace_id, _Kept())
        self._kept.move_to_end(workspace_id)
        if self._clock() >= kept.until and (kept.reading is None or kept.reading.done()):
            kept.reading = asyncio.create_task(self._read(workspace_id, kept))
        if not kept.first.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(kept.first.wait(), FIRST_SECONDS)
        return kept.shelf

    async def _read(self, workspace_id: int, kept: _Kept) -> None:
        try:
            # The newest few first, so that a large shop has something at hand at once.
            for most in (MOST_GOODS,) if kept.shelf is not None else (FIRST_GOODS, MOST_GOODS):
                goods = await self._goods(workspace_id, most, kept.shelf)
                if kept.shelf is None or goods != kept.shelf.goods:
                    kept.shelf = await self._place(goods, kept.shelf)
                kept.first.set()
                if len(goods) < most:
                    break
            await self._hear(kept.shelf)
            kept.until = self._clock() + KEEP_SECONDS
        except Problem as problem:
            # The database or the encoder is away: what was known goes on, and a later turn tries again.
            log.warning("goods not read", code=problem.code)
            kept.until = self._clock() + FIRST_SECONDS
            kept.first.set()
        self._forget()

    def _forget(self) -> None:
        lines = sum(len(kept.shelf.vectors) for kept in self._kept.values() if kept.shelf is not None)
        while lines > MOST_LINES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            lines -= len(oldest.shelf.vectors) if oldest.shelf is not None else 0

    async def _goods(self, workspace_id: int, most: int, before: Shelf | None) -> tuple[Good, ...]:
        """One that is as it was stays the same object, with what was worked out of its words."""
        async with self._db.transaction(workspace_id) as tx:
            rows = await tx.fetch(_GOODS, workspace_id, most)
        known = {good.id: good for good in before.goods} if before is not None else {}
        goods = [
            Good(
                row["id"],
                row["title"],
                row["code"],
                row["category"],
                lines_of(row["title"], row["attributes"], row["description"]),
                None if row["shop_ids"] is None else tuple(row["shop_ids"]),
                row["price_from_minor"] or 0,
                tuple(row["variants"]),
            )
            for row in rows
        ]
        return tuple(known[good.id] if known.get(good.id) == good else good for good in goods)

    async def _place(self, goods: tuple[Good, ...], before: Shelf | None) -> Shelf | None:
        """Encodes only what was not on the shelf before, beside the questions of customers."""
        if not goods:
            return None
        known = _vectors_of(before) if before is not None else {}
        lines, titles = _texts(goods)
        unknown = [text for text in dict.fromkeys([*lines, *titles]) if text not in known]
        known |= zip(unknown, await self._encoder.encode_many(unknown), strict=True)
        starts = np.cumsum([0, *(len(good.lines) for good in goods)])
        rows = _rows(lines, known), _rows(titles, known)
        shelf = Shelf(goods, *rows, tuple(map(int, starts)), self._likeness)
        # Cutting thousands of names into words takes a while, and nobody is to wait for it.
        await asyncio.to_thread(shelf.prepare)
        return shelf

    async def _hear(self, shelf: Shelf | None) -> None:
        """What needs are like takes longer to encode than a few goods: the first shelf is there before it."""
        if shelf is not None and shelf.likeness is None:
            if self._likeness is None:
                self._likeness = Likeness(np.array(await self._encoder.encode_many([fold(one) for one in examples()])))
            shelf.likeness = self._likeness


def _texts(goods: Sequence[Good]) -> tuple[list[str], list[str]]:
    """What is encoded of each line and of each title."""
    lines = [fold(line.whole) for good in goods for line in good.lines]
    return lines, [fold(f"{good.title} {good.category}") for good in goods]


def _vectors_of(shelf: Shelf) -> dict[str, NDArray[np.float32]]:
    lines, titles = _texts(shelf.goods)
    return dict(zip(lines, shelf.vectors, strict=True)) | dict(zip(titles, shelf.titles, strict=True))


def _rows(texts: list[str], vectors: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.array([vectors[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)
