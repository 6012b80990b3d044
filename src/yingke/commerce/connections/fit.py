"""What a shop tells, made fit to be stored: a strange row costs itself, not the whole page."""

from collections.abc import Sequence
from dataclasses import replace

from yingke.commerce.order_numbers import number_key
from yingke.commerce.shapes import Order, OrderItem, Product, Stock, Variant
from yingke.commerce.store.put_products import MOST_VARIANTS

MOST_STOCK = 2**31 - 1
MOST_MINOR = 2**62
LONGEST_TITLE = 500
MOST_LINES = 500


def fit_products(products: Sequence[Product], shop_ids: Sequence[int] | None) -> list[Product]:
    """Only those with an id, a title and a variant; they count for the shops of their connection."""
    shops = tuple(shop_ids) if shop_ids is not None else None
    return [
        replace(
            one,
            title=one.title[:LONGEST_TITLE],
            variants=tuple(_variant(variant) for variant in one.variants[:MOST_VARIANTS]),
            shop_ids=shops,
        )
        for one in products
        if one.external_id and one.title.strip() and one.variants
    ]


def fit_orders(orders: Sequence[Order], shop_ids: Sequence[int] | None) -> list[Order]:
    """Only those with an id and a number that could be typed; of one shop where the connection is."""
    shop_id = shop_ids[0] if shop_ids is not None and len(shop_ids) == 1 else None
    return [
        replace(one, items=tuple(_item(item) for item in one.items[:MOST_LINES]), shop_id=shop_id)
        for one in orders
        if one.external_id and number_key(one.number)
    ]


def fit_stocks(stocks: Sequence[Stock]) -> list[Stock]:
    return [replace(one, stock=_count(one.stock)) for one in stocks if one.variant_id or one.sku]


def _variant(one: Variant) -> Variant:
    return replace(
        one,
        price_minor=min(max(one.price_minor, 0), MOST_MINOR),
        stock=_count(one.stock),
        title=one.title[:LONGEST_TITLE],
    )


def _item(one: OrderItem) -> OrderItem:
    return replace(one, quantity=min(max(one.quantity, 1), MOST_STOCK), title=one.title[:LONGEST_TITLE])


def _count(stock: int | None) -> int | None:
    return None if stock is None else min(max(stock, 0), MOST_STOCK)
