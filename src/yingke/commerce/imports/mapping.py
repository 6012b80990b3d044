"""What the columns of an exported file mean."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from yingke.commerce.shapes import OrderState
from yingke.kit.errors import bad_input
from yingke.kit.read_time import TimeFormat

Kind = Literal["products", "stock", "orders", "shipments"]
Meaning = Literal[
    "external_id", "code", "sku", "title", "variant", "price", "compare_at", "stock", "stock_list", "restock_at", "category", "description", "url",
    "picture", "listed", "updated_at",
    "number", "state", "item", "item_variant", "item_sku", "line_id", "quantity", "item_price", "item_total", "total", "paid",
    "goods", "member_off", "promotion_off", "coupon_off", "shipping", "buyer", "buyer_id", "receiver", "phone", "email",
    "province", "city", "district", "region", "address", "note", "tracking", "carrier", "ordered_at", "paid_at", "shipped_at",
    "delivered_at", "currency",
]  # fmt: skip
MEANINGS: dict[Kind, tuple[Meaning, ...]] = {
    "products": (
        "title", "code", "external_id", "variant", "sku", "price", "compare_at", "stock", "stock_list", "restock_at", "category", "description", "url", "picture",
        "listed", "currency", "updated_at",
    ),
    "stock": ("sku", "stock", "price", "compare_at", "currency"),
    "orders": (
        "number", "state", "item", "item_variant", "item_sku", "quantity", "item_price", "item_total", "line_id", "total", "paid",
        "goods", "member_off", "promotion_off", "coupon_off", "shipping", "currency", "buyer", "buyer_id", "receiver", "phone",
        "email", "region", "province", "city", "district", "address", "note", "tracking", "carrier", "ordered_at", "paid_at",
        "shipped_at", "delivered_at", "updated_at",
    ),
    "shipments": ("number", "tracking", "carrier", "shipped_at", "delivered_at"),
}  # fmt: skip
"""What may be said of a column, by kind of file."""
_NEEDED: dict[Kind, tuple[tuple[Meaning, ...], ...]] = {
    "products": (("title",), ("price",)),
    "stock": (("sku",), ("stock", "price")),
    "orders": (("number",),),
    "shipments": (("number",), ("tracking",)),
}
_CHOOSE: dict[Meaning, str] = {
    "title": "choose the column with the name / 请选择哪一列是商品名称",
    "price": "choose the column with the price / 请选择哪一列是价格",
    "sku": "choose the column with the SKU or article number / 请选择哪一列是 SKU 或货号",
    "stock": "choose the column with the stock or the price / 请选择哪一列是库存或价格",
    "number": "choose the column with the order number / 请选择哪一列是订单号",
    "tracking": "choose the column with the tracking number / 请选择哪一列是物流单号",
}
MOST_STATES = 100


class ImportMapping(Struct, kw_only=True, forbid_unknown_fields=True):
    """`columns`: meaning → column name. `attributes`: columns kept as attributes of a product, under their own names.

    `states`: value of the state column → what it means; others are told from the times of the order. `time_zone` (IANA)
    holds for times without an offset, `currency` for amounts without a sign of their own.
    """

    kind: Kind = "products"
    columns: dict[Meaning, str] = {}
    attributes: Annotated[list[str], Meta(max_length=60)] = []
    states: Annotated[dict[str, OrderState], Meta(max_length=MOST_STATES)] = {}
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    time_format: TimeFormat = "auto"
    time_zone: str = "Asia/Shanghai"


def check_mapping(mapping: ImportMapping, columns: Sequence[str]) -> None:
    """Raises 400 naming the field: an unknown column, one given two meanings, or a needed one left open."""
    fields: dict[str, str] = {}
    taken: dict[str, str] = {}
    for meaning, column in mapping.columns.items():
        if column not in columns:
            fields[f"columns.{meaning}"] = "no such column / 没有这一列"
        elif meaning not in MEANINGS[mapping.kind]:
            fields[f"columns.{meaning}"] = "not for this kind of file / 这类文件没有这一项"
        elif column in taken:
            fields[f"columns.{meaning}"] = "this column has another meaning already / 这一列已经另有含义"
        taken[column] = meaning
    for one_of in _NEEDED[mapping.kind]:
        if not set(one_of) & set(mapping.columns):
            fields[f"columns.{one_of[0]}"] = _CHOOSE[one_of[0]]
    if unknown := [name for name in mapping.attributes if name not in columns]:
        fields["attributes"] = f"no such column / 没有这一列: {unknown[0][:40]}"
    if not _is_zone(mapping.time_zone):
        fields["time_zone"] = "no such time zone / 没有这个时区"
    if fields:
        raise bad_input(fields)


def hash_columns(columns: Sequence[str]) -> bytes:
    """The same for every file with these column names, in any order."""
    return hashlib.sha256("\x1f".join(sorted(columns)).encode("utf-8", "replace")).digest()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
