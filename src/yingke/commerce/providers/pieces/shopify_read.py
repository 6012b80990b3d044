"""What the Shopify Admin API tells, in our words."""

from functools import partial
from typing import Any

from yingke.commerce.providers.pieces.read import dig, join, minor, minor_or_none, plain, rows, text_of, when
from yingke.commerce.shapes import (
    Address,
    Amounts,
    Order,
    OrderItem,
    OrderState,
    ParcelState,
    Product,
    Shipment,
    TrackEvent,
    Variant,
)

PARCELS: dict[str, ParcelState] = {
    "ATTEMPTED_DELIVERY": "problem",
    "CANCELED": "returned",
    "CARRIER_PICKED_UP": "picked_up",
    "CONFIRMED": "waiting",
    "DELAYED": "problem",
    "DELIVERED": "delivered",
    "FAILURE": "problem",
    "FULFILLED": "in_transit",
    "IN_TRANSIT": "in_transit",
    "LABEL_PRINTED": "waiting",
    "LABEL_PURCHASED": "waiting",
    "MARKED_AS_FULFILLED": "in_transit",
    "NOT_DELIVERED": "problem",
    "OUT_FOR_DELIVERY": "out_for_delivery",
    "PICKED_UP": "delivered",
    "READY_FOR_PICKUP": "out_for_delivery",
    "SUBMITTED": "waiting",
}
"""FulfillmentDisplayStatus and FulfillmentEventStatus."""


def short_id(gid: Any) -> str:
    """gid://shopify/Product/123 → 123, the id that themes and pushes use."""
    return text_of(gid).rpartition("/")[2]


def gid(kind: str, short: str) -> str:
    return short if short.startswith("gid://") else f"gid://shopify/{kind}/{short}"


def read_product(node: dict[str, Any], currency: str) -> Product:
    picture = dig(node, "featuredMedia", "preview", "image", "url")
    variants = tuple(_variant(row, currency) for row in rows(dig(node, "variants", "nodes")))
    return Product(
        external_id=short_id(node.get("id")),
        code=text_of(node.get("handle")),
        title=text_of(node.get("title")),
        description=plain(node.get("descriptionHtml")),
        category=text_of(node.get("productType")),
        attributes={"品牌": vendor} if (vendor := text_of(node.get("vendor"))) else {},
        url=text_of(node.get("onlineStoreUrl")) or None,
        picture_url=text_of(picture) or None,
        currency=currency,
        is_listed=node.get("status") == "ACTIVE",
        updated_at=when(node.get("updatedAt")),
        variants=variants,
    )


def _variant(row: dict[str, Any], currency: str) -> Variant:
    options = {
        text_of(one.get("name")): text_of(one.get("value"))
        for one in rows(row.get("selectedOptions"))
        if one.get("value") != "Default Title"
    }
    is_counted = dig(row, "inventoryItem", "tracked") is not False
    stock = row.get("inventoryQuantity")
    title = text_of(row.get("title"))
    return Variant(
        external_id=short_id(row.get("id")),
        sku=text_of(row.get("sku")),
        title="" if title == "Default Title" else title,
        attributes=options,
        price_minor=minor(row.get("price"), currency),
        compare_at_minor=minor_or_none(row.get("compareAtPrice"), currency),
        stock=stock if is_counted and isinstance(stock, int) else None,
    )


def read_order(node: dict[str, Any]) -> Order:
    currency = text_of(node.get("currencyCode")) or "CNY"
    money = partial(_money, node, currency)
    where = node.get("shippingAddress") or {}
    shipments = tuple(one for row in rows(node.get("fulfillments")) for one in _shipments(row))
    discount = money("totalDiscountsSet")
    return Order(
        external_id=short_id(node.get("id")),
        number=text_of(node.get("name")),
        state=_state(node, shipments),
        state_text=join(node.get("displayFinancialStatus"), node.get("displayFulfillmentStatus"), by=" / "),
        items=tuple(_item(row, currency) for row in rows(dig(node, "lineItems", "nodes"))),
        total_minor=money("totalPriceSet"),
        paid_minor=money("totalReceivedSet"),
        currency=currency,
        amounts=Amounts(
            goods_minor=money("subtotalPriceSet") + discount,
            promotion_off_minor=discount,
            shipping_minor=money("totalShippingPriceSet"),
        ),
        buyer_external_id=short_id(dig(node, "customer", "id")) or None,
        buyer_name=text_of(dig(node, "customer", "displayName")),
        phone=text_of(node.get("phone")) or text_of(where.get("phone")),
        email=text_of(node.get("email")),
        address=Address(
            name=text_of(where.get("name")),
            phone=text_of(where.get("phone")),
            region=join(where.get("country"), where.get("province"), where.get("city")),
            detail=join(where.get("address1"), where.get("address2"), where.get("zip")),
        ),
        note=text_of(node.get("note")),
        shipments=shipments,
        ordered_at=when(node.get("processedAt") or node.get("createdAt")),
        shipped_at=min((one.shipped_at for one in shipments if one.shipped_at), default=None),
        delivered_at=max((one.delivered_at for one in shipments if one.delivered_at), default=None),
        updated_at=when(node.get("updatedAt")),
    )


def _money(node: dict[str, Any], currency: str, name: str) -> int:
    return minor(dig(node, name, "shopMoney", "amount"), currency)


def _item(row: dict[str, Any], currency: str) -> OrderItem:
    return OrderItem(
        title=text_of(row.get("title")),
        variant=text_of(row.get("variantTitle")),
        sku=text_of(row.get("sku")),
        quantity=row.get("quantity") or 1,
        price_minor=minor(dig(row, "discountedUnitPriceAfterAllDiscountsSet", "shopMoney", "amount"), currency),
        external_id=short_id(row.get("id")),
        product_external_id=short_id(dig(row, "product", "id")),
    )


def _shipments(row: dict[str, Any]) -> list[Shipment]:
    state = PARCELS.get(text_of(row.get("displayStatus")), "in_transit")
    events = sorted(_events(row), key=lambda one: one.happened_at)
    return [
        Shipment(
            tracking_number=text_of(one.get("number")),
            carrier=text_of(one.get("company")),
            state=state,
            events=tuple(events),
            shipped_at=when(row.get("createdAt")),
            delivered_at=when(row.get("deliveredAt")),
        )
        for one in rows(row.get("trackingInfo"))
        if text_of(one.get("number"))
    ]


def _events(row: dict[str, Any]) -> list[TrackEvent]:
    found = []
    for one in rows(dig(row, "events", "nodes")):
        moment = when(one.get("happenedAt"))
        status = text_of(one.get("status"))
        if moment is not None:
            place = join(one.get("province"), one.get("city"))
            found.append(TrackEvent(moment, text_of(one.get("message")) or status, place, PARCELS.get(status)))
    return found


def _state(node: dict[str, Any], shipments: tuple[Shipment, ...]) -> OrderState:
    paid, sent = node.get("displayFinancialStatus"), node.get("displayFulfillmentStatus")
    if node.get("cancelledAt"):
        return "cancelled"
    if paid == "REFUNDED":
        return "refunded"
    if paid in ("PENDING", "EXPIRED", "VOIDED"):
        return "unpaid"
    if sent == "PARTIALLY_FULFILLED":
        return "part_shipped"
    if sent == "FULFILLED":
        return "delivered" if shipments and all(one.state == "delivered" for one in shipments) else "shipped"
    return "paid"
