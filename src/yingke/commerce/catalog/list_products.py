"""Products for a list: filtered, the newest first, by cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yingke.commerce.finding.need import read_need
from yingke.commerce.words.cut import fold
from yingke.kit.db import Transaction

LOW = 5
COLUMNS = (
    "id, connection_id, code, title, category, currency, price_from_minor, price_to_minor, stock_total, is_listed, is_demo,"
    " picture_url, seen_at"
)


@dataclass(frozen=True)
class ProductFilter:
    """None = whatever. `connection_id` 0: the built-in shop."""

    search: str = ""
    shop_id: int | None = None
    connection_id: int | None = None
    is_listed: bool | None = None
    low_stock: bool = False
    after: int | None = None
    limit: int = 50


async def list_products(tx: Transaction, workspace_id: int, wanted: ProductFilter) -> Sequence[Any]:
    """At most `limit` + 1 rows of COLUMNS and `variants`, how many are listed."""
    values: list[Any] = [workspace_id, wanted.limit + 1]

    def given(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    where = ["workspace_id = $1"]
    if wanted.after is not None:
        where.append(f"id < {given(wanted.after)}::bigint")
    if wanted.shop_id is not None:
        where.append(f"(shop_ids is null or {given(wanted.shop_id)}::bigint = any(shop_ids))")
    if wanted.connection_id is not None:
        where.append(f"coalesce(connection_id, 0) = {given(wanted.connection_id)}::bigint")
    if wanted.is_listed is not None:
        where.append(f"is_listed = {given(wanted.is_listed)}::boolean")
    if wanted.low_stock:
        where.append(
            "exists (select 1 from product_variants v where v.workspace_id = $1 and v.product_id = products.id"
            f" and v.is_listed and v.stock <= {LOW})"
        )
    if wanted.search.strip():
        where.append(_search(wanted.search, given))
    rows: Sequence[Any] = await tx.fetch(
        f"select {COLUMNS}, (select count(*)::int from product_variants v where v.workspace_id = $1"
        " and v.product_id = products.id and v.is_listed) as variants"
        f" from products where {' and '.join(where)} order by id desc limit $2",
        *values,
    )
    return rows


def _search(words: str, given: Any) -> str:
    """Part of the title or the code, or all the things, colours and measures that are named."""
    pattern = "%" + words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    part = given(pattern)
    tokens = [one.token for one in read_need(words).concepts if one.weight >= 1.0] or [fold(words)[:40]]
    quoted = " & ".join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in tokens if token.strip())
    return f"(title ilike {part} or code ilike {part} or search @@ {given(quoted)}::tsquery)"
