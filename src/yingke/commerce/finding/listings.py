"""The listings of the workspaces that this process serves. What a product is called counts after ten seconds at the latest."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from sys import intern
from typing import Any

from yingke.commerce.finding.kept_products import KeptProducts
from yingke.commerce.finding.listing import Listing, Words
from yingke.kit.db import Database
from yingke.kit.errors import Problem
from yingke.kit.look_once import LookOnce

MOST_PRODUCTS = 2_000
"""Of one workspace; the products of a larger one are found in the database."""
MOST_WORDS = 3_000_000
"""Of all workspaces together, about 20 bytes each; the one that was asked longest ago goes first."""
FRESH_SECONDS, KEEP_SECONDS = 5.0, 10.0
PAGE = 200
# Each change of a row gives it another xmin; which ones these are is all that is asked of what is known.
_STAMPS = """
select (select max(id) from products where workspace_id = $1) as newest, coalesce(array_agg(id), '{}') as ids,
  coalesce(array_agg(stamp), '{}') as stamps
from (select id, xmin::text::bigint as stamp from products where workspace_id = $1 and is_listed limit $2) listed
"""
_WORDS = """
select id, xmin::text::bigint as stamp, shop_ids, tsvector_to_array(ts_filter(search, '{a}')) as named,
  tsvector_to_array(ts_filter(search, '{b}')) as kind, tsvector_to_array(ts_filter(search, '{c,d}')) as rest
from products where workspace_id = $1 and id = any($2)
"""


class Listings:
    """At most MOST_PRODUCTS of a workspace. One per process."""

    def __init__(self, db: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self.kept = KeptProducts()
        self._db = db
        self._clock = clock
        self._kept: OrderedDict[int, tuple[float, Listing | None]] = OrderedDict()
        self._once: LookOnce[int, Listing | None] = LookOnce()
        self._ahead: set[asyncio.Task[Listing | None]] = set()

    async def of(self, workspace_id: int) -> Listing | None:
        """Never older than KEEP_SECONDS; None where the database has to be searched. Raises the 503 Problem."""
        kept = self._kept.get(workspace_id)
        age = self._clock() - kept[0] if kept is not None else KEEP_SECONDS
        if kept is None or age >= KEEP_SECONDS:
            return await self.again(workspace_id)
        self._kept.move_to_end(workspace_id)
        if age >= FRESH_SECONDS and not self._ahead:
            task = asyncio.create_task(self._ahead_of(workspace_id))
            self._ahead.add(task)
            task.add_done_callback(self._ahead.discard)
        return kept[1]

    async def again(self, workspace_id: int) -> Listing | None:
        """As the database has it now. Never called inside a transaction."""
        return await self._once.of(workspace_id, lambda: self._read(workspace_id))

    async def _ahead_of(self, workspace_id: int) -> Listing | None:
        """Before anybody has to wait for it; a database that is away is met by whoever asks next."""
        try:
            return await self.again(workspace_id)
        except Problem:
            return None

    async def _read(self, workspace_id: int) -> Listing | None:
        before = self._kept.get(workspace_id, (0.0, None))[1]
        began = self._clock()
        async with self._db.reading(workspace_id) as tx:
            row = await tx.fetchrow(_STAMPS, workspace_id, MOST_PRODUCTS + 1)
            stamps = dict(zip(row["ids"], row["stamps"], strict=True))
            listing = None
            if len(stamps) <= MOST_PRODUCTS:
                known = before.products if before is not None else {}
                same = {id: known[id] for id, stamp in stamps.items() if id in known and known[id].stamp == stamp}
                told = [id for id in stamps if id not in same]
                for at in range(0, len(told), PAGE):
                    same |= _words(await tx.fetch(_WORDS, workspace_id, told[at : at + PAGE]))
                listing = Listing(row["newest"] or 0, same)
        if listing is not None and before is not None and not told and len(same) == len(before.products):
            listing = before if before.newest == listing.newest else listing
        if listing is not None and listing is not before:
            # Thousands of products take some ten milliseconds, in which nobody is to wait.
            await asyncio.to_thread(listing.prepare)
        self._kept[workspace_id] = (began, listing)
        self._kept.move_to_end(workspace_id)
        self._forget()
        return listing

    def _forget(self) -> None:
        words = sum(listing.size for _, listing in self._kept.values() if listing is not None)
        while words > MOST_WORDS and len(self._kept) > 1:
            _, (_, oldest) = self._kept.popitem(last=False)
            words -= oldest.size if oldest is not None else 0


def _words(rows: Sequence[Any]) -> dict[int, Words]:
    return {
        row["id"]: Words(
            row["stamp"],
            tuple(map(intern, row["named"])),
            tuple(map(intern, row["kind"])),
            tuple(map(intern, row["rest"])),
            None if row["shop_ids"] is None else tuple(row["shop_ids"]),
        )
        for row in rows
    }
