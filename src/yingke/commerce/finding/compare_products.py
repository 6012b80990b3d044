"""Products side by side: one row an attribute, what differs first."""

from collections.abc import Sequence
from dataclasses import dataclass

from yingke.commerce.finding.found import FoundProduct
from yingke.commerce.finding.load_products import load_products
from yingke.commerce.money import show_money
from yingke.kit.db import Transaction
from yingke.kit.errors import bad_input, not_found
from yingke.kit.tongues.tongue import word_in

MOST_COMPARED = 6
PRICE, STOCK, VARIANTS = "price", "stock", "variants"


@dataclass(frozen=True, slots=True)
class Row:
    """`name` as the shop calls it, or `key` for what every product has; a value is None where the shop says nothing."""

    name: str
    values: tuple[str | None, ...]
    key: str = ""
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    products: tuple[FoundProduct, ...]
    rows: tuple[Row, ...]


async def compare_products(
    tx: Transaction, workspace_id: int, product_ids: Sequence[int], *, language: str = "zh-CN"
) -> Comparison:
    """In the order of the ids. Raises 400 for fewer than two or more than MOST_COMPARED, 404 for one that is not there."""
    ids = list(dict.fromkeys(product_ids))
    if not 2 <= len(ids) <= MOST_COMPARED:
        raise bad_input({"product_ids": f"2 到 {MOST_COMPARED} 件 / 2 to {MOST_COMPARED} products"})
    products = await load_products(tx, workspace_id, ids)
    if len(products) < len(ids):
        raise not_found()
    names = list(dict.fromkeys(name for product in products for name in product.attributes))
    own = [_row(name, [product.attributes.get(name) for product in products]) for name in names]
    shared = [
        _row(word_in("compare_price", language, "价格", "Price"), [_prices(one, language) for one in products], PRICE),
        _row(word_in("compare_variants", language, "规格", "Variants"), [_variants(one) for one in products], VARIANTS),
        _row(word_in("compare_stock", language, "库存", "Stock"), [_stock(one) for one in products], STOCK),
    ]
    differing = sorted(own, key=lambda row: (not row.differs, None in row.values))
    return Comparison(tuple(products), tuple(row for row in (*shared, *differing) if any(row.values)))


def _row(name: str, values: list[str | None], key: str = "") -> Row:
    return Row(name, tuple(values), key, len(set(values)) > 1)


def _prices(product: FoundProduct, language: str) -> str | None:
    prices = sorted({one.price_minor for one in product.variants})
    shown = [show_money(price, product.currency, language) for price in prices[:1] + prices[-1:] * (len(prices) > 1)]
    return " – ".join(shown) or None


def _variants(product: FoundProduct) -> str | None:
    return "、".join(one.title for one in product.variants if one.title) or None


def _stock(product: FoundProduct) -> str | None:
    known = [one for one in product.variants if one.stock is not None]
    if not known:
        return None
    if len(product.variants) == 1:
        return str(known[0].stock)
    return "、".join(f"{one.title} {one.stock}" for one in known)
