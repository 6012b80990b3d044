"""What connected shops say this moment: asked seldom, once for many who ask at once, not again while one does not answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yingke.commerce.connections.refresh import Fresh, refresh_order, refresh_product
from yingke.commerce.contract import Shops
from yingke.commerce.order_numbers import number_key
from yingke.kit.db import Database

FRESH_SECONDS = 60.0
"""What the mirror was told within this time is as good as live, whoever asked for it."""
REST_SECONDS = 15.0
"""A shop that did not answer is left alone for so long: its mirror answers at once."""
MOST_SHOPS = 5
MOST_PRODUCTS = 5
MOST_KEPT = 10_000
_NO_ANSWER = ("shop_down", "shop_unauthorised")

_Key = tuple[int, int, str, str]
_ORDERS = """
select id, connection_id, number as name, seen_at, seen_at > now() - make_interval(secs => $3) as is_fresh from orders
where workspace_id = $1 and id = any($2) and connection_id is not null
"""
_NUMBERED = """
select o.id, o.connection_id, o.number as name, o.seen_at, o.seen_at > now() - make_interval(secs => $3) as is_fresh
from orders o where o.workspace_id = $1 and o.number_key = $2 and o.connection_id is not null limit 5
"""
_IS_KNOWN = "select exists (select 1 from orders where workspace_id = $1 and number_key = $2)"
_SHOPS = """
select id from shop_connections where workspace_id = $1 and deleted_at is null and state in ('ok', 'failing')
  and provider <> 'kuaidi100' order by id limit $2
"""
_PRODUCTS = """
select id, connection_id, external_id as name, seen_at, seen_at > now() - make_interval(secs => $3) as is_fresh
from products where workspace_id = $1 and id = any($2) and connection_id is not null limit $4
"""


@dataclass(frozen=True, slots=True)
class Looked:
    """`as_of` is set when a shop was to be asked and gave no answer: the mirror counts, and is as old as that.

    `is_silent`: a shop that might know the number does not answer just now, whether the mirror has it or not.
    """

    as_of: datetime | None = None
    is_silent: bool = False


NOTHING_OLD = Looked()


class Live:
    """One per process. Nothing here raises for what a shop does; never called inside a transaction."""

    def __init__(self, db: Database, shops: Shops) -> None:
        self._db = db
        self._shops = shops
        self._asking: dict[_Key, asyncio.Task[Fresh]] = {}
        self._unknown: dict[_Key, float] = {}
        self._told: dict[_Key, float] = {}
        """When a shop told it last."""
        self._resting: dict[tuple[int, int], float] = {}

    async def orders(self, workspace_id: int, order_ids: Sequence[int]) -> Looked:
        """Brings orders of the mirror up to date, within three seconds."""
        since = time.monotonic()
        if not order_ids or not await self._shops.has_any(workspace_id):
            return NOTHING_OLD
        async with self._db.reading(workspace_id) as tx:
            rows = await tx.fetch(_ORDERS, workspace_id, list(order_ids), FRESH_SECONDS)
        return await self._look(workspace_id, "order", rows, since)

    async def number(self, workspace_id: int, number: str) -> Looked:
        """An order by its number, whether the mirror has it or not: one that was made after the last sync is found too.

        A number that nobody knows costs as many calls as a known one, and is not asked for again for a while.
        """
        since, key = time.monotonic(), number_key(number)
        if not key or not await self._shops.has_any(workspace_id):
            return NOTHING_OLD
        async with self._db.reading(workspace_id) as tx:
            rows = await tx.fetch(_NUMBERED, workspace_id, key, FRESH_SECONDS)
            is_known = bool(rows) or await tx.fetchval(_IS_KNOWN, workspace_id, key)
            shops = await tx.fetch(_SHOPS, workspace_id, MOST_SHOPS)
        looked = NOTHING_OLD
        if is_known:
            looked = await self._look(workspace_id, "order", rows, since)
        else:
            await asyncio.gather(*(self._ask((workspace_id, row["id"], "order", number), since) for row in shops))
        now = time.monotonic()
        return Looked(looked.as_of, any(self._resting.get((workspace_id, row["id"]), 0.0) > now for row in shops))

    async def products(self, workspace_id: int, product_ids: Sequence[int]) -> Looked:
        """Brings price and stock of at most MOST_PRODUCTS products up to date, within three seconds."""
        since = time.monotonic()
        if not product_ids or not await self._shops.has_any(workspace_id):
            return NOTHING_OLD
        async with self._db.reading(workspace_id) as tx:
            rows = await tx.fetch(_PRODUCTS, workspace_id, list(product_ids), FRESH_SECONDS, MOST_PRODUCTS)
        return await self._look(workspace_id, "product", rows, since)

    async def _look(self, workspace_id: int, kind: str, rows: Sequence[Mapping[str, Any]], since: float) -> Looked:
        due = [row for row in rows if not row["is_fresh"]]
        keys = [(workspace_id, row["connection_id"], kind, row["name"]) for row in due]
        told = await asyncio.gather(*(self._ask(key, since) for key in keys))
        silent = [row["seen_at"] for row, fresh in zip(due, told, strict=True) if fresh.reason in _NO_ANSWER]
        return Looked(min(silent)) if silent else NOTHING_OLD

    async def _ask(self, key: _Key, since: float) -> Fresh:
        """One call for everybody who asks the same at the same time; whoever stops waiting does not end it. `since`: when
        he began to look at the mirror, on the clock of `time.monotonic`; what was told after that he need not ask."""
        now = time.monotonic()
        if self._resting.get(key[:2], 0.0) > now:
            return Fresh(False, reason="shop_down")
        if self._unknown.get(key, 0.0) > now or self._told.get(key, 0.0) > since:
            return Fresh(True)
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._call(key))
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return await asyncio.shield(task)

    async def _call(self, key: _Key) -> Fresh:
        workspace_id, connection_id, kind, name = key
        calls: dict[str, Callable[..., Awaitable[Fresh]]] = {"order": refresh_order, "product": refresh_product}
        fresh = await calls[kind](self._db, self._shops, workspace_id, connection_id, name)
        until = time.monotonic()
        if fresh.reason in _NO_ANSWER:
            _keep(self._resting, (workspace_id, connection_id), until + max(REST_SECONDS, fresh.retry_after or 0.0))
        elif fresh.order is None and fresh.product is None:
            # The shop knows no such thing, or cannot be asked for it.
            _keep(self._unknown, key, until + FRESH_SECONDS)
        else:
            _keep(self._told, key, until)
        return fresh


def _keep(into: dict[Any, float], key: Any, until: float) -> None:
    into.pop(key, None)
    into[key] = until
    if len(into) > MOST_KEPT:
        del into[next(iter(into))]
