"""What a WeChat shop tells, in our words. Money is in fen, times in Unix seconds."""

import re
from typing import Any
from xml.etree import ElementTree

import msgspec

from yingke.commerce.providers.pieces.read import dig, join, plain, rows, text_of, when, whole
from yingke.commerce.shapes import Address, Amounts, Order, OrderItem, OrderState, Product, Shipment, Variant

STATES: dict[int, OrderState] = {
    10: "unpaid",
    12: "paid",
    13: "paid",
    20: "paid",
    21: "part_shipped",
    30: "shipped",
    100: "delivered",
    200: "refunded",
    250: "cancelled",
}
WORDS = {
    10: "待付款", 12: "礼物待收下", 13: "凑团中", 20: "待发货", 21: "部分发货", 30: "待收货", 100: "完成",
    200: "售后完成，已取消", 250: "已取消",
}  # fmt: skip
ON_SALE = 5
_ENCRYPTED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=\s]+?)(?:\]\]>)?\s*</Encrypt>")


def read_product(row: dict[str, Any]) -> Product:
    attributes = {text_of(one.get("attr_key")): text_of(one.get("attr_value")) for one in rows(row.get("attrs"))}
    return Product(
        external_id=text_of(row.get("product_id")),
        code=text_of(row.get("spu_code")) or text_of(row.get("out_product_id")),
        title=text_of(row.get("title")),
        description=plain(dig(row, "desc_info", "desc")),
        attributes=attributes,
        picture_url=text_of(dig(row, "head_imgs", 0)) or None,
        no_seven_days=dig(row, "extra_service", "seven_day_return") == 0,
        is_listed=whole(row.get("status")) == ON_SALE,
        variants=tuple(_variant(one) for one in rows(row.get("skus")))
        or (Variant(text_of(row.get("product_id")), whole(row.get("min_price")) or 0),),
    )


def _variant(row: dict[str, Any]) -> Variant:
    options = {text_of(one.get("attr_key")): text_of(one.get("attr_value")) for one in rows(row.get("sku_attrs"))}
    return Variant(
        external_id=text_of(row.get("sku_id")),
        sku=text_of(row.get("sku_code")) or text_of(row.get("out_sku_id")),
        title=join(*options.values(), by=" / "),
        attributes=options,
        price_minor=whole(row.get("sale_price")) or 0,
        stock=whole(row.get("stock_num")),
    )


def read_order(row: dict[str, Any]) -> Order:
    detail = row.get("order_detail") or {}
    price, pay = detail.get("price_info") or {}, detail.get("pay_info") or {}
    delivery = detail.get("delivery_info") or {}
    where = delivery.get("address_info") or {}
    status = whole(row.get("status")) or 0
    phone = text_of(where.get("tel_number")) or text_of(where.get("virtual_order_tel_number"))
    total = whole(price.get("order_price")) or 0
    return Order(
        external_id=text_of(row.get("order_id")),
        number=text_of(row.get("order_id")),
        state=STATES.get(status, "paid"),
        state_text=WORDS.get(status, str(status)),
        items=tuple(_item(one) for one in rows(detail.get("product_infos"))),
        total_minor=total,
        paid_minor=total if pay.get("pay_time") else 0,
        amounts=Amounts(
            goods_minor=whole(price.get("product_price")),
            promotion_off_minor=whole(price.get("discounted_price")),
            shipping_minor=whole(price.get("freight")),
        ),
        buyer_external_id=text_of(row.get("openid")) or None,
        phone=phone,
        address=Address(
            name=text_of(where.get("user_name")),
            phone=phone,
            region=join(where.get("province_name"), where.get("city_name"), where.get("county_name")),
            detail=join(where.get("detail_info"), where.get("house_number")),
        ),
        note=text_of(dig(detail, "ext_info", "customer_notes")),
        shipments=tuple(_shipments(delivery, phone)),
        ordered_at=when(row.get("create_time")),
        paid_at=when(pay.get("pay_time")),
        shipped_at=when(delivery.get("ship_done_time")),
        delivered_at=when(dig(detail, "ext_info", "confirm_receipt_time")),
        updated_at=when(row.get("update_time")),
    )


def _item(row: dict[str, Any]) -> OrderItem:
    quantity = whole(row.get("sku_cnt")) or 1
    paid = whole(row.get("real_price"))
    return OrderItem(
        title=text_of(row.get("title")),
        variant=join(*(one.get("attr_value") for one in rows(row.get("sku_attrs"))), by=" / "),
        sku=text_of(row.get("sku_code")) or text_of(row.get("out_sku_id")),
        quantity=quantity,
        price_minor=whole(row.get("sale_price")) or 0 if paid is None else (2 * paid + quantity) // (2 * quantity),
        external_id=text_of(row.get("sku_id")),
        product_external_id=text_of(row.get("product_id")),
    )


def _shipments(delivery: dict[str, Any], phone: str) -> list[Shipment]:
    return [
        Shipment(
            text_of(one.get("waybill_id")),
            carrier=text_of(one.get("delivery_name")),
            carrier_code=text_of(one.get("delivery_id")),
            phone_tail="".join(sign for sign in phone if sign.isdigit())[-4:],
            shipped_at=when(one.get("delivery_time")),
        )
        for one in rows(delivery.get("delivery_product_info"))
        if text_of(one.get("waybill_id"))
    ]


def read_envelope(body: bytes) -> str:
    """The ciphertext of a push in XML or JSON; empty when there is none: what is not sealed is not read."""
    if body.lstrip()[:1] == b"{":
        try:
            return text_of(dig(msgspec.json.decode(body), "Encrypt"))
        except (msgspec.DecodeError, UnicodeDecodeError):
            return ""
    found = _ENCRYPTED.search(body)
    return b"".join(found.group(1).split()).decode() if found else ""


def read_message(message: bytes) -> dict[str, Any]:
    """The event inside, from JSON or XML. Declarations of entities are not read at all."""
    if message.lstrip()[:1] == b"{":
        try:
            told = msgspec.json.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return {}
        return told if isinstance(told, dict) else {}
    if b"<!" in message.replace(b"<![CDATA[", b""):
        return {}
    try:
        root = ElementTree.fromstring(message)
    except ElementTree.ParseError:
        return {}
    return {child.tag: _value(child) for child in root}


def _value(element: ElementTree.Element) -> Any:
    if len(element) == 0:
        return (element.text or "").strip()
    return {child.tag: (child.text or "").strip() for child in element}
