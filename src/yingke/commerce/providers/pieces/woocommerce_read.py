"""What WooCommerce tells, in our words."""

import json
from datetime import UTC, datetime
from typing import Any

from yingke.commerce.providers.pieces.read import dig, join, minor, minor_or_none, plain, rows, text_of, when
from yingke.commerce.shapes import Address, Amounts, Order, OrderItem, OrderState, Product, Shipment, Stock, Variant

STATES: dict[str, OrderState] = {
    "pending": "unpaid",
    "on-hold": "unpaid",
    "failed": "unpaid",
    "checkout-draft": "unpaid",
    "processing": "paid",
    "completed": "delivered",
    "cancelled": "cancelled",
    "refunded": "refunded",
    "trash": "closed",
}
TRACKING = "_wc_shipment_tracking_items"
"""Where the Shipment Tracking extension keeps parcel numbers; WooCommerce itself has no field for them."""


def read_product(row: dict[str, Any], variations: list[dict[str, Any]], currency: str) -> Product:
    variants = tuple(_variant(one, currency) for one in variations) or (_variant(row, currency),)
    return Product(
        external_id=text_of(row.get("id")),
        code=text_of(row.get("sku")),
        title=plain(row.get("name")),
        description=plain(row.get("description")) or plain(row.get("short_description")),
        category=join(*(one.get("name") for one in rows(row.get("categories"))), by=" / "),
        attributes={
            text_of(one.get("name")): join(*(one.get("options") or []), by="、")
            for one in rows(row.get("attributes"))
            if not one.get("variation")
        },
        url=text_of(row.get("permalink")) or None,
        picture_url=text_of(dig(row, "images", 0, "src")) or None,
        currency=currency,
        is_listed=row.get("status") == "publish" and row.get("catalog_visibility") != "hidden",
        updated_at=_moment(row, "date_modified"),
        variants=variants,
    )


def read_stock(row: dict[str, Any]) -> Stock:
    return Stock(text_of(row.get("id")), _stock(row), text_of(row.get("sku")))


def read_order(row: dict[str, Any]) -> Order:
    currency = text_of(row.get("currency")) or "CNY"
    billing, shipping = row.get("billing") or {}, row.get("shipping") or {}
    items = tuple(_item(one, currency) for one in rows(row.get("line_items")))
    shipments = tuple(_shipments(row))
    buyer = row.get("customer_id")
    return Order(
        external_id=text_of(row.get("id")),
        number=text_of(row.get("number")) or text_of(row.get("id")),
        state=_state(row, shipments),
        state_text=text_of(row.get("status")),
        items=items,
        total_minor=minor(row.get("total"), currency),
        paid_minor=minor(row.get("total"), currency) if row.get("date_paid") else 0,
        currency=currency,
        amounts=Amounts(
            goods_minor=sum(minor(one.get("subtotal"), currency) for one in rows(row.get("line_items"))),
            coupon_off_minor=minor(row.get("discount_total"), currency),
            shipping_minor=minor(row.get("shipping_total"), currency),
        ),
        buyer_external_id=text_of(buyer) if buyer else None,
        buyer_name=join(billing.get("first_name"), billing.get("last_name")),
        phone=text_of(billing.get("phone")) or text_of(shipping.get("phone")),
        email=text_of(billing.get("email")),
        address=Address(
            name=join(shipping.get("first_name"), shipping.get("last_name")),
            phone=text_of(shipping.get("phone")) or text_of(billing.get("phone")),
            region=join(shipping.get("country"), shipping.get("state"), shipping.get("city")),
            detail=join(shipping.get("address_1"), shipping.get("address_2"), shipping.get("postcode")),
        ),
        note=text_of(row.get("customer_note")),
        shipments=shipments,
        ordered_at=_moment(row, "date_created"),
        paid_at=_moment(row, "date_paid"),
        shipped_at=min((one.shipped_at for one in shipments if one.shipped_at), default=None),
        delivered_at=_moment(row, "date_completed"),
        updated_at=_moment(row, "date_modified"),
    )


def _variant(row: dict[str, Any], currency: str) -> Variant:
    options = {text_of(one.get("name")): text_of(one.get("option")) for one in rows(row.get("attributes"))}
    options = {name: value for name, value in options.items() if value}
    return Variant(
        external_id=text_of(row.get("id")),
        sku=text_of(row.get("sku")),
        title=join(*options.values(), by=" / "),
        attributes=options,
        price_minor=minor(row.get("price"), currency),
        compare_at_minor=minor_or_none(row.get("regular_price"), currency) if row.get("on_sale") else None,
        stock=_stock(row),
        is_listed=row.get("status", "publish") == "publish",
    )


def _stock(row: dict[str, Any]) -> int | None:
    """A shop that does not count says only whether there is any."""
    if row.get("manage_stock") and isinstance(row.get("stock_quantity"), int):
        return max(0, int(row["stock_quantity"]))
    return 0 if row.get("stock_status") == "outofstock" else None


def _item(row: dict[str, Any], currency: str) -> OrderItem:
    quantity = row.get("quantity") or 1
    paid = minor(row.get("total"), currency) + minor(row.get("total_tax"), currency)
    hidden = ("_", "pa_")
    options = [one for one in rows(row.get("meta_data")) if not text_of(one.get("key")).startswith(hidden[0])]
    return OrderItem(
        title=plain(row.get("name")),
        variant=join(*(one.get("display_value") or one.get("value") for one in options), by=" / "),
        sku=text_of(row.get("sku")),
        quantity=quantity,
        # Half up, like every rounding at the minor unit.
        price_minor=(2 * paid + quantity) // (2 * quantity),
        external_id=text_of(row.get("id")),
        product_external_id=text_of(row.get("product_id")),
    )


def _shipments(row: dict[str, Any]) -> list[Shipment]:
    found = []
    for meta in rows(row.get("meta_data")):
        value = meta.get("value") if meta.get("key") == TRACKING else None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        for one in rows(value):
            carrier = text_of(one.get("custom_tracking_provider")) or text_of(one.get("tracking_provider"))
            number = text_of(one.get("tracking_number"))
            if number:
                found.append(Shipment(number, carrier, shipped_at=when(one.get("date_shipped"), UTC)))
    return found


def _state(row: dict[str, Any], shipments: tuple[Shipment, ...]) -> OrderState:
    state = STATES.get(text_of(row.get("status")), "paid")
    return "shipped" if shipments and state in ("paid", "delivered") else state


def _moment(row: dict[str, Any], name: str) -> datetime | None:
    return when(row.get(f"{name}_gmt"), UTC)
