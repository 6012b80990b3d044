"""Products as their source tells them, many at once; told again it changes nothing, told late it overwrites nothing newer."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from yingke.commerce.shapes import Product, Variant
from yingke.commerce.words.terms_of import terms_of
from yingke.kit.db import JsonList, Transaction
from yingke.kit.errors import bad_input

MOST_AT_ONCE = 1000
MOST_VARIANTS = 200

_PRODUCTS = """
insert into products as old (workspace_id, connection_id, external_id, code, title, description, category, attributes, url,
  picture_url, shop_ids, currency, no_seven_days, is_listed, is_demo, price_from_minor, price_to_minor, stock_total, search,
  content_hash, source_at)
select $1, $2, n.external_id, n.code, n.title, n.description, n.category, n.attributes, n.url, n.picture_url, n.shop_ids,
  n.currency, n.no_seven_days, n.is_listed, $4, n.price_from_minor, n.price_to_minor, n.stock_total, n.search::tsvector,
  decode(n.content_hash, 'hex'), coalesce(n.source_at, now())
from jsonb_to_recordset($3::jsonb) as n (external_id text, code text, title text, description text, category text,
  attributes jsonb, url text, picture_url text, shop_ids bigint[], currency text, no_seven_days boolean, is_listed boolean,
  price_from_minor bigint, price_to_minor bigint, stock_total bigint, search text, content_hash text, source_at timestamptz)
order by n.external_id
on conflict (workspace_id, coalesce(connection_id, 0), external_id) do update set
  code = excluded.code, title = excluded.title, description = excluded.description, category = excluded.category,
  attributes = excluded.attributes, url = excluded.url, picture_url = excluded.picture_url, shop_ids = excluded.shop_ids,
  currency = excluded.currency, no_seven_days = excluded.no_seven_days, is_listed = excluded.is_listed,
  price_from_minor = excluded.price_from_minor, price_to_minor = excluded.price_to_minor,
  stock_total = excluded.stock_total, search = excluded.search, content_hash = excluded.content_hash,
  source_at = excluded.source_at, seen_at = now()
where excluded.source_at >= old.source_at and excluded.content_hash <> old.content_hash
returning id, external_id, (xmax = 0) as is_new
"""
_SEEN = """
update products p set seen_at = now(), source_at = greatest(p.source_at, n.source_at)
from jsonb_to_recordset($3::jsonb) as n (external_id text, source_at timestamptz)
where p.workspace_id = $1 and coalesce(p.connection_id, 0) = coalesce($2::bigint, 0) and p.external_id = n.external_id
  and p.external_id <> all($4::text[])
"""
_VARIANTS = """
insert into product_variants (workspace_id, product_id, external_id, sku, title, attributes, price_minor, compare_at_minor,
  stock, restock_at, is_listed)
select $1, n.product_id, n.external_id, n.sku, n.title, n.attributes, n.price_minor, n.compare_at_minor, n.stock,
  n.restock_at, n.is_listed
from jsonb_to_recordset($2::jsonb) as n (product_id bigint, external_id text, sku text, title text, attributes jsonb,
  price_minor bigint, compare_at_minor bigint, stock int, restock_at timestamptz, is_listed boolean)
order by n.product_id, n.external_id
on conflict (workspace_id, product_id, external_id) do update set sku = excluded.sku, title = excluded.title,
  attributes = excluded.attributes, price_minor = excluded.price_minor, compare_at_minor = excluded.compare_at_minor,
  stock = excluded.stock, restock_at = excluded.restock_at, is_listed = excluded.is_listed, seen_at = now()
"""


@dataclass(frozen=True)
class Put:
    """How many were new, how many changed, and how many were known already or older than what is known."""

    new: int
    changed: int
    unchanged: int


async def put_products(
    tx: Transaction,
    workspace_id: int,
    connection_id: int | None,
    products: Sequence[Product],
    *,
    is_demo: bool = False,
) -> Put:
    """At most MOST_AT_ONCE, each external id once (of several the last counts); variants no longer told are unlisted.

    Raises 400 for a product without variants, with too many, or with a price below 0.
    """
    if len(products) > MOST_AT_ONCE:
        raise ValueError(f"at most {MOST_AT_ONCE} products at once")
    by_id = {product.external_id: product for product in products}
    for product in by_id.values():
        _check(product)
    told = JsonList(await asyncio.to_thread(lambda: [_row(product) for product in by_id.values()]))
    written = await tx.fetch(_PRODUCTS, workspace_id, connection_id, told, is_demo)
    ids = {row["external_id"]: row["id"] for row in written}
    await tx.execute(_SEEN, workspace_id, connection_id, told, list(ids))
    await _put_variants(tx, workspace_id, {id: by_id[external] for external, id in ids.items()})
    new = sum(row["is_new"] for row in written)
    return Put(new, len(written) - new, len(by_id) - len(written))


async def _put_variants(tx: Transaction, workspace_id: int, products: dict[int, Product]) -> None:
    rows = {
        (id, one.external_id): {**_variant(one), "product_id": id}
        for id, product in products.items()
        for one in product.variants
    }
    await tx.execute(_VARIANTS, workspace_id, JsonList(list(rows.values())))
    await tx.execute(
        "update product_variants v set is_listed = false where workspace_id = $1 and product_id = any($2) and is_listed"
        " and not exists (select 1 from unnest($3::bigint[], $4::text[]) as told (product_id, external_id)"
        " where told.product_id = v.product_id and told.external_id = v.external_id)",
        workspace_id,
        list(products),
        [id for id, _ in rows],
        [external for _, external in rows],
    )


def _check(product: Product) -> None:
    if not product.external_id or not product.title.strip():
        raise bad_input({"title": "请填写 / required"})
    if not 1 <= len(product.variants) <= MOST_VARIANTS:
        raise bad_input({"variants": f"1 到 {MOST_VARIANTS} 个规格 / 1 to {MOST_VARIANTS} variants"})
    if any(one.price_minor < 0 for one in product.variants):
        raise bad_input({"price_minor": "不能小于 0 / not below 0"})


def _row(product: Product) -> dict[str, Any]:
    listed = [one for one in product.variants if one.is_listed] or list(product.variants)
    stocks = [one.stock for one in listed if one.stock is not None]
    return {
        "external_id": product.external_id,
        "code": product.code,
        "title": product.title,
        "description": product.description,
        "category": product.category,
        "attributes": product.attributes,
        "url": product.url,
        "picture_url": product.picture_url,
        "shop_ids": None if product.shop_ids is None else list(product.shop_ids),
        "currency": product.currency,
        "no_seven_days": product.no_seven_days,
        "is_listed": product.is_listed,
        "price_from_minor": min(one.price_minor for one in listed),
        "price_to_minor": max(one.price_minor for one in listed),
        "stock_total": sum(stocks) if stocks else None,
        "search": terms_of(product),
        "content_hash": _hash(product),
        "source_at": product.updated_at,
    }


def _variant(one: Variant) -> dict[str, Any]:
    return {
        "external_id": one.external_id,
        "sku": one.sku,
        "title": one.title,
        "attributes": one.attributes,
        "price_minor": one.price_minor,
        "compare_at_minor": one.compare_at_minor,
        "stock": one.stock,
        "restock_at": one.restock_at,
        "is_listed": one.is_listed,
    }


def _hash(product: Product) -> str:
    """Of all that is kept, but not of the source's time."""
    content = {**msgspec.to_builtins(product), "updated_at": None}
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()[:32]
