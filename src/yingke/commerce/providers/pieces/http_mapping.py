"""Which place of a foreign JSON answer holds which of our fields: kept with a connection, made on screen."""

import re
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import msgspec

from yingke.commerce.providers.pieces.read import dig, join, minor, plain, rows, text_of, when, whole
from yingke.commerce.shapes import Address, Order, OrderItem, OrderState, Product, Shipment, Variant

MOST_PATH = 200
STATES: dict[str, OrderState] = {
    "unpaid": "unpaid", "pending": "unpaid", "待付款": "unpaid", "未付款": "unpaid",
    "paid": "paid", "processing": "paid", "待发货": "paid", "已付款": "paid",
    "part_shipped": "part_shipped", "部分发货": "part_shipped",
    "shipped": "shipped", "待收货": "shipped", "已发货": "shipped",
    "delivered": "delivered", "completed": "delivered", "已完成": "delivered", "已签收": "delivered", "交易成功": "delivered",
    "closed": "closed", "已关闭": "closed", "交易关闭": "closed",
    "cancelled": "cancelled", "canceled": "cancelled", "已取消": "cancelled",
    "refunded": "refunded", "已退款": "refunded",
}  # fmt: skip
"""Words that need no line of their own in a mapping."""


class ListMapping(msgspec.Struct, frozen=True):
    """`url` of a list; `one_url` of one thing, with `{id}` or `{number}` in it. `list` is the path to the rows.

    `fields`: ours → path from the row. `parts`: path from the row to its variants or its lines; `part_fields` from there.
    """

    url: str = ""
    one_url: str = ""
    list: str = ""
    one: str = ""
    next: str = ""
    fields: dict[str, str] = {}
    parts: str = ""
    part_fields: dict[str, str] = {}


class HttpMapping(msgspec.Struct, frozen=True):
    """`page_param`: name of the page number in the query. `since_param`: name of "changed since" (ISO, UTC)."""

    products: ListMapping = ListMapping()
    orders: ListMapping = ListMapping()
    money: Literal["major", "minor"] = "major"
    currency: str = "CNY"
    states: dict[str, OrderState] = {}
    page_param: str = ""
    cursor_param: str = ""
    since_param: str = ""
    buyer_param: str = ""


def read_mapping(value: Any) -> HttpMapping:
    """Raises msgspec.ValidationError for what is no mapping."""
    return msgspec.convert(value or {}, HttpMapping)


def at(value: Any, path: str) -> Any:
    """`data.items[0].name`; an empty path is the value itself. None where the way breaks off."""
    steps: list[str | int] = []
    for part in re.split(r"[.\[\]]+", path.strip()[:MOST_PATH].removeprefix("$")):
        if part:
            steps.append(int(part) if part.lstrip("-").isdigit() else part)
    return dig(value, *steps)


def _field(row: dict[str, Any], fields: dict[str, str], name: str) -> Any:
    return at(row, fields[name]) if fields.get(name) else None


def read_product(row: dict[str, Any], mapping: HttpMapping) -> Product | None:
    """None for a row without an id or a title."""
    place = mapping.products
    get = partial(_field, row, place.fields)
    external_id, title = text_of(get("external_id")), text_of(get("title"))
    if not external_id or not title:
        return None
    parts = rows(at(row, place.parts)) if place.parts else []
    variants = tuple(_variant(part, place.part_fields, mapping, external_id, n) for n, part in enumerate(parts, 1))
    return Product(
        external_id=external_id,
        title=title,
        code=text_of(get("code")),
        description=plain(get("description")),
        category=text_of(get("category")),
        url=text_of(get("url")) or None,
        picture_url=text_of(get("picture_url")) or None,
        currency=mapping.currency,
        is_listed=_truth(get("is_listed")),
        updated_at=when(get("updated_at")),
        variants=variants or (_variant(row, place.fields, mapping, external_id, 0),),
    )


def _variant(row: dict[str, Any], fields: dict[str, str], mapping: HttpMapping, product: str, n: int) -> Variant:
    get = partial(_field, row, fields)
    own_id = text_of(get("external_id")) if n else product
    former = get("compare_at")
    return Variant(
        external_id=own_id or text_of(get("sku")) or f"{product}-{n}",
        sku=text_of(get("sku")),
        title=text_of(get("title")) if n else "",
        price_minor=_money(get("price"), mapping),
        compare_at_minor=_money(former, mapping) if former not in (None, "") else None,
        stock=whole(get("stock")),
    )


def read_order(row: dict[str, Any], mapping: HttpMapping) -> Order | None:
    """None for a row without a number."""
    place = mapping.orders
    get = partial(_field, row, place.fields)
    number = text_of(get("number")) or text_of(get("external_id"))
    if not number:
        return None
    word = text_of(get("state"))
    phone = text_of(get("phone"))
    tracking = text_of(get("tracking_number"))
    parcel = Shipment(
        tracking, text_of(get("carrier")), phone_tail=_digits(phone)[-4:], shipped_at=when(get("shipped_at"))
    )
    paid = get("paid")
    return Order(
        external_id=text_of(get("external_id")) or number,
        number=number,
        state=mapping.states.get(word) or STATES.get(word.lower(), "paid"),
        state_text=word,
        items=tuple(_item(part, place.part_fields, mapping) for part in rows(at(row, place.parts)))
        if place.parts
        else (),
        total_minor=_money(get("total"), mapping),
        paid_minor=_money(paid, mapping) if paid not in (None, "") else None,
        currency=mapping.currency,
        buyer_external_id=text_of(get("buyer")) or None,
        buyer_name=text_of(get("buyer_name")),
        phone=phone,
        email=text_of(get("email")),
        address=Address(
            text_of(get("receiver")),
            phone,
            join(get("province"), get("city"), get("district")),
            text_of(get("address")),
        ),
        note=text_of(get("note")),
        shipments=(parcel,) if tracking else (),
        ordered_at=when(get("ordered_at")),
        paid_at=when(get("paid_at")),
        shipped_at=when(get("shipped_at")),
        delivered_at=when(get("delivered_at")),
        updated_at=when(get("updated_at")),
    )


def _item(row: dict[str, Any], fields: dict[str, str], mapping: HttpMapping) -> OrderItem:
    get = partial(_field, row, fields)
    return OrderItem(
        title=text_of(get("title")),
        quantity=whole(get("quantity")) or 1,
        price_minor=_money(get("price"), mapping),
        external_id=text_of(get("external_id")),
        sku=text_of(get("sku")),
        variant=text_of(get("variant")),
        product_external_id=text_of(get("product")),
    )


def _money(value: Any, mapping: HttpMapping) -> int:
    return whole(value) or 0 if mapping.money == "minor" else minor(value, mapping.currency)


def _truth(value: Any) -> bool:
    return value is None or text_of(value).lower() not in ("0", "false", "no", "off", "下架", "draft", "")


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


GUESSES: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "product_id", "goods_id", "item_id", "order_id", "sku_id"),
    "number": ("order_no", "order_sn", "order_number", "number", "tid", "no"),
    "title": ("title", "name", "goods_name", "product_name"),
    "sku": ("sku", "sku_code", "outer_sku_id", "barcode"),
    "code": ("code", "goods_no", "spu", "item_no"),
    "price": ("price", "sale_price", "unit_price"),
    "stock": ("stock", "stock_num", "quantity", "inventory"),
    "description": ("description", "desc", "detail"),
    "category": ("category", "category_name", "cat_name"),
    "url": ("url", "link", "detail_url"),
    "picture_url": ("picture", "image", "pic_url", "main_image", "thumb"),
    "is_listed": ("is_listed", "on_sale", "is_on_sale", "listed"),
    "updated_at": ("updated_at", "update_time", "modified", "modified_at"),
    "state": ("status", "state", "order_status"),
    "total": ("total", "total_amount", "total_fee", "amount"),
    "paid": ("paid", "payment", "paid_amount", "pay_amount"),
    "buyer": ("buyer_id", "user_id", "customer_id", "openid"),
    "phone": ("phone", "mobile", "receiver_mobile", "receiver_phone", "tel"),
    "receiver": ("receiver", "receiver_name", "consignee"),
    "address": ("address", "receiver_address", "detail_address"),
    "ordered_at": ("created_at", "create_time", "order_time", "created"),
    "tracking_number": ("tracking_number", "express_no", "waybill_no", "logistics_no"),
    "carrier": ("carrier", "express_company", "logistics_company", "express_name"),
    "quantity": ("quantity", "num", "qty", "count"),
}
PRODUCT_FIELDS = (
    "external_id",
    "title",
    "code",
    "sku",
    "price",
    "stock",
    "description",
    "category",
    "url",
    "picture_url",
    "is_listed",
    "updated_at",
)
ORDER_FIELDS = (
    "external_id",
    "number",
    "state",
    "total",
    "paid",
    "buyer",
    "phone",
    "receiver",
    "address",
    "ordered_at",
    "tracking_number",
    "carrier",
    "updated_at",
)
VARIANT_FIELDS = ("external_id", "sku", "title", "price", "stock")
ITEM_FIELDS = ("title", "sku", "quantity", "price")


def guess(answer: Any, what: Literal["products", "orders"]) -> ListMapping:
    """A first try at the paths of an answer, by the names its fields usually have; a person looks it over."""
    path, first = _longest_list(answer, "")
    row = first[0] if first else {}
    names, part_names = (PRODUCT_FIELDS, VARIANT_FIELDS) if what == "products" else (ORDER_FIELDS, ITEM_FIELDS)
    parts = next((name for name, value in row.items() if rows(value)), "")
    return ListMapping(
        list=path,
        fields=_named(row, names),
        parts=parts,
        part_fields=_named(rows(row.get(parts))[0], part_names) if parts else {},
    )


def _named(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    flat = {key.lower(): key for key, value in row.items() if not isinstance(value, dict | list)}
    found = {name: next((flat[one] for one in GUESSES[name] if one in flat), "") for name in names}
    return {name: key for name, key in found.items() if key}


def _longest_list(value: Any, path: str, depth: int = 0) -> tuple[str, list[dict[str, Any]]]:
    best: tuple[str, list[dict[str, Any]]] = (path, rows(value))
    if isinstance(value, dict) and depth < 4:
        for key, inner in list(value.items())[:50]:
            found = _longest_list(inner, f"{path}.{key}" if path else key, depth + 1)
            best = max(best, found, key=lambda one: len(one[1]))
    return best


def since_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
