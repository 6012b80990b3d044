"""Orders with their lines and parcels, in the order of the ids given. Says nothing about who may see them."""

from collections import defaultdict
from collections.abc import Sequence

from yingke.commerce.orders.order_view import ItemView, OrderView, ParcelView, TrackView
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

_ORDERS = (
    "select id, connection_id, shop_id, external_id, number, buyer_external_id, buyer_name, phone, email, state, state_text,"
    " currency, total_minor, paid_minor, amounts, address, note, is_demo, ordered_at, paid_at, shipped_at, delivered_at,"
    " seen_at from orders where workspace_id = $1 and id = any($2)"
)
_ITEMS = (
    "select i.order_id, i.line, i.external_id, i.product_id, i.sku, i.title, i.variant, i.quantity, i.price_minor,"
    " coalesce(p.attributes, '{}') as attributes from order_items i"
    " left join products p on p.workspace_id = i.workspace_id and p.id = i.product_id"
    " where i.workspace_id = $1 and i.order_id = any($2) order by i.order_id, i.line"
)
_PARCELS = (
    "select s.order_id, s.id, s.carrier, s.carrier_code, s.tracking_number, s.phone_tail, s.state, s.asked_at, s.shipped_at,"
    " s.delivered_at, coalesce(s.asked_at, o.seen_at) as as_of from shipments s"
    " join orders o on o.workspace_id = s.workspace_id and o.id = s.order_id"
    " where s.workspace_id = $1 and s.order_id = any($2) order by s.order_id, s.id"
)
_EVENTS = (
    "select shipment_id, happened_at, place, text, state from shipment_events"
    " where workspace_id = $1 and shipment_id = any($2) order by happened_at desc, id desc"
)


async def load_orders(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> list[OrderView]:
    """Unknown ids are left out."""
    if not ids:
        return []
    wanted = list(ids)
    rows = {row["id"]: dict(row) for row in await tx.fetch(_ORDERS, workspace_id, wanted)}
    items: dict[int, list[ItemView]] = defaultdict(list)
    for row in await tx.fetch(_ITEMS, workspace_id, wanted):
        values = dict(row)
        items[values.pop("order_id")].append(ItemView(**values))
    parcels = await _parcels(tx, workspace_id, wanted)
    return [
        OrderView(**rows[id], items=tuple(items[id]), parcels=tuple(parcels[id]))
        for id in dict.fromkeys(wanted)
        if id in rows
    ]


async def get_order(tx: Transaction, workspace_id: int, order_id: int) -> OrderView:
    """Raises 404."""
    found = await load_orders(tx, workspace_id, [order_id])
    if not found:
        raise not_found()
    return found[0]


async def _parcels(tx: Transaction, workspace_id: int, order_ids: list[int]) -> dict[int, list[ParcelView]]:
    rows = [dict(row) for row in await tx.fetch(_PARCELS, workspace_id, order_ids)]
    found: dict[int, list[ParcelView]] = defaultdict(list)
    if not rows:
        return found
    events: dict[int, list[TrackView]] = defaultdict(list)
    for row in await tx.fetch(_EVENTS, workspace_id, [row["id"] for row in rows]):
        values = dict(row)
        events[values.pop("shipment_id")].append(TrackView(**values))
    for row in rows:
        found[row.pop("order_id")].append(ParcelView(**row, events=tuple(events[row["id"]])))
    return found
