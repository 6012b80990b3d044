"""Orders with their lines and parcels, in the order of the ids given. Says nothing about who may see them."""

from collections.abc import Sequence
from typing import Any

import msgspec

from yingke.commerce.orders.order_view import ItemView, OrderView, ParcelView
from yingke.kit.db import Transaction
from yingke.kit.errors import not_found

_LINES = """
select coalesce(jsonb_agg(jsonb_build_object('line', i.line, 'external_id', i.external_id, 'product_id', i.product_id,
  'sku', i.sku, 'title', i.title, 'variant', i.variant, 'quantity', i.quantity, 'price_minor', i.price_minor,
  'attributes', coalesce(p.attributes, '{}')) order by i.line), '[]')
from order_items i left join products p on p.workspace_id = i.workspace_id and p.id = i.product_id
where i.workspace_id = $1 and i.order_id = o.id
"""
_EVENTS = """
select coalesce(jsonb_agg(jsonb_build_object('happened_at', e.happened_at, 'place', e.place, 'text', e.text,
  'state', e.state) order by e.happened_at desc, e.id desc), '[]')
from shipment_events e where e.workspace_id = $1 and e.shipment_id = s.id
"""
_PARCELS = f"""
select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'carrier', s.carrier, 'carrier_code', s.carrier_code,
  'tracking_number', s.tracking_number, 'phone_tail', s.phone_tail, 'state', s.state, 'asked_at', s.asked_at,
  'shipped_at', s.shipped_at, 'delivered_at', s.delivered_at, 'as_of', coalesce(s.asked_at, o.seen_at),
  'events', ({_EVENTS})) order by s.id), '[]')
from shipments s where s.workspace_id = $1 and s.order_id = o.id
"""
_WHOLE = f"""
select o.id, o.connection_id, o.shop_id, o.external_id, o.number, o.buyer_external_id, o.buyer_name, o.phone, o.email, o.state,
  o.state_text, o.currency, o.total_minor, o.paid_minor, o.amounts, o.address, o.note, o.is_demo, o.ordered_at, o.paid_at,
  o.shipped_at, o.delivered_at, o.seen_at, ({_LINES}) as items, ({_PARCELS}) as parcels, now() as read_at
from orders o where o.workspace_id = $1 and o.id = any($2)
"""


async def load_orders(tx: Transaction, workspace_id: int, ids: Sequence[int]) -> list[OrderView]:
    """Unknown ids are left out."""
    if not ids:
        return []
    rows = {row["id"]: row for row in await tx.fetch(_WHOLE, workspace_id, list(ids))}
    return [_whole(rows[id]) for id in dict.fromkeys(ids) if id in rows]


def _whole(row: Any) -> OrderView:
    items = msgspec.convert(row["items"], tuple[ItemView, ...])
    parcels = msgspec.convert(row["parcels"], tuple[ParcelView, ...])
    return OrderView(**{**row, "items": items, "parcels": parcels})


async def get_order(tx: Transaction, workspace_id: int, order_id: int) -> OrderView:
    """Raises 404."""
    found = await load_orders(tx, workspace_id, [order_id])
    if not found:
        raise not_found()
    return found[0]
