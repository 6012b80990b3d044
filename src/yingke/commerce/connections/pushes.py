"""What shops tell by themselves: stored before it is answered, then done by a job that asks the shop how things stand."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from yingke.commerce.connections.connection import Connection, find_connection
from yingke.commerce.connections.fit import fit_orders, fit_products, fit_stocks
from yingke.commerce.connections.open_shop import ConnectedShops
from yingke.commerce.connections.say_problem import say_problem
from yingke.commerce.contract import CannotByProgram, PushRefused, ShopError, ShopUnauthorised
from yingke.commerce.providers.pieces.connected import Connected
from yingke.commerce.shapes import Change, Order, Product, Shipment, Stock
from yingke.commerce.store.put_orders import put_orders, put_shipments
from yingke.commerce.store.put_products import put_products
from yingke.commerce.store.put_stock import put_stock
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import Problem
from yingke.kit.events import record_event
from yingke.kit.ids import read_id, show_id
from yingke.kit.jobs import MAX_ATTEMPTS, Job, RetryJob, enqueue

PUSHES = "shop_pushes"
MOST_AT_ONCE = 50


@dataclass
class _Told:
    """What a heap of pushes comes to, each thing once."""

    orders: list[Order]
    products: list[Product]
    gone: list[str]
    stocks: list[Stock]
    shipments: list[Shipment]
    is_disconnected: bool = False


async def find_shop(shops: ConnectedShops, connection_text: str) -> Connection:
    """Whose address was called. Raises PushRefused, also for one that never was: nobody learns which there are."""
    try:
        connection_id = read_id(connection_text)
    except Problem as problem:
        raise PushRefused from problem
    async with shops.db.system() as tx:
        workspace_id = await tx.fetchval("select find_shop_connection($1)", connection_id)
    if workspace_id is None:
        raise PushRefused
    async with shops.db.transaction(workspace_id) as tx:
        row = await find_connection(tx, workspace_id, connection_id)
    if row is None:
        raise PushRefused
    return row


async def receive_push(
    shops: ConnectedShops, row: Connection, headers: Mapping[str, str], body: bytes
) -> tuple[str, str]:
    """(media type, body) to answer with, after what was told is stored. Raises PushRefused."""
    provider = shops.provider(row)
    try:
        changes = provider.read_push(headers, body)
    except CannotByProgram as problem:
        raise PushRefused from problem
    if changes and row.state != "paused":
        async with shops.db.transaction(row.workspace_id) as tx:
            await _store(tx, row, provider, changes, body)
    return provider.push_answer


async def do_pushes(db: Database, shops: ConnectedShops, job: Job) -> None:
    """The handler of jobs of kind PUSHES: everything of one connection that waits. Idempotent: it asks how things stand."""
    workspace_id, connection_id = job.workspace_id, job.data["connection_id"]
    async with db.transaction(workspace_id) as tx:
        row = await find_connection(tx, workspace_id, connection_id)
        waiting = await tx.fetch(
            "select id, changes from shop_pushes where workspace_id = $1 and connection_id = $2 and done_at is null"
            " order by id limit $3",
            workspace_id,
            connection_id,
            MOST_AT_ONCE,
        )
    if row is None or not waiting:
        return
    changes = [one for push in waiting for one in msgspec.convert(push["changes"], list[Change])]
    try:
        told = await _ask(shops.provider(row), changes)
    except ShopUnauthorised as problem:
        await _reconnect(db, row, problem)
        return
    except ShopError as problem:
        if job.attempts < MAX_ATTEMPTS:
            raise RetryJob(min(300.0, 3.0 * 2**job.attempts), problem.cause) from problem
        # The steady sync finds what this one could not ask for.
        told = _Told([], [], [], [], [])
    async with db.transaction(workspace_id) as tx:
        await _write(tx, row, told)
        await tx.execute(
            "update shop_pushes set done_at = now(), changes = null where workspace_id = $1 and id = any($2)",
            workspace_id,
            [push["id"] for push in waiting],
        )
        if len(waiting) == MOST_AT_ONCE:
            await _queue(tx, row, f"more:{waiting[-1]['id']}", 0)
    if told.is_disconnected:
        await _reconnect(db, row, ShopUnauthorised("disconnected"))


async def _store(tx: Transaction, row: Connection, provider: Connected, changes: list[Change], body: bytes) -> None:
    key = changes[0].push_id or hashlib.sha256(body).hexdigest()
    push_id = await tx.fetchval(
        "insert into shop_pushes (workspace_id, connection_id, push_key, changes) values ($1, $2, $3, $4)"
        " on conflict do nothing returning id",
        row.workspace_id,
        row.id,
        key[:200],
        [msgspec.to_builtins(one) for one in changes],
    )
    if push_id is None:
        return
    await tx.execute(
        "update shop_connections set last_push_at = now() where workspace_id = $1 and id = $2", row.workspace_id, row.id
    )
    await _queue(tx, row, str(push_id), provider.push_settles_s)


async def _queue(tx: Transaction, row: Connection, ref: str, seconds: float) -> None:
    await enqueue(
        tx,
        row.workspace_id,
        kind=PUSHES,
        lane=f"shop_pushes:{row.id}",
        ref=ref,
        data={"connection_id": row.id},
        run_at=await tx.fetchval("select now() + make_interval(secs => $1)", seconds) if seconds else None,
    )


async def _ask(provider: Connected, changes: list[Change]) -> _Told:
    """A push is a hint: what it names is asked for as it stands now, so order and repeats of pushes do not matter."""
    told = _Told([], [], [], [], [])
    for kind, external_id in dict.fromkeys((one.kind, one.external_id) for one in changes):
        last = next(one for one in reversed(changes) if (one.kind, one.external_id) == (kind, external_id))
        if kind == "disconnected":
            told.is_disconnected = True
        elif kind == "shipment" and last.shipment is not None:
            parcels = [one.shipment for one in changes if one.external_id == external_id and one.shipment is not None]
            told.shipments.append(_newest(parcels))
        elif kind == "stock" and last.stock is not None:
            told.stocks.append(last.stock)
        elif kind == "product_gone":
            told.gone.append(external_id)
        elif kind == "product":
            product = await provider.fetch_product(external_id)
            (told.gone.append(external_id) if product is None else told.products.append(product))
        elif kind == "order" and (order := await provider.fetch_order(external_id)) is not None:
            told.orders.append(order)
    return told


def _newest(parcels: list[Shipment]) -> Shipment:
    """Of several words on one parcel the one that knows the latest event, with the events of all."""
    best = max(parcels, key=lambda one: (len(one.events), one.events[-1].happened_at if one.events else one.asked_at))
    events = {(event.happened_at, event.text): event for one in parcels for event in one.events}
    return replace(best, events=tuple(sorted(events.values(), key=lambda event: event.happened_at)))


async def _write(tx: Transaction, row: Connection, told: _Told) -> None:
    workspace_id = row.workspace_id
    if told.products:
        await put_products(tx, workspace_id, row.id, fit_products(told.products, row.shop_ids))
    if told.gone:
        await tx.execute(
            "update products set is_listed = false, content_hash = '' where workspace_id = $1 and connection_id = $2"
            " and external_id = any($3)",
            workspace_id,
            row.id,
            told.gone,
        )
    if told.stocks:
        await put_stock(tx, workspace_id, row.id, fit_stocks(told.stocks))
    if told.orders:
        await put_orders(tx, workspace_id, row.id, fit_orders(told.orders, row.shop_ids))
    for parcel in told.shipments:
        orders = await tx.fetch(
            "select order_id from shipments where workspace_id = $1 and tracking_number = $2 limit 20",
            workspace_id,
            parcel.tracking_number,
        )
        await put_shipments(tx, workspace_id, [(one["order_id"], parcel) for one in orders])


async def _reconnect(db: Database, row: Connection, problem: ShopUnauthorised) -> None:
    async with db.transaction(row.workspace_id) as tx:
        changed = await tx.fetchval(
            "update shop_connections set state = 'reconnect', reason = $3, failing_since = coalesce(failing_since, now()),"
            " updated_at = now() where workspace_id = $1 and id = $2 and state in ('ok', 'failing') returning true",
            row.workspace_id,
            row.id,
            say_problem(problem),
        )
        if changed:
            data: dict[str, Any] = {"connection_id": show_id(row.id), "provider": row.provider, "reason": problem.code}
            await record_event(tx, row.workspace_id, "shop_connection_failed", data)
