"""Products with their variants, in the order of the ids given."""

from collections.abc import Sequence
from typing import Any

from yingke.commerce.finding.found import FoundProduct, FoundVariant
from yingke.kit.db import Transaction

COLUMNS = (
    "id, connection_id, external_id, code, title, description, category, attributes, url, picture_url, currency,"
    " no_seven_days, is_listed, is_demo, seen_at"
)
_VARIANTS = (
    "select id, external_id, sku, title, attributes, price_minor, compare_at_minor, stock, restock_at, seen_at, product_id"
    " from product_variants where workspace_id = $1 and product_id = any($2) and (is_listed or $3) order by id"
)


async def load_products(
    tx: Transaction, workspace_id: int, ids: Sequence[int], *, with_unlisted: bool = False
) -> list[FoundProduct]:
    """Unknown ids are left out. `with_unlisted` also gives variants that are no longer sold."""
    rows = await tx.fetch(
        f"select {COLUMNS}, 0.0::float8 as score from products where workspace_id = $1 and id = any($2)",
        workspace_id,
        list(ids),
    )
    by_id = {row["id"]: row for row in rows}
    return await with_variants(tx, workspace_id, [by_id[id] for id in ids if id in by_id], with_unlisted=with_unlisted)


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
