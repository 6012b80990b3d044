"""What a file or a program tells of products and orders. What it leaves out (UNSET) stays as it was."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from yingke.commerce.shapes import OrderState

Line = Annotated[str, Meta(max_length=300)]
Text = Annotated[str, Meta(max_length=20_000)]
Minor = Annotated[int, Meta(ge=0, le=10**13)]
"""Money in minor units: 分, cents."""
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Attributes = Annotated[dict[str, Line], Meta(max_length=60)]


class VariantInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing that can be bought, known again by `external_id`, or else by `sku`. `stock` null: not counted."""

    external_id: Line | UnsetType = UNSET
    sku: Line | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    attributes: Attributes | UnsetType = UNSET
    price_minor: Minor | UnsetType = UNSET
    compare_at_minor: Minor | UnsetType | None = UNSET
    stock: Count | UnsetType | None = UNSET
    restock_at: datetime | UnsetType | None = UNSET
    is_listed: bool | UnsetType = UNSET


class ProductInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Known again by `external_id`; without one by `code`. Without `variants` those it has stay; a new one needs some.

    Given variants are all that it has, unless `keeps_variants`: then they are added to, or put over, the others.
    """

    external_id: Line | UnsetType = UNSET
    code: Line | UnsetType = UNSET
    title: Line | UnsetType = UNSET
    description: Text | UnsetType = UNSET
    category: Line | UnsetType = UNSET
    attributes: Attributes | UnsetType = UNSET
    url: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    picture_url: Annotated[str, Meta(max_length=2000)] | UnsetType | None = UNSET
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | UnsetType = UNSET
    no_seven_days: bool | UnsetType = UNSET
    is_listed: bool | UnsetType = UNSET
    shop_ids: Annotated[list[str], Meta(max_length=100)] | UnsetType | None = UNSET
    variants: Annotated[list[VariantInput], Meta(max_length=200)] | UnsetType = UNSET
    keeps_variants: bool = False
    updated_at: datetime | UnsetType = UNSET


class StockInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Stock or price of a variant that is known already by this SKU, or of the only variant of this article number."""

    sku: Line
    stock: Count | UnsetType | None = UNSET
    price_minor: Minor | UnsetType = UNSET
    compare_at_minor: Minor | UnsetType | None = UNSET


class ItemInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """`price_minor` is for a piece, as paid."""

    title: Line
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    price_minor: Minor = 0
    external_id: Line = ""
    sku: Line = ""
    variant: Line = ""
    product_external_id: Line = ""


class AddressInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    name: Line = ""
    phone: Line = ""
    region: Line = ""
    detail: Annotated[str, Meta(max_length=1000)] = ""


class ShipmentInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    tracking_number: Annotated[str, Meta(min_length=1, max_length=100)]
    carrier: Line = ""
    carrier_code: Line = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


class OrderInput(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Known again by `number`, whatever gaps or capitals it is written with. Shipments are added to those it has."""

    number: Annotated[str, Meta(min_length=1, max_length=100)]
    external_id: Line | UnsetType = UNSET
    state: OrderState | UnsetType = UNSET
    state_text: Line | UnsetType = UNSET
    items: Annotated[list[ItemInput], Meta(max_length=500)] | UnsetType = UNSET
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | UnsetType = UNSET
    total_minor: Minor | UnsetType = UNSET
    paid_minor: Minor | UnsetType | None = UNSET
    goods_minor: Minor | UnsetType = UNSET
    member_off_minor: Minor | UnsetType = UNSET
    promotion_off_minor: Minor | UnsetType = UNSET
    coupon_off_minor: Minor | UnsetType = UNSET
    shipping_minor: Minor | UnsetType = UNSET
    buyer_external_id: Line | UnsetType = UNSET
    buyer_name: Line | UnsetType = UNSET
    phone: Line | UnsetType = UNSET
    email: Line | UnsetType = UNSET
    address: AddressInput | UnsetType = UNSET
    note: Annotated[str, Meta(max_length=2000)] | UnsetType = UNSET
    shop_id: str | UnsetType | None = UNSET
    shipments: Annotated[list[ShipmentInput], Meta(max_length=50)] | UnsetType = UNSET
    ordered_at: datetime | UnsetType = UNSET
    paid_at: datetime | UnsetType | None = UNSET
    shipped_at: datetime | UnsetType | None = UNSET
    delivered_at: datetime | UnsetType | None = UNSET
    updated_at: datetime | UnsetType = UNSET


class Record(Struct, omit_defaults=True):
    """One thing read from a file, and the first of its rows (counted from 1 below the header)."""

    row: int
    rows: int = 1
    product: ProductInput | None = None
    stock: StockInput | None = None
    order: OrderInput | None = None
    is_new_allowed: bool = True
    """False: it only adds to what is known already, such as a tracking number to an order."""
