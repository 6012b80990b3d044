"""The rows of a product or an order as they are, to tell whether something changed and to bring them back."""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from yingke.kit.db import Transaction

Thing = Literal["product", "order"]
_READ: dict[Thing, str] = {
    "product": "select p.id, jsonb_build_object('row', to_jsonb(p), 'variants', coalesce((select jsonb_agg(to_jsonb(v) order by v.id)"
    " from product_variants v where v.workspace_id = p.workspace_id and v.product_id = p.id), '[]')) as rows"
    " from products p where p.workspace_id = $1 and p.id = any($2)",
    "order": "select o.id, jsonb_build_object('row', to_jsonb(o), 'items', coalesce((select jsonb_agg(to_jsonb(i) order by i.line)"
    " from order_items i where i.workspace_id = o.workspace_id and i.order_id = o.id), '[]'), 'parcels', coalesce((select"
    " jsonb_agg(to_jsonb(s) order by s.id) from shipments s where s.workspace_id = o.workspace_id and s.order_id = o.id), '[]'))"
    " as rows from orders o where o.workspace_id = $1 and o.id = any($2)",
}
_CLOCKS = ("seen_at", "source_at", "content_hash")
_OF_PARCEL = ("id", "tracking_number", "carrier", "shipped_at")
_RESTORE_PRODUCT = """
update products p set code = b.code, title = b.title, description = b.description, category = b.category, attributes = b.attributes,
  url = b.url, picture_url = b.picture_url, picture_file_id = b.picture_file_id, shop_ids = b.shop_ids, currency = b.currency,
  no_seven_days = b.no_seven_days, is_listed = b.is_listed, price_from_minor = b.price_from_minor,
  price_to_minor = b.price_to_minor, stock_total = b.stock_total, search = b.search, content_hash = b.content_hash,
  source_at = b.source_at, seen_at = b.seen_at
from jsonb_populate_record(null::products, $3) b where p.workspace_id = $1 and p.id = $2
"""
_RESTORE_VARIANTS = """
insert into product_variants (workspace_id, product_id, external_id, sku, title, attributes, price_minor, compare_at_minor, stock,
  restock_at, is_listed, seen_at)
select $1, $2, b.external_id, b.sku, b.title, b.attributes, b.price_minor, b.compare_at_minor, b.stock, b.restock_at, b.is_listed,
  b.seen_at from jsonb_populate_recordset(null::product_variants, $3) b
on conflict (workspace_id, product_id, external_id) do update set sku = excluded.sku, title = excluded.title,
  attributes = excluded.attributes, price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor,
  stock = excluded.stock, restock_at = excluded.restock_at, is_listed = excluded.is_listed, seen_at = excluded.seen_at
"""
_RESTORE_ORDER = """
update orders o set shop_id = b.shop_id, number = b.number, number_key = b.number_key, buyer_external_id = b.buyer_external_id,
  buyer_name = b.buyer_name, phone = b.phone, email = b.email, state = b.state, state_text = b.state_text, currency = b.currency,
  total_minor = b.total_minor, paid_minor = b.paid_minor, amounts = b.amounts, address = b.address, note = b.note,
  ordered_at = b.ordered_at, paid_at = b.paid_at, shipped_at = b.shipped_at, delivered_at = b.delivered_at,
  source_at = b.source_at, seen_at = b.seen_at
from jsonb_populate_record(null::orders, $3) b where o.workspace_id = $1 and o.id = $2
"""
_RESTORE_ITEMS = """
insert into order_items (workspace_id, order_id, line, external_id, product_id, sku, title, variant, quantity, price_minor)
select $1, $2, b.line, b.external_id, b.product_id, b.sku, b.title, b.variant, b.quantity, b.price_minor
from jsonb_populate_recordset(null::order_items, $3) b
"""


async def read_rows(tx: Transaction, workspace_id: int, thing: Thing, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Id → {row, variants} of products, {row, items, parcels} of orders."""
    rows = await tx.fetch(_READ[thing], workspace_id, list(ids))
    return {row["id"]: row["rows"] for row in rows}


def hash_rows(rows: dict[str, Any]) -> bytes:
    """Of all that a person would call a change: not that it was told again, nor what carriers say of a parcel under way."""
    kept: list[Any] = [_without(rows["row"], _CLOCKS)]
    kept += [[_without(one, _CLOCKS) for one in rows.get(part, [])] for part in ("variants", "items")]
    kept.append([{name: one.get(name) for name in _OF_PARCEL} for one in rows.get("parcels", [])])
    return hashlib.blake2b(msgspec.json.encode(kept, order="deterministic"), digest_size=16).digest()


def _without(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


async def restore_rows(tx: Transaction, workspace_id: int, thing: Thing, id: int, before: dict[str, Any]) -> None:
    """Makes the rows of this thing what they were."""
    if thing == "product":
        await tx.execute(_RESTORE_PRODUCT, workspace_id, id, before["row"])
        kept = [one["external_id"] for one in before["variants"]]
        await tx.execute(
            "delete from product_variants where workspace_id = $1 and product_id = $2 and external_id <> all($3)",
            workspace_id,
            id,
            kept,
        )
        await tx.execute(_RESTORE_VARIANTS, workspace_id, id, before["variants"])
        return
    await tx.execute(_RESTORE_ORDER, workspace_id, id, before["row"])
    await tx.execute("delete from order_items where workspace_id = $1 and order_id = $2", workspace_id, id)
    await tx.execute(_RESTORE_ITEMS, workspace_id, id, before["items"])
    parcels = [one["tracking_number"] for one in before["parcels"]]
    await tx.execute(
        "delete from shipments where workspace_id = $1 and order_id = $2 and tracking_number <> all($3)",
        workspace_id,
        id,
        parcels,
    )


async def remove_thing(tx: Transaction, workspace_id: int, thing: Thing, id: int) -> bool:
    """False where something else holds on to it: an order of which a request was made."""
    if thing == "product":
        await tx.execute("delete from products where workspace_id = $1 and id = $2", workspace_id, id)
        return True
    gone = await tx.fetchval(
        "delete from orders o where workspace_id = $1 and id = $2 and not exists (select 1 from order_requests r"
        " where r.workspace_id = o.workspace_id and r.order_id = o.id) returning id",
        workspace_id,
        id,
    )
    return gone is not None
