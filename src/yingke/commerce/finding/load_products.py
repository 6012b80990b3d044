"""Products with their variants, in the order of the ids given."""

from collections.abc import Sequence

from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.kit.db import Transaction

_PRODUCTS = (
    "select id, connection_id, external_id, code, title, description, category, attributes, url, picture_url, currency,"
    " no_seven_days, is_listed, is_demo, seen_at from products where workspace_id = $1 and id = any($2)"
)
_VARIANTS = (
    "select id, product_id, external_id, sku, title, attributes, price_minor, compare_at_minor, stock, restock_at, seen_at"
    " from product_variants where workspace_id = $1 and product_id = any($2) and (is_listed or $3) order by id"
)


async def load_products(
    tx: Transaction, workspace_id: int, ids: Sequence[int], *, with_unlisted: bool = False
) -> list[FoundProduct]:
    """Unknown ids are left out. `with_unlisted` also gives variants that are no longer sold."""
    rows = {row["id"]: row for row in await tx.fetch(_PRODUCTS, workspace_id, list(ids))}
    variants: dict[int, list[FoundVariant]] = {id: [] for id in rows}
    for row in await tx.fetch(_VARIANTS, workspace_id, list(rows), with_unlisted):
        values = dict(row)
        variants[values.pop("product_id")].append(FoundVariant(**values))
    return [
        FoundProduct(**dict(rows[id]), variants=tuple(variants[id]), fitting=tuple(variants[id]))
        for id in ids
        if id in rows
    ]
