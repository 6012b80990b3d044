"""How many are left, without telling the whole product again."""

from collections.abc import Sequence

from yingke.commerce.shapes import Stock
from yingke.kit.db import JsonList, Transaction

_STOCK = """
update product_variants v set stock = n.stock, restock_at = n.restock_at, seen_at = now()
from jsonb_to_recordset($3::jsonb) as n (variant_id text, sku text, stock int, restock_at timestamptz), products p
where p.workspace_id = $1 and coalesce(p.connection_id, 0) = coalesce($2::bigint, 0)
  and v.workspace_id = $1 and v.product_id = p.id
  and ((n.variant_id <> '' and v.external_id = n.variant_id) or (n.variant_id = '' and lower(v.sku) = lower(n.sku)))
returning v.product_id
"""
# The hash goes, so that a product told again as it was before the stock changed is written and not taken for known.
_TOTALS = """
update products p set content_hash = '', seen_at = now(), stock_total = (
  select sum(v.stock) from product_variants v where v.workspace_id = $1 and v.product_id = p.id and v.is_listed)
where p.workspace_id = $1 and p.id = any($2)
"""


async def put_stock(tx: Transaction, workspace_id: int, connection_id: int | None, stocks: Sequence[Stock]) -> int:
    """Finds each variant by the shop's id of it, or by its SKU where that is empty. Returns how many products changed."""
    told = [
        {"variant_id": one.variant_id, "sku": one.sku, "stock": one.stock, "restock_at": one.restock_at}
        for one in stocks
    ]
    rows = await tx.fetch(_STOCK, workspace_id, connection_id, JsonList(told))
    ids = sorted({row["product_id"] for row in rows})
    await tx.execute(_TOTALS, workspace_id, ids)
    return len(ids)
