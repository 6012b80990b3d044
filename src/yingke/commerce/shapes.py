"""What the room speaks of: products, orders, parcels, and what a shop tells or is asked. Money in minor units (分, cents)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

OrderState = Literal["unpaid", "paid", "part_shipped", "shipped", "delivered", "closed", "cancelled", "refunded"]
ParcelState = Literal[
    "waiting", "picked_up", "in_transit", "out_for_delivery", "delivered", "problem", "returned", "unknown"
]
RequestKind = Literal["return", "exchange", "refund", "repair", "cancel", "address", "invoice", "coupon"]
ChangeKind = Literal["product", "product_gone", "stock", "order", "shipment", "disconnected"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that can be bought. `stock` None: not told. `compare_at_minor` is a former price as stored, never invented."""

    external_id: str
    price_minor: int
    sku: str = ""
    title: str = ""
    """What sets it apart from its siblings: 苔绿, M."""
    attributes: dict[str, str] = field(default_factory=dict)
    compare_at_minor: int | None = None
    stock: int | None = None
    restock_at: datetime | None = None
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Product:
    """One product with all its variants (at least one). `updated_at` is the source's own time; None: as of now."""

    external_id: str
    title: str
    variants: tuple[Variant, ...]
    code: str = ""
    """货号 / SPU."""
    description: str = ""
    """Plain text."""
    category: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    url: str | None = None
    picture_url: str | None = None
    currency: str = "CNY"
    no_seven_days: bool = False
    """Not covered by the seven days without reason."""
    shop_ids: tuple[int, ...] | None = None
    """None: every shop of the workspace."""
    is_listed: bool = True
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """`variant_id` is the variant's external id. `stock` None: the shop does not count it."""

    variant_id: str
    stock: int | None
    sku: str = ""
    restock_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderItem:
    """`price_minor` is for a piece, as paid. `external_id` is the platform's id of the line, if it has one."""

    title: str
    quantity: int
    price_minor: int
    external_id: str = ""
    sku: str = ""
    variant: str = ""
    product_external_id: str = ""


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the sum of an order came about; None where the source does not say."""

    goods_minor: int | None = None
    member_off_minor: int | None = None
    promotion_off_minor: int | None = None
    coupon_off_minor: int | None = None
    shipping_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """`region` from the largest part: 浙江省 杭州市 西湖区."""

    name: str = ""
    phone: str = ""
    region: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class TrackEvent:
    happened_at: datetime
    text: str
    place: str = ""
    state: ParcelState | None = None


@dataclass(frozen=True, slots=True)
class Shipment:
    """`asked_at` is when the carrier was last asked; None: the shop told it by itself."""

    tracking_number: str
    carrier: str = ""
    carrier_code: str = ""
    state: ParcelState = "in_transit"
    phone_tail: str = ""
    """Four digits that some carriers want to hear."""
    events: tuple[TrackEvent, ...] = ()
    asked_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """`number` is what the customer sees; `phone` may hold any marks, only its digits are kept."""

    external_id: str
    number: str
    state: OrderState
    items: tuple[OrderItem, ...]
    total_minor: int
    paid_minor: int | None = None
    currency: str = "CNY"
    amounts: Amounts = Amounts()
    state_text: str = ""
    """The platform's own word."""
    buyer_external_id: str | None = None
    buyer_name: str = ""
    phone: str = ""
    email: str = ""
    address: Address = Address()
    note: str = ""
    shop_id: int | None = None
    shipments: tuple[Shipment, ...] = ()
    ordered_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch(Generic[T]):
    """One page from a shop. `next` is the shop's cursor, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a push says. Without the thing itself the receiver fetches it by `external_id`."""

    kind: ChangeKind
    external_id: str
    """The product's, the variant's (stock), the order's, or the tracking number (shipment)."""
    product: Product | None = None
    order: Order | None = None
    stock: Stock | None = None
    shipment: Shipment | None = None
    push_id: str = ""
    """The platform's id of this push, the same when it is sent again."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """`line` counts from 1 in the order; `external_id` is the platform's id of that line."""

    line: int
    quantity: int
    external_id: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """Something the shop is asked to do. `order` is None only for a coupon."""

    kind: RequestKind
    order: Order | None
    items: tuple[AskedItem, ...] = ()
    amount_minor: int | None = None
    currency: str = "CNY"
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    """address: {name, phone, region, detail} · invoice: {title, tax_number, email} · exchange: {sku} · coupon: {code, buyer}."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """`is_done` False: accepted, and the shop or a person there goes on with it. `external_id` is the shop's number of it."""

    is_done: bool
    external_id: str = ""
    words: str = ""
    """What the shop said about it."""
