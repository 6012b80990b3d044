"""Where the parcels of an order are: live when the carrier or the shop answers in time, else from the mirror and said so."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from yingke.commerce.contract import Provider, ShopError, Shops
from yingke.commerce.orders.load_orders import get_order
from yingke.commerce.orders.order_view import OrderView, ParcelView
from yingke.commerce.shapes import Shipment
from yingke.commerce.store.put_orders import put_shipments
from yingke.kit.db import Database

FRESH = timedelta(minutes=30)
"""Carriers want a number asked at most twice an hour (Kuaidi100)."""
WAIT_SECONDS = 3.0
_OVER = ("delivered", "returned")


@dataclass(frozen=True, slots=True)
class Tracked:
    """`is_live`: every parcel under way was just asked for, or was asked within FRESH. `as_of` of the oldest word."""

    order: OrderView
    is_live: bool
    as_of: datetime


async def track_order(
    db: Database, shops: Shops | None, workspace_id: int, order_id: int, known: OrderView | None = None
) -> Tracked:
    """Asks for each parcel under way whose last word is older than FRESH, at most WAIT_SECONDS in all.

    Raises 404. Who may see the order is checked before; `known` is the order as it was read in this very turn.
    """
    order = known
    if order is None:
        async with db.reading(workspace_id) as tx:
            order = await get_order(tx, workspace_id, order_id)
    now = order.read_at or datetime.now(UTC)
    due = [one for one in order.parcels if one.state not in _OVER and not _is_fresh(one, now)]
    told = await _ask(shops, workspace_id, order, due) if due else []
    if told:
        async with db.transaction(workspace_id) as tx:
            await put_shipments(tx, workspace_id, [(order.id, one) for one in told])
            order = await get_order(tx, workspace_id, order_id)
    as_of = min((one.as_of for one in order.parcels if one.state not in _OVER), default=order.seen_at)
    return Tracked(order, len(told) == len(due) and bool(order.parcels), as_of)


def _is_fresh(parcel: ParcelView, now: datetime) -> bool:
    return parcel.asked_at is not None and parcel.asked_at > now - FRESH


async def _ask(shops: Shops | None, workspace_id: int, order: OrderView, due: list[ParcelView]) -> list[Shipment]:
    if shops is None:
        return []
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            provider = await _tracker(shops, workspace_id, order)
            told = await asyncio.gather(*(_one(provider, one) for one in due)) if provider is not None else []
    except (ShopError, TimeoutError):
        return []
    return [one for one in told if one is not None]


async def _tracker(shops: Shops, workspace_id: int, order: OrderView) -> Provider | None:
    """The order's own shop where it tracks by program, else a carrier service."""
    if order.connection_id is not None:
        provider = await shops.open(workspace_id, order.connection_id)
        if "track" in provider.can:
            return provider
    return await shops.find_carrier(workspace_id)


async def _one(provider: Provider, parcel: ParcelView) -> Shipment | None:
    asked = Shipment(
        parcel.tracking_number, parcel.carrier, parcel.carrier_code, "unknown", phone_tail=parcel.phone_tail
    )
    try:
        return await provider.track(asked)
    except ShopError:
        return None
