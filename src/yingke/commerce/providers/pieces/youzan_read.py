"""What Youzan tells, in our words. Orders are in yuan as text, products in fen as numbers: its own pages say so."""

import json
from typing import Any

from yingke.commerce.providers.pieces.read import dig, join, minor, plain, rows, text_of, when, whole
from yingke.commerce.shapes import Address, Amounts, Order, OrderItem, OrderState, Product, Shipment, Variant

STATES: dict[str, OrderState] = {
    "WAIT_BUYER_PAY": "unpaid",
    "TRADE_PAID": "paid",
    "WAIT_CONFIRM": "paid",
    "WAIT_SELLER_SEND_GOODS": "paid",
    "WAIT_BUYER_CONFIRM_GOODS": "shipped",
    "TRADE_SUCCESS": "delivered",
    "TRADE_CLOSED": "closed",
}
FULLY_REFUNDED = 12


def read_product(row: dict[str, Any]) -> Product:
    """`row` is the data of youzan.item.itemdetail.get."""
    skus = rows(row.get("sku_list")) or rows(row.get("skus"))
    price = whole(dig(row, "item_price_param", "price")) or whole(row.get("price")) or 0
    alias = text_of(row.get("alias"))
    stock = whole(row.get("stock_num_str") or row.get("stock_num") or row.get("quantity"))
    single = Variant(text_of(row.get("item_id")), price, text_of(row.get("item_code")), stock=stock)
    return Product(
        external_id=text_of(row.get("item_id")),
        code=text_of(row.get("item_code")) or text_of(row.get("item_no")),
        title=text_of(row.get("title")),
        description=plain(row.get("desc") or row.get("content")),
        url=text_of(row.get("detail_url")) or (f"https://h5.youzan.com/v2/goods/{alias}" if alias else None),
        picture_url=text_of(dig(row, "images", 0, "url") or dig(row, "media", "image_list", 0, "url")) or None,
        is_listed=whole(row.get("display")) != 0 and not row.get("delete"),
        updated_at=when(row.get("update_time")),
        variants=tuple(_variant(one, price) for one in skus) or (single,),
    )


def _variant(row: dict[str, Any], price: int) -> Variant:
    options = {
        text_of(one.get("spec_name") or one.get("k")): text_of(one.get("spec_value_name") or one.get("v"))
        for one in rows(row.get("spec_values")) or _pairs(row.get("properties_name_json"))
    }
    stock = row.get("stock_num_str") or row.get("stock_num")
    return Variant(
        external_id=text_of(row.get("sku_id")),
        sku=text_of(row.get("sku_code")) or text_of(row.get("sku_no")),
        title=join(*options.values(), by=" / "),
        attributes={name: value for name, value in options.items() if name and value},
        price_minor=whole(row.get("price")) or price,
        stock=whole(stock if stock is not None else row.get("quantity")),
    )


def read_order(full: dict[str, Any], data: dict[str, Any]) -> Order:
    """`full` is `full_order_info`, `data` what stands around it."""
    info, pay = full.get("order_info") or {}, full.get("pay_info") or {}
    buyer, where = full.get("buyer_info") or {}, full.get("address_info") or {}
    items = tuple(_item(one) for one in rows(full.get("orders")))
    shipments = tuple(_shipments(data, text_of(where.get("receiver_tel"))))
    total, paid = minor(pay.get("total_fee")), minor(pay.get("payment"))
    shipping = minor(pay.get("post_fee"))
    state: OrderState = STATES.get(text_of(info.get("status")), "paid")
    if whole(info.get("refund_state")) == FULLY_REFUNDED:
        state = "refunded"
    return Order(
        external_id=text_of(info.get("tid")),
        number=text_of(info.get("tid")),
        state=state,
        state_text=text_of(info.get("status_str")) or text_of(info.get("status")),
        items=items,
        total_minor=paid,
        paid_minor=paid if info.get("pay_time") else 0,
        amounts=Amounts(goods_minor=total, promotion_off_minor=total + shipping - paid, shipping_minor=shipping),
        buyer_external_id=text_of(buyer.get("yz_open_id")) or None,
        phone=text_of(where.get("receiver_tel")) or text_of(buyer.get("buyer_phone")),
        address=Address(
            name=text_of(where.get("receiver_name")),
            phone=text_of(where.get("receiver_tel")),
            region=join(where.get("delivery_province"), where.get("delivery_city"), where.get("delivery_district")),
            detail=text_of(where.get("delivery_address")),
        ),
        note=text_of(dig(full, "remark_info", "buyer_message")),
        shipments=shipments,
        ordered_at=when(info.get("created")),
        paid_at=when(info.get("pay_time")),
        shipped_at=when(info.get("consign_time")),
        delivered_at=when(info.get("success_time")),
        updated_at=when(info.get("update_time")),
    )


def _item(row: dict[str, Any]) -> OrderItem:
    quantity = whole(row.get("num")) or 1
    paid = minor(row.get("payment"))
    return OrderItem(
        title=text_of(row.get("title")),
        variant=join(*(one.get("v") for one in _pairs(row.get("sku_properties_name"))), by=" / "),
        sku=text_of(row.get("outer_sku_id")) or text_of(row.get("outer_item_id")),
        quantity=quantity,
        price_minor=(2 * paid + quantity) // (2 * quantity),
        external_id=text_of(row.get("oid")),
        product_external_id=text_of(row.get("unified_item_id")) or text_of(row.get("item_id")),
    )


def _shipments(data: dict[str, Any], phone: str) -> list[Shipment]:
    found = []
    for row in rows(data.get("delivery_order")):
        for one in rows(row.get("dists")):
            told = one.get("express_info") or {}
            number = text_of(told.get("express_no"))
            if number:
                found.append(
                    Shipment(
                        number,
                        carrier=text_of(told.get("express_name")),
                        carrier_code=text_of(told.get("express_id")),
                        phone_tail="".join(sign for sign in phone if sign.isdigit())[-4:],
                    )
                )
    return found


def _pairs(value: Any) -> list[dict[str, Any]]:
    """Some fields hold JSON as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return []
    return rows(value)
