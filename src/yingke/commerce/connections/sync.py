"""Brings the mirror to what a shop says: a job, one at a time for a connection, again when it is due.

A run has two phases, products then orders, page by page: ask (no transaction open), then write the page and its cursor
down together. Killed at any line it goes on at the page that was not yet written; a page written twice changes nothing.
"""

import asyncio
import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from yingke.commerce.connections.connection import Connection, find_connection
from yingke.commerce.connections.fit import fit_orders, fit_products
from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.connections.parcels import queue_subscriptions
from yingke.commerce.connections.say_problem import say_problem
from yingke.commerce.contract import CannotByProgram, ShopDown, ShopError, ShopRefused, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Connected
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products
from yingke.commerce.store.unlist_unseen import unlist_unseen
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.events import record_event
from yingke.kit.ids import show_id
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob, enqueue

SYNC = "sync_shop"
EVERY_SECONDS = 300
OVERLAP = timedelta(minutes=10)
"""Asked again each time: clocks differ, and a change may become visible late."""
ORDER_DAYS = 90
LONGEST_PAUSE = 900.0
MOST_PATIENCE = 20
PUSHES_KEPT_DAYS = 7
Phase = Literal["products", "orders"]
_STARTED = """
update shop_connections c set progress = case when $3 or c.progress->>'phase' in ('products', 'orders') then
    case when not $3 then c.progress else jsonb_build_object('phase', 'products', 'is_full', true, 'products', 0, 'orders', 0,
      'started_at', now()) end
  else jsonb_build_object('phase', 'products', 'products', 0, 'orders', 0, 'started_at', now(), 'is_full',
    coalesce(c.progress->>'phase' = 'waiting', true) or c.last_full_at is null or c.last_full_at < now() - interval '30 hours' or (c.last_full_at < now() - interval '12 hours'
      and extract(hour from now() at time zone w.time_zone) between 2 and 4)) end,
  updated_at = now()
from workspaces w where w.id = c.workspace_id and c.workspace_id = $1 and c.id = $2
"""


@dataclass(frozen=True, slots=True)
class Syncing:
    """What the job works with."""

    db: Database
    shops: ConnectedShops


class _Stopped(Exception):
    """A person changed, paused or took away the connection while its run went on."""


async def sync_shop(work: Syncing, job: Job) -> None:
    """The handler of jobs of kind SYNC, data {connection_id, due?, is_full?}."""
    row = await _claim(work.db, job)
    if row is None:
        return
    if job.attempts >= MAX_ATTEMPTS:
        await _failed(work, row, ShopDown("gave_up"))
        return
    try:
        provider = work.shops.provider(row)
        for phase in _phases_left(row):
            row = await _run_phase(work, provider, row, phase)
        await _finished(work, row)
    except _Stopped:
        return
    except ShopError as problem:
        await _failed(work, row, problem)
    except Problem as problem:
        if problem.code == "busy":
            raise RetryJob(10, "database") from problem
        raise


async def queue_sync(tx: Transaction, workspace_id: int, connection_id: int, *, is_full: bool = False) -> None:
    """At once; a run that waits already is enough. A full one begins anew whatever stands half done."""
    if is_full:
        await tx.execute(
            'update shop_connections set progress = progress || \'{"phase": "waiting", "products": 0, "orders": 0}\''
            " where workspace_id = $1 and id = $2",
            workspace_id,
            connection_id,
        )
    await enqueue(
        tx,
        workspace_id,
        kind=SYNC,
        lane=f"shop:{connection_id}",
        ref=f"{connection_id}:{'full' if is_full else 'now'}",
        data={"connection_id": connection_id, "is_full": is_full},
    )


async def _claim(db: Database, job: Job) -> Connection | None:
    """The row with its run begun or gone on with; None when there is nothing to do."""
    workspace_id, connection_id = job.workspace_id, job.data["connection_id"]
    async with db.transaction(workspace_id) as tx:
        row = await find_connection(tx, workspace_id, connection_id, is_locked=True)
        if row is None or row.state in ("paused", "reconnect"):
            return None
        due = job.data.get("due")
        if due is not None and (row.next_sync_at is None or due != row.next_sync_at.isoformat()):
            return None
        is_anew = bool(job.data.get("is_full")) and job.attempts <= 1
        await tx.execute(_STARTED, workspace_id, connection_id, is_anew)
        return await find_connection(tx, workspace_id, connection_id)


def _phases_left(row: Connection) -> list[Phase]:
    return ["products", "orders"] if row.progress["phase"] == "products" else ["orders"]


async def _run_phase(work: Syncing, provider: Connected, row: Connection, phase: Phase) -> Connection:
    """All pages of one phase, from where it stands. Raises ShopError, _Stopped."""
    is_full, cursor = row.progress["is_full"], row.progress.get("cursor")
    started = datetime.fromisoformat(row.progress["started_at"])
    is_skipped = phase not in provider.can or (phase == "products" and not is_full and not provider.lists_changes)
    patience = MOST_PATIENCE
    while not is_skipped:
        try:
            batch = await _ask(provider, row, phase, started, cursor)
        except CannotByProgram:
            is_skipped = True
            break
        except ShopDown as problem:
            # The shop asks for patience: that is no failure, as long as it ends.
            if problem.cause != "busy" or patience <= 0:
                raise
            patience -= 1
            await asyncio.sleep(min(problem.retry_after or 3.0, 30.0))
            continue
        cursor = batch.next
        row = await _write_page(work, row, phase, list(batch.items), cursor)
        if cursor is None:
            break
    return await _end_phase(work, row, phase, started, is_skipped)


async def _ask(provider: Connected, row: Connection, phase: Phase, started: datetime, cursor: str | None) -> Any:
    is_full = row.progress["is_full"]
    if phase == "products":
        since = None if is_full or row.products_until is None else row.products_until - OVERLAP
        return await provider.list_products(since, cursor)
    oldest = started - timedelta(days=ORDER_DAYS)
    since = oldest if is_full or row.orders_until is None else row.orders_until - OVERLAP
    return await provider.list_orders(since=since, cursor=cursor)


async def _write_page(work: Syncing, row: Connection, phase: Phase, items: list[Any], cursor: str | None) -> Connection:
    progress = row.progress | {"phase": phase, "cursor": cursor, phase: row.progress.get(phase, 0) + len(items)}
    async with work.db.transaction(row.workspace_id) as tx:
        await _hold(tx, row)
        if phase == "products":
            await put_products(tx, row.workspace_id, row.id, fit_products(items, row.shop_ids))
        else:
            await put_orders(tx, row.workspace_id, row.id, fit_orders(items, row.shop_ids))
        await _note(tx, row, progress)
    return replace(row, progress=progress)


async def _end_phase(work: Syncing, row: Connection, phase: Phase, started: datetime, is_skipped: bool) -> Connection:
    progress = row.progress | {"phase": "orders" if phase == "products" else "done", "cursor": None}
    async with work.db.transaction(row.workspace_id) as tx:
        await _hold(tx, row)
        if phase == "products" and row.progress["is_full"] and not is_skipped:
            await unlist_unseen(tx, row.workspace_id, row.id, started)
        column = "products_until" if phase == "products" else "orders_until"
        if not is_skipped:
            await tx.execute(
                f"update shop_connections set {column} = $3 where workspace_id = $1 and id = $2",
                row.workspace_id,
                row.id,
                started,
            )
        # Done with orders is written together with the end of the run.
        if phase == "products":
            await _note(tx, row, progress)
    return replace(row, progress=progress)


async def _hold(tx: Transaction, row: Connection) -> None:
    """Raises _Stopped unless the connection is as it was when the run began."""
    is_same = await tx.fetchval(
        "select true from shop_connections where workspace_id = $1 and id = $2 and generation = $3 and deleted_at is null"
        " for update",
        row.workspace_id,
        row.id,
        row.generation,
    )
    if not is_same:
        raise _Stopped


async def _note(tx: Transaction, row: Connection, progress: dict[str, Any]) -> None:
    await tx.execute(
        "update shop_connections set progress = $3, updated_at = now() where workspace_id = $1 and id = $2",
        row.workspace_id,
        row.id,
        progress,
    )


async def _finished(work: Syncing, row: Connection) -> None:
    data = {
        "connection_id": show_id(row.id),
        "provider": row.provider,
        "products": row.progress.get("products", 0),
        "orders": row.progress.get("orders", 0),
    }
    async with work.db.transaction(row.workspace_id) as tx:
        await _hold(tx, row)
        await tx.execute(
            "update shop_connections set progress = $3, state = 'ok', reason = null, failing_since = null, fails = 0,"
            " first_synced_at = coalesce(first_synced_at, now()), last_synced_at = now(),"
            " last_full_at = case when $4 then now() else last_full_at end, updated_at = now()"
            " where workspace_id = $1 and id = $2",
            row.workspace_id,
            row.id,
            row.progress | {"phase": "done", "cursor": None},
            row.progress["is_full"],
        )
        if row.first_synced_at is None:
            await record_event(tx, row.workspace_id, "shop_synced", data)
        if row.failing_since is not None:
            await record_event(tx, row.workspace_id, "shop_connection_recovered", data)
        if row.progress["is_full"]:
            await tx.execute(
                "delete from shop_pushes where workspace_id = $1 and received_at < now() - make_interval(days => $2)",
                row.workspace_id,
                PUSHES_KEPT_DAYS,
            )
        await queue_subscriptions(tx, row.workspace_id)
        await plan_next(tx, row, EVERY_SECONDS)


async def _failed(work: Syncing, row: Connection, problem: ShopError) -> None:
    """Says what is wrong, once as an event, and plans another try unless only a person can help."""
    is_over = isinstance(problem, ShopUnauthorised)
    # What the shop refuses may be our cursor: the next try begins the phase anew.
    forget = isinstance(problem, ShopRefused)
    async with work.db.transaction(row.workspace_id) as tx:
        try:
            await _hold(tx, row)
        except _Stopped:
            return
        await tx.execute(
            "update shop_connections set state = $3, reason = $4, failing_since = coalesce(failing_since, now()),"
            " fails = fails + 1, progress = case when $5 then progress - 'cursor' else progress end, updated_at = now()"
            " where workspace_id = $1 and id = $2",
            row.workspace_id,
            row.id,
            "reconnect" if is_over else "failing",
            say_problem(problem),
            forget,
        )
        if row.failing_since is None or (is_over and row.state != "reconnect"):
            data = {"connection_id": show_id(row.id), "provider": row.provider, "reason": problem.code}
            await record_event(tx, row.workspace_id, "shop_connection_failed", data)
        if not is_over:
            await plan_next(tx, row, min(LONGEST_PAUSE, 15.0 * 2**row.fails))


async def plan_next(tx: Transaction, row: Connection, seconds: float) -> None:
    """A run in so many seconds; one that was planned for another moment finds that and does nothing."""
    due = await tx.fetchval(
        "update shop_connections set next_sync_at = now() + make_interval(secs => $3) where workspace_id = $1 and id = $2"
        " returning next_sync_at",
        row.workspace_id,
        row.id,
        seconds * random.uniform(0.9, 1.1),
    )
    moment = due.isoformat()
    await enqueue(
        tx,
        row.workspace_id,
        kind=SYNC,
        lane=f"shop:{row.id}",
        ref=f"{row.id}:{moment}",
        data={"connection_id": row.id, "due": moment},
        run_at=due,
        priority=-10,
    )
