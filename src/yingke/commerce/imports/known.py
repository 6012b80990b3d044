"""What the mirror holds of the things that a file or a program speaks of, read back into the shapes they are put in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.commerce.order_numbers import number_key
from yingke.commerce.shapes import Address, Amounts, Order, OrderItem, Product, Variant
from yingke.kit.db import Transaction


@dataclass(frozen=True, slots=True)
class Known:
    """A product or an order beside its row's id and the connection that tells it."""

    id: int
    connection_id: int | None
    product: Product | None = None
    order: Order | None = None


_PRODUCTS = """
select p.*, coalesce((select jsonb_agg(to_jsonb(v) order by v.id) from product_variants v
  where v.workspace_id = p.workspace_id and v.product_id = p.id), '[]') as variants
from products p where p.workspace_id = $1 and p.id = any($2)
"""
_FOUND_PRODUCTS = """
select distinct p.id from products p where p.workspace_id = $1
  and ((p.connection_id is null and p.external_id = any($2)) or (p.code <> '' and lower(p.code) = any($3)))
union
select v.product_id from product_variants v where v.workspace_id = $1 and v.sku <> '' and lower(v.sku) = any($3)
"""
_ORDERS = """
select o.*, coalesce((select jsonb_agg(to_jsonb(i) || jsonb_build_object('product_external_id', p.external_id) order by i.line)
  from order_items i left join products p on p.workspace_id = i.workspace_id and p.id = i.product_id
  where i.workspace_id = o.workspace_id and i.order_id = o.id), '[]') as items,
  (select array_agg(s.tracking_number) from shipments s where s.workspace_id = o.workspace_id and s.order_id = o.id) as parcels
from orders o where o.workspace_id = $1 and o.number_key = any($2) order by o.connection_id nulls first, o.id
"""


async def find_products(
    tx: Transaction, workspace_id: int, external_ids: Sequence[str], codes: Sequence[str]
) -> list[Known]:
    """Products of the built-in shop with these ids, and any with one of these article numbers or SKUs."""
    lowered = [code.lower() for code in codes]
    ids = [row["id"] for row in await tx.fetch(_FOUND_PRODUCTS, workspace_id, list(external_ids), lowered)]
    rows = await tx.fetch(_PRODUCTS, workspace_id, ids)
    return [Known(row["id"], row["connection_id"], product=_product(row)) for row in rows]


async def find_orders(tx: Transaction, workspace_id: int, numbers: Sequence[str]) -> dict[str, Known]:
    """By the key of the number; an order of the built-in shop goes before one that a connection tells."""
    rows = await tx.fetch(_ORDERS, workspace_id, [number_key(number) for number in numbers])
    found: dict[str, Known] = {}
    for row in rows:
        found.setdefault(row["number_key"], Known(row["id"], row["connection_id"], order=_order(row)))
    return found


def _product(row: Any) -> Product:
    return Product(
        external_id=row["external_id"],
        title=row["title"],
        variants=tuple(_variant(one) for one in row["variants"] if one["is_listed"])
        or tuple(map(_variant, row["variants"])),
        code=row["code"],
        description=row["description"],
        category=row["category"],
        attributes=row["attributes"],
        url=row["url"],
        picture_url=row["picture_url"],
        currency=row["currency"],
        no_seven_days=row["no_seven_days"],
        shop_ids=None if row["shop_ids"] is None else tuple(row["shop_ids"]),
        is_listed=row["is_listed"],
    )


def _variant(one: dict[str, Any]) -> Variant:
    return Variant(
        external_id=one["external_id"],
        price_minor=one["price_minor"],
        sku=one["sku"],
        title=one["title"],
        attributes=one["attributes"],
        compare_at_minor=one["compare_at_minor"],
        stock=one["stock"],
        restock_at=one["restock_at"],
        is_listed=one["is_listed"],
    )


def _order(row: Any) -> Order:
    amounts = {f"{name}_minor": value for name, value in row["amounts"].items() if not name.endswith("_minor")}
    amounts |= {name: value for name, value in row["amounts"].items() if name.endswith("_minor")}
    names = ("title", "quantity", "price_minor", "external_id", "sku", "variant")
    items = [
        OrderItem(**{name: item[name] for name in names}, product_external_id=item["product_external_id"] or "")
        for item in row["items"]
    ]
    return Order(
        external_id=row["external_id"],
        number=row["number"],
        state=row["state"],
        items=tuple(items),
        total_minor=row["total_minor"],
        paid_minor=row["paid_minor"],
        currency=row["currency"],
        amounts=Amounts(**amounts),
        state_text=row["state_text"],
        buyer_external_id=row["buyer_external_id"],
        buyer_name=row["buyer_name"],
        phone=row["phone"],
        email=row["email"],
        address=Address(**row["address"]),
        note=row["note"],
        shop_id=row["shop_id"],
        ordered_at=row["ordered_at"],
        paid_at=row["paid_at"],
        shipped_at=row["shipped_at"],
        delivered_at=row["delivered_at"],
    )
