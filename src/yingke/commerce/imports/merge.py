"""Puts what is told over what is known: what is left out stays, and less never replaces more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec import UNSET

from yingke.commerce.imports.inputs import OrderInput, ProductInput, VariantInput
from yingke.commerce.imports.problems import ProblemCode
from yingke.commerce.order_numbers import digits_of
from yingke.commerce.shapes import Address, Amounts, Order, OrderItem, Product, Shipment, Variant

_PLAIN = (
    "title",
    "code",
    "description",
    "category",
    "attributes",
    "url",
    "picture_url",
    "currency",
    "no_seven_days",
    "is_listed",
    "updated_at",
)
_OF_ORDER = (
    "state", "state_text", "currency", "paid_minor", "buyer_external_id", "buyer_name", "email", "note", "ordered_at", "paid_at",
    "shipped_at", "delivered_at", "updated_at",
)  # fmt: skip
_AMOUNTS = ("goods_minor", "member_off_minor", "promotion_off_minor", "coupon_off_minor", "shipping_minor")
_OF_VARIANT = ("sku", "title", "attributes", "price_minor", "compare_at_minor", "stock", "restock_at", "is_listed")


class CannotMerge(ValueError):
    """`code` says what is missing."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code)
        self.code: ProblemCode = code


def merge_product(known: Product | None, told: ProductInput, shop_ids: tuple[int, ...] | None) -> Product:
    """Raises CannotMerge: no_title, no_code, no_price."""
    key = _or(told.external_id, "") or _or(told.code, "") or _or(told.title, "")
    if known is None and not _or(told.title, "").strip():
        raise CannotMerge("no_title")
    if known is None and not key:
        raise CannotMerge("no_code")
    variants = _variants(known, told)
    start = known or Product(external_id=key, title="", variants=variants)
    shops = start.shop_ids if known is not None and shop_ids is None else shop_ids
    return replace(start, variants=variants, shop_ids=shops, **_told(told, _PLAIN))


def _variants(known: Product | None, told: ProductInput) -> tuple[Variant, ...]:
    before = known.variants if known is not None else ()
    if told.variants is UNSET or not told.variants:
        if not before:
            raise CannotMerge("no_price")
        return before
    if (
        len(before) > 1
        and len(told.variants) == 1
        and not _or(told.variants[0].title, "")
        and not _match(before, told.variants[0])
    ):
        # A list with one line a product does not know its variants.
        return before
    merged = [_merge_variant(_match(before, one), one) for one in told.variants]
    if told.keeps_variants:
        taken = {one.external_id for one in merged}
        merged = [one for one in before if one.external_id not in taken] + merged
    return tuple(merged)


def _match(before: Sequence[Variant], told: VariantInput) -> Variant | None:
    named, sku = _or(told.external_id, ""), _or(told.sku, "").lower()
    same = [one for one in before if named and one.external_id == named]
    return (same or [one for one in before if sku and one.sku.lower() == sku] or [None])[0]  # type: ignore[list-item]


def _merge_variant(known: Variant | None, told: VariantInput) -> Variant:
    if known is None and told.price_minor is UNSET:
        raise CannotMerge("no_price")
    key = _or(told.external_id, "") or _or(told.sku, "") or _or(told.title, "") or "1"
    start = known or Variant(external_id=key, price_minor=_or(told.price_minor, 0))
    return replace(start, **_told(told, _OF_VARIANT))


def merge_order(known: Order | None, told: OrderInput, shop_id: int | None) -> Order:
    """Raises CannotMerge(no_amount) for a new one whose sum nothing tells. Its shipments are those told."""
    fields = _told(told, _OF_ORDER)
    items = tuple(OrderItem(**_fields(item)) for item in told.items) if told.items is not UNSET else None
    amounts = Amounts(**{**_fields(known.amounts if known else Amounts()), **_told(told, _AMOUNTS)})
    start = known or Order(
        external_id=_or(told.external_id, "") or told.number, number=told.number, state="paid", items=(), total_minor=-1
    )
    total = _total(start, told, items or (), amounts)
    if start.state == "paid" and told.state is UNSET and told.shipments is not UNSET and told.shipments:
        fields["state"] = "shipped"
    return replace(
        start,
        **fields,
        items=start.items if items is None else items,
        amounts=amounts,
        total_minor=total,
        phone=_fuller(start.phone, _or(told.phone, "")),
        address=_address(start.address, told),
        shop_id=shop_id if shop_id is not None else start.shop_id,
        shipments=shipments_of(told),
    )


def shipments_of(told: OrderInput) -> tuple[Shipment, ...]:
    if told.shipments is UNSET:
        return ()
    return tuple(
        Shipment(
            tracking_number=one.tracking_number,
            carrier=one.carrier,
            carrier_code=one.carrier_code,
            state="delivered" if one.delivered_at is not None else "in_transit",
            shipped_at=one.shipped_at,
            delivered_at=one.delivered_at,
        )
        for one in told.shipments
    )


def _total(start: Order, told: OrderInput, items: Sequence[OrderItem], amounts: Amounts) -> int:
    """As told; else what was paid; else what its lines and what is known of its amounts come to."""
    if told.total_minor is not UNSET:
        return told.total_minor
    if start.total_minor >= 0:
        return start.total_minor
    paid = _or(told.paid_minor, None)
    if paid is not None:
        return int(paid)
    goods = amounts.goods_minor or sum(item.price_minor * item.quantity for item in items)
    if not goods:
        raise CannotMerge("no_amount")
    off = (amounts.member_off_minor or 0) + (amounts.promotion_off_minor or 0) + (amounts.coupon_off_minor or 0)
    return max(0, goods - off) + (amounts.shipping_minor or 0)


def _address(known: Address, told: OrderInput) -> Address:
    if told.address is UNSET:
        return known
    new = told.address
    return Address(
        name=_unmasked(known.name, new.name),
        phone=_fuller(known.phone, new.phone),
        region=new.region or known.region,
        detail=_unmasked(known.detail, new.detail),
    )


def _fuller(known: str, told: str) -> str:
    """A tail does not replace the number that it is the end of."""
    digits = digits_of(told)
    return known if not digits or digits_of(known).endswith(digits) else told


def _unmasked(known: str, told: str) -> str:
    return known if not told or ("*" in told and known and "*" not in known) else told


def _told(told: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(told, name)) is not UNSET}


def _fields(value: Any) -> dict[str, Any]:
    names = getattr(value, "__struct_fields__", None) or [*value.__dataclass_fields__]
    return {name: getattr(value, name) for name in names}


def _or(value: Any, instead: Any) -> Any:
    return instead if value is UNSET or value is None else value
