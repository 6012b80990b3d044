"""Product catalogues with variants: a shop system's export as one row a variant, with the product's name in each."""

import html
import re
from collections.abc import Iterator, Sequence

from yingke.knowledge.rows import cell_text, row_text
from yingke.knowledge.sections import Section

_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"</(?:p|li|div|h\d|tr)>|<br\s*/?>", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PLAIN = ("Default Title", "Default", "默认")
_MARKS = {"Handle", "Title", "Variant Price"}
_WORDS = {
    "zh": {"product": "商品", "type": "类型", "vendor": "品牌", "price": "价格", "before": "原价", "stock": "库存", "sku": "SKU",
           "barcode": "条码", "weight": "重量", "tags": "标签", "about": "商品介绍"},
    "en": {"product": "Product", "type": "Type", "vendor": "Brand", "price": "Price", "before": "Compare at price",
           "stock": "Stock", "sku": "SKU", "barcode": "Barcode", "weight": "Weight", "tags": "Tags", "about": "About"},
}  # fmt: skip
_NAMES = ("title", "name", "product_name", "名称", "商品名称", "标题")
_VARIANTS = ("variants", "skus", "sku_list", "规格")
_KNOWN = frozenset((
    "options", "sku", "sku_id", "price", "compare_at_price", "inventory_quantity", "stock", "barcode", "grams", "title", "id",
    "product_id", "position", "created_at", "updated_at", "taxable", "requires_shipping", "fulfillment_service",
    "inventory_policy", "inventory_management", "inventory_item_id", "old_inventory_quantity", "image_id", "featured_image",
    "admin_graphql_api_id", "weight_unit", "weight", "available",
))  # fmt: skip

Record = dict[str, object]


def is_export(columns: Sequence[str]) -> bool:
    """Whether a table's header is that of a Shopify product export (help.shopify.com, "Using CSV files")."""
    return set(columns) >= _MARKS


def read_export(grid: Sequence[Sequence[str]]) -> list[Section]:
    """The rows of a Shopify product export: the product stands on the first line of its handle only."""
    columns = list(grid[0])
    products: dict[str, list[dict[str, str]]] = {}
    for line in grid[1:]:
        row = dict(zip(columns, line, strict=False))
        products.setdefault(row.get("Handle", ""), []).append(row)
    records: list[Record] = []
    for rows in products.values():
        first = rows[0]
        options = [first.get(f"Option{n} Name", "") for n in (1, 2, 3)]
        variants = [
            {
                "options": [
                    (name, row.get(f"Option{n} Value", "")) for n, name in zip((1, 2, 3), options, strict=True) if name
                ],
                "sku": row.get("Variant SKU", ""),
                "price": row.get("Variant Price", ""),
                "compare_at_price": row.get("Variant Compare At Price", ""),
                "inventory_quantity": row.get("Variant Inventory Qty", ""),
                "barcode": row.get("Variant Barcode", "").lstrip("'"),
                "grams": row.get("Variant Grams", ""),
            }
            for row in rows
            # Lines without a variant only carry further pictures.
            if row.get("Variant Price") or row.get("Variant SKU") or row.get("Option1 Value")
        ]
        records.append(
            {
                "title": first.get("Title", ""),
                "body_html": first.get("Body (HTML)", ""),
                "vendor": first.get("Vendor", ""),
                "product_type": first.get("Type", "") or first.get("Product Category", ""),
                "tags": first.get("Tags", ""),
                "variants": variants,
            }
        )
    return read_products(records)


def are_products(records: Sequence[Record]) -> bool:
    """Whether most objects have a name and a list of variants."""
    fitting = sum(bool(_name(record)) and bool(_variants(record)) for record in records)
    return fitting > len(records) / 2


def read_products(records: Sequence[Record]) -> list[Section]:
    """A row a variant, and below the product's name what is said about it."""
    sections: list[Section] = []
    sample = " ".join(_name(record) for record in records[:50])
    words = _WORDS["zh" if _HAN.search(sample) else "en"]
    for record in records:
        name = _name(record)
        if not name:
            continue
        about = plain(cell_text(record.get("body_html") or record.get("description") or record.get("描述") or ""))
        if about:
            sections.append(Section((name,), about))
        for variant in _variants(record) or [{}]:
            cells = {key: value for key, value in _cells(record, variant, words) if value}
            sections.append(Section((), row_text(cells), "row", cells))
    return sections


def plain(text: str) -> str:
    """The words of a piece of HTML, a paragraph a line."""
    if "<" not in text:
        return text
    lines = html.unescape(_TAG.sub(" ", _BREAK.sub("\n", text))).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _cells(record: Record, variant: Record, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    yield words["product"], _name(record)
    for name, value in _options(record, variant):
        if value not in _PLAIN:
            yield name, value
    sku = variant.get("sku") or variant.get("sku_id") or record.get("sku") or record.get("id") or ""
    yield words["sku"], cell_text(sku)
    yield words["price"], cell_text(variant.get("price") or record.get("price") or "")
    yield words["before"], cell_text(variant.get("compare_at_price") or "")
    stock = variant.get("inventory_quantity", variant.get("stock", record.get("stock", "")))
    yield words["stock"], cell_text(stock)
    yield words["barcode"], cell_text(variant.get("barcode") or "")
    yield words["type"], cell_text(record.get("product_type") or "")
    yield words["vendor"], cell_text(record.get("vendor") or "")
    for key, other in variant.items():
        if key not in _KNOWN and not isinstance(other, list | dict) and not key.startswith("option"):
            yield key, cell_text(other)


def _options(record: Record, variant: Record) -> Iterator[tuple[str, str]]:
    """`Colour` and `Red` of a variant, whether it names its options itself or by their position."""
    own = variant.get("options")
    if isinstance(own, list):
        for pair in own:
            if isinstance(pair, tuple | list) and len(pair) == 2:
                yield cell_text(pair[0]), cell_text(pair[1])
        return
    named = record.get("options")
    for at, option in enumerate(named if isinstance(named, list) else [], start=1):
        if isinstance(option, dict) and cell_text(variant.get(f"option{at}")):
            yield cell_text(option.get("name")), cell_text(variant.get(f"option{at}"))
    specs = variant.get("specs") or variant.get("attributes")
    if isinstance(specs, dict):
        for name, value in specs.items():
            yield name, cell_text(value)


def _name(record: Record) -> str:
    return next((cell_text(record[key]) for key in _NAMES if isinstance(record.get(key), str) and record[key]), "")


def _variants(record: Record) -> list[Record]:
    for key in _VARIANTS:
        listed = record.get(key)
        if isinstance(listed, list):
            return [variant for variant in listed if isinstance(variant, dict)]
    return []
