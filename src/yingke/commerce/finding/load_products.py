"""Products with their variants, in the order of the ids given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.commerce.finding.kept_products import KeptProducts, Stamp
from yingke.kit.db import Transaction

COLUMNS = (
    "id, connection_id, external_id, code, title, description, category, attributes, url, picture_url, currency,"
    " no_seven_days, is_listed, is_demo, seen_at"
)
_VARIANTS = (
    "select id, external_id, sku, title, attributes, price_minor, compare_at_minor, stock, restock_at, seen_at, product_id"
    " from product_variants where workspace_id = $1 and product_id = any($2) and (is_listed or $3) order by id"
)

_KEPT = (
    "variant_ids", "external_ids", "skus", "titles", "variant_attributes", "prices", "compare_at", "stocks", "restock_at",
    "variants_seen_at",
)  # fmt: skip
_NAMES = [name.strip() for name in COLUMNS.split(",")]
_OWN = """
select array_agg(id) as variant_ids, array_agg(external_id) as external_ids, array_agg(sku) as skus,
  array_agg(title) as titles, array_agg(attributes) as variant_attributes, array_agg(price_minor) as prices,
  array_agg(compare_at_minor) as compare_at, array_agg(stock) as stocks, array_agg(restock_at) as restock_at,
  array_agg(seen_at) as variants_seen_at
from (select id, external_id, sku, title, attributes, price_minor, compare_at_minor, stock, restock_at, seen_at
  from product_variants v where v.workspace_id = $1 and v.product_id = p.id and (v.is_listed or $3)
  order by v.id) as own
"""
_PRODUCTS = ", ".join(f"p.{name}" for name in _NAMES)
_VARIANT_COLUMNS = ", ".join(f"v.{name}" for name in _KEPT)
_FROM = f"from products p cross join lateral ({_OWN}) v where p.workspace_id = $1 and p.id = any($2)"
_WHOLE = f"select {_PRODUCTS}, {_VARIANT_COLUMNS} {_FROM}"
# The stamp changes with every change of an offer, in whatever order they commit: each gives its row another xmin.
_MARKS = """
p.xmin::text::bigint as mark,
  array(select w.xmin::text::bigint from product_variants w where w.workspace_id = $1 and w.product_id = p.id and w.is_listed)
    as marks
"""
_SHOP = """
(select coalesce(sum(hashtextextended(id || ':' || xmin::text, 7)), 0)::text from promotions where workspace_id = $1)
    as offers_stamp,
  (select max(id) from products where workspace_id = $1) as newest
"""
_SAME = f"select p.id, {_MARKS}, {_SHOP} from products p where p.workspace_id = $1 and p.id = any($2)"
_NOW = f"select {_PRODUCTS}, {_VARIANT_COLUMNS}, {_MARKS}, {_SHOP} {_FROM}"


@dataclass(frozen=True, slots=True)
class Now:
    """`offers_stamp` is another one after every change of the shop's promotions; `newest` the highest id of a product."""

    products: dict[int, FoundProduct]
    offers_stamp: str
    newest: int


async def load_products(
    tx: Transaction, workspace_id: int, ids: Sequence[int], *, with_unlisted: bool = False
) -> list[FoundProduct]:
    """Unknown ids are left out. `with_unlisted` also gives variants that are no longer sold."""
    rows = await tx.fetch(_WHOLE, workspace_id, list(ids), with_unlisted)
    by_id = {row["id"]: _product(row) for row in rows}
    return [by_id[id] for id in ids if id in by_id]


async def load_now(tx: Transaction, workspace_id: int, ids: Sequence[int], kept: KeptProducts | None = None) -> Now:
    """Products as they are this moment, with what tells whether something that is kept of the shop is old. Of those `kept` the
    database is asked for the marks alone."""
    same: dict[int, FoundProduct] = {}
    changed = ids
    if kept is not None and kept.has(ids):
        rows = await tx.fetch(_SAME, workspace_id, list(ids))
        if not rows:
            return Now({}, "", 0)
        found = {row["id"]: kept.find(row["id"], _stamp(row)) for row in rows}
        same = {id: product for id, product in found.items() if product is not None}
        changed = [id for id in found if id not in same]
        if not changed:
            return Now(same, rows[0]["offers_stamp"], rows[0]["newest"])
    rows = await tx.fetch(_NOW, workspace_id, list(changed), False)
    if not rows:
        return Now(same, "", 0)
    read = {row["id"]: _product(row) for row in rows}
    if kept is not None:
        for row in rows:
            kept.keep(_stamp(row), read[row["id"]])
    return Now(same | read, rows[0]["offers_stamp"], rows[0]["newest"])


def _stamp(row: Any) -> Stamp:
    return row["mark"], tuple(row["marks"])


def _product(row: Any) -> FoundProduct:
    values: dict[str, Any] = {name: row[name] for name in _NAMES}
    variants = tuple(map(FoundVariant, *(row[name] or () for name in _KEPT)))
    return FoundProduct(**values, variants=variants, fitting=variants)


async def with_variants(
    tx: Transaction, workspace_id: int, rows: Sequence[Any], *, with_unlisted: bool = False
) -> list[FoundProduct]:
    """`rows` have COLUMNS and then `score`."""
    variants: dict[int, list[FoundVariant]] = {row["id"]: [] for row in rows}
    for row in await tx.fetch(_VARIANTS, workspace_id, list(variants), with_unlisted):
        *values, product_id = row
        variants[product_id].append(FoundVariant(*values))
    found = []
    for row in rows:
        product: dict[str, Any] = dict(row)
        own = tuple(variants[row["id"]])
        found.append(FoundProduct(**product, variants=own, fitting=own))
    return found
