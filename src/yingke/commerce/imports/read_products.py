"""Joins the rows of a table that speak of one product, and reads lists of stock and prices."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yingke.commerce.imports.inputs import ProductInput, Record, StockInput, VariantInput
from yingke.commerce.imports.mapping import Meaning
from yingke.commerce.imports.read_cells import UnreadableCell, read_yes
from yingke.commerce.imports.read_stock_cell import Stocked
from yingke.commerce.imports.row_reader import RowReader

MOST_VARIANTS = 200
_PRICES: tuple[tuple[Meaning, str], ...] = (("price", "price_minor"), ("compare_at", "compare_at_minor"))
_LINKS: tuple[tuple[Meaning, str], ...] = (("url", "url"), ("picture", "picture_url"))
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{1,2000}>", re.IGNORECASE | re.DOTALL)


@dataclass
class _Rows:
    """All rows of one product so far."""

    key: str
    row: int
    rows: int = 0
    is_bad: bool = False
    told: dict[str, Any] = field(default_factory=dict)
    variants: dict[str, VariantInput] = field(default_factory=dict)
    attributes: list[dict[str, str]] = field(default_factory=list)
    """Beside each variant."""


def read_products(reader: RowReader, rows: Sequence[Sequence[str]]) -> Iterator[Record]:
    """The products of the table in the order in which they first appear. One unreadable row leaves its product out."""
    products: dict[str, _Rows] = {}
    last: _Rows | None = None
    for number, row in enumerate(rows, start=1):
        product: _Rows | None = None
        try:
            with reader.row(number, row):
                product = _product_of(reader, products, last, number, row)
                product.rows += 1
                _take_row(reader, product, row)
        except UnreadableCell:
            if product is not None:
                product.is_bad = True
        last = product or last
    for product in products.values():
        if product.is_bad:
            for _ in range(product.rows - 1):
                reader.leave(product.row, "same_thing")
            continue
        yield Record(product.row, product.rows, product=_as_input(product))


def read_stock(reader: RowReader, rows: Sequence[Sequence[str]]) -> Iterator[Record]:
    """A stock or a price for each SKU; the last row of one counts."""
    found: dict[str, Record] = {}
    for number, row in enumerate(rows, start=1):
        try:
            with reader.row(number, row):
                sku = reader.number(row, "sku")
                if not sku:
                    raise UnreadableCell("no_code")
                told: dict[str, Any] = {}
                if (stocked := reader.stock(row)) is not None:
                    told["stock"] = stocked.count
                for meaning, name in _PRICES:
                    if (amount := reader.amount(row, meaning)) is not None:
                        told[name] = amount[0]
                if not told:
                    raise UnreadableCell("no_value")
                found[sku.casefold()] = Record(number, stock=StockInput(sku=sku, **told))
        except UnreadableCell:
            continue
    yield from found.values()


def _product_of(
    reader: RowReader, products: dict[str, _Rows], last: _Rows | None, number: int, row: Sequence[str]
) -> _Rows:
    """A row that names no product but a variant goes on with the product above."""
    key = reader.number(row, "external_id") or reader.number(row, "code") or reader.line(row, "title")
    if not key:
        if last is not None and (reader.line(row, "variant") or reader.line(row, "sku")):
            return last
        raise UnreadableCell("no_title")
    return products.setdefault(key.casefold(), _Rows(key[:300], number))


def _take_row(reader: RowReader, product: _Rows, row: Sequence[str]) -> None:
    told = product.told
    for name in ("title", "code", "external_id", "category"):
        if value := (reader.number(row, name) if name in ("code", "external_id") else reader.line(row, name)):
            told.setdefault(name, value)
    if description := _plain(reader.text(row, "description", 20_000)):
        told.setdefault("description", description)
    for meaning, name in _LINKS:
        link = re.search(r"https?://[^\s,，;|]+", reader.text(row, meaning, 4000))
        if link and len(link[0]) <= 2000:
            told.setdefault(name, link[0])
    if (listed := read_yes(reader.text(row, "listed"))) is not None:
        told["is_listed"] = listed or told.get("is_listed", False)
    if (at := reader.time(row, "updated_at")) is not None:
        told.setdefault("updated_at", at)
    price = reader.amount(row, "price")
    sku, title = reader.number(row, "sku"), reader.line(row, "variant")
    if price is None:
        if not sku and not title and product.variants:
            return
        raise UnreadableCell("no_price")
    if told.setdefault("currency", price[1]) != price[1]:
        raise UnreadableCell("mixed_currency")
    if several := reader.stock_list(row):
        for name, stocked in several:
            one = _with_stock(VariantInput(title=name, price_minor=price[0]), stocked)
            _take_variant(reader, product, row, one, {reader.list_name: name})
        return
    variant = VariantInput(sku=sku or told.get("code", ""), title=title, price_minor=price[0])
    variant = _with_stock(variant, reader.stock(row))
    if (comes := reader.time(row, "restock_at")) is not None:
        variant.restock_at = comes
    _take_variant(reader, product, row, variant, {})


def _with_stock(variant: VariantInput, stocked: Stocked | None) -> VariantInput:
    if stocked is not None:
        variant.stock = stocked.count
        if stocked.restock_at is not None:
            variant.restock_at = stocked.restock_at
    return variant


def _take_variant(
    reader: RowReader, product: _Rows, row: Sequence[str], variant: VariantInput, own: dict[str, str]
) -> None:
    """`own`: attributes beside those of the row's columns."""
    if (before := reader.amount(row, "compare_at")) is not None:
        variant.compare_at_minor = before[0]
    key = " / ".join(part for part in (str(variant.sku), str(variant.title)) if part) or product.key
    variant.external_id = (str(variant.sku) or str(variant.title) or product.key)[:300]
    if any(other.external_id == variant.external_id for at, other in product.variants.items() if at != key):
        variant.external_id = key[:300]
    if key not in product.variants and len(product.variants) >= MOST_VARIANTS:
        raise UnreadableCell("too_many")
    if key not in product.variants:
        product.attributes.append({})
    place = list(product.variants).index(key) if key in product.variants else len(product.variants)
    product.variants[key] = variant
    product.attributes[place] = own | {
        name: value
        for name, at in reader.attributes
        if (value := " ".join(row[at].split())[:300]) and value not in ("-", "/", "无")
    }


def _as_input(product: _Rows) -> ProductInput:
    """What all variants share is the product's; what differs stays with each."""
    told = product.told
    title = told.pop("title", "") or product.key
    every = product.attributes
    shared = (
        {name: value for name, value in every[0].items() if all(one.get(name) == value for one in every)}
        if every
        else {}
    )
    for variant, own in zip(product.variants.values(), every, strict=True):
        if rest := {name: value for name, value in own.items() if name not in shared}:
            variant.attributes = rest
            variant.title = variant.title or " / ".join(rest.values())[:300]
    if shared:
        told["attributes"] = shared
    return ProductInput(title=title, variants=list(product.variants.values()), **told)


def _plain(text: str) -> str:
    if "<" not in text:
        return text
    lines = re.sub(r"<(?:br|/p|/div|/li|/h\d|/tr)[^>]{0,100}>", "\n", text, flags=re.IGNORECASE)
    return re.sub(r"\n\s*\n+", "\n", re.sub(r"[ \t\xa0]+", " ", html.unescape(_TAG.sub(" ", lines)))).strip()
