"""Orders as their source tells them, many at once, with their lines and parcels; an older state never replaces a newer."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from yingke.commerce.order_numbers import digits_of, number_key
from yingke.commerce.shapes import Order, Shipment
from yingke.commerce.store.put_products import MOST_AT_ONCE, Put
from yingke.kit.db import JsonList, Transaction
from yingke.kit.errors import bad_input

_ORDERS = """
insert into orders as old (workspace_id, connection_id, shop_id, external_id, number, number_key, buyer_external_id,
  buyer_name, phone, email, state, state_text, currency, total_minor, paid_minor, amounts, address, note, is_demo,
  ordered_at, paid_at, shipped_at, delivered_at, source_at)
select $1, $2, n.shop_id, n.external_id, n.number, n.number_key, n.buyer_external_id, n.buyer_name, n.phone, n.email,
  n.state, n.state_text, n.currency, n.total_minor, n.paid_minor, n.amounts, n.address, n.note, $4,
  coalesce(n.ordered_at, now()), n.paid_at, n.shipped_at, n.delivered_at, coalesce(n.source_at, now())
from jsonb_to_recordset($3::jsonb) as n (shop_id bigint, external_id text, number text, number_key text,
  buyer_external_id text, buyer_name text, phone text, email text, state text, state_text text, currency text,
  total_minor bigint, paid_minor bigint, amounts jsonb, address jsonb, note text, ordered_at timestamptz,
  paid_at timestamptz, shipped_at timestamptz, delivered_at timestamptz, source_at timestamptz)
order by n.external_id
on conflict (workspace_id, coalesce(connection_id, 0), external_id) do update set
  shop_id = coalesce(excluded.shop_id, old.shop_id), number = excluded.number, number_key = excluded.number_key,
  buyer_external_id = coalesce(excluded.buyer_external_id, old.buyer_external_id), buyer_name = excluded.buyer_name,
  phone = case when excluded.phone = '' then old.phone else excluded.phone end, email = excluded.email,
  state = excluded.state, state_text = excluded.state_text, currency = excluded.currency,
  total_minor = excluded.total_minor, paid_minor = excluded.paid_minor, amounts = excluded.amounts,
  address = excluded.address, note = excluded.note,
  ordered_at = least(excluded.ordered_at, old.ordered_at),
  paid_at = coalesce(excluded.paid_at, old.paid_at), shipped_at = coalesce(excluded.shipped_at, old.shipped_at),
  delivered_at = coalesce(excluded.delivered_at, old.delivered_at), source_at = excluded.source_at, seen_at = now()
where excluded.source_at >= old.source_at
returning id, external_id, (xmax = 0) as is_new
"""
_ITEMS = """
insert into order_items (workspace_id, order_id, line, external_id, product_id, sku, title, variant, quantity, price_minor)
select $1, n.order_id, n.line, n.external_id, (
    select p.id from products p where p.workspace_id = $1 and coalesce(p.connection_id, 0) = coalesce($2::bigint, 0)
    and p.external_id = n.product_external_id), n.sku, n.title, n.variant, n.quantity, n.price_minor
from jsonb_to_recordset($3::jsonb) as n (order_id bigint, line int, external_id text, product_external_id text, sku text,
  title text, variant text, quantity int, price_minor bigint)
on conflict (workspace_id, order_id, line) do update set external_id = excluded.external_id,
  product_id = excluded.product_id, sku = excluded.sku, title = excluded.title, variant = excluded.variant,
  quantity = excluded.quantity, price_minor = excluded.price_minor
"""
_SHIPMENTS = """
insert into shipments as old (workspace_id, order_id, carrier, carrier_code, tracking_number, phone_tail, state, asked_at,
  shipped_at, delivered_at)
select $1, n.order_id, n.carrier, n.carrier_code, n.tracking_number, n.phone_tail, n.state, n.asked_at, n.shipped_at,
  n.delivered_at
from jsonb_to_recordset($2::jsonb) as n (order_id bigint, carrier text, carrier_code text, tracking_number text,
  phone_tail text, state text, asked_at timestamptz, shipped_at timestamptz, delivered_at timestamptz)
order by n.order_id, n.tracking_number
on conflict (workspace_id, order_id, tracking_number) do update set
  carrier = case when excluded.carrier = '' then old.carrier else excluded.carrier end,
  carrier_code = case when excluded.carrier_code = '' then old.carrier_code else excluded.carrier_code end,
  phone_tail = case when excluded.phone_tail = '' then old.phone_tail else excluded.phone_tail end,
  state = case when old.state in ('delivered', 'returned') and excluded.asked_at is null then old.state
    when excluded.asked_at is null and old.asked_at is not null and excluded.state in ('waiting', 'unknown', 'in_transit')
    then old.state
    when excluded.asked_at < old.asked_at then old.state else excluded.state end,
  asked_at = greatest(old.asked_at, excluded.asked_at), shipped_at = coalesce(excluded.shipped_at, old.shipped_at),
  delivered_at = coalesce(excluded.delivered_at, old.delivered_at)
returning id, order_id, tracking_number
"""
_EVENTS = """
insert into shipment_events (workspace_id, shipment_id, happened_at, place, text, state)
select $1, n.shipment_id, n.happened_at, n.place, n.text, n.state
from jsonb_to_recordset($2::jsonb) as n (shipment_id bigint, happened_at timestamptz, place text, text text, state text)
on conflict do nothing
"""


async def put_orders(
    tx: Transaction,
    workspace_id: int,
    connection_id: int | None,
    orders: Sequence[Order],
    *,
    is_demo: bool = False,
) -> Put:
    """At most MOST_AT_ONCE, each external id once (of several the last counts). Raises 400 for one without a number.

    `changed` counts what was written again, also where nothing differs. What the carrier itself said last about a
    parcel is not taken back by an order that was told without asking it.
    """
    if len(orders) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} orders at once")
    by_id = {order.external_id: order for order in orders}
    if any(not order.external_id or not number_key(order.number) for order in by_id.values()):
        raise bad_input({"number": "订单缺少订单号 / an order without a number"})
    rows = JsonList([_row(order) for order in by_id.values()])
    written = await tx.fetch(_ORDERS, workspace_id, connection_id, rows, is_demo)
    kept = {row["id"]: by_id[row["external_id"]] for row in written}
    await _put_items(tx, workspace_id, connection_id, kept)
    await put_shipments(tx, workspace_id, [(id, one) for id, order in kept.items() for one in order.shipments])
    new = sum(row["is_new"] for row in written)
    return Put(new, len(written) - new, len(by_id) - len(written))


async def put_shipments(tx: Transaction, workspace_id: int, parcels: Sequence[tuple[int, Shipment]]) -> None:
    """Parcels beside the id of their order; events are added, each once."""
    by_number = {(order_id, parcel.tracking_number): parcel for order_id, parcel in parcels}
    rows = [
        {
            "order_id": order_id,
            "carrier": one.carrier,
            "carrier_code": one.carrier_code,
            "tracking_number": one.tracking_number,
            "phone_tail": one.phone_tail,
            "state": one.state,
            "asked_at": one.asked_at,
            "shipped_at": one.shipped_at,
            "delivered_at": one.delivered_at,
        }
        for (order_id, _), one in by_number.items()
    ]
    written = await tx.fetch(_SHIPMENTS, workspace_id, JsonList(rows))
    events = [
        {"shipment_id": row["id"], **asdict(event), "state": event.state or ""}
        for row in written
        for event in by_number[row["order_id"], row["tracking_number"]].events
    ]
    await tx.execute(_EVENTS, workspace_id, JsonList(events))


async def _put_items(tx: Transaction, workspace_id: int, connection_id: int | None, orders: dict[int, Order]) -> None:
    rows = [
        {"order_id": id, "line": line, **asdict(item)}
        for id, order in orders.items()
        for line, item in enumerate(order.items, 1)
    ]
    await tx.execute(_ITEMS, workspace_id, connection_id, JsonList(rows))
    await tx.execute(
        "delete from order_items i using unnest($2::bigint[], $3::int[]) as kept (order_id, lines)"
        " where i.workspace_id = $1 and i.order_id = kept.order_id and i.line > kept.lines",
        workspace_id,
        list(orders),
        [len(order.items) for order in orders.values()],
    )


def _row(order: Order) -> dict[str, Any]:
    return {
        "shop_id": order.shop_id,
        "external_id": order.external_id,
        "number": order.number.strip(),
        "number_key": number_key(order.number),
        "buyer_external_id": order.buyer_external_id or None,
        "buyer_name": order.buyer_name,
        "phone": digits_of(order.phone or order.address.phone),
        "email": order.email,
        "state": order.state,
        "state_text": order.state_text,
        "currency": order.currency,
        "total_minor": order.total_minor,
        "paid_minor": order.paid_minor,
        "amounts": {name: value for name, value in asdict(order.amounts).items() if value is not None},
        "address": asdict(order.address),
        "note": order.note,
        "ordered_at": order.ordered_at,
        "paid_at": order.paid_at,
        "shipped_at": order.shipped_at,
        "delivered_at": order.delivered_at,
        "source_at": order.updated_at,
    }
