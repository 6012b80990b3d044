"""An order as the mirror holds it. `seen_at` says how old that is; money in minor units."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ItemView:
    line: int
    external_id: str
    product_id: int | None
    sku: str
    title: str
    variant: str
    quantity: int
    price_minor: int
    """A piece, as paid."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Of the product as the shop has it now; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class TrackView:
    happened_at: datetime
    place: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ParcelView:
    """`events` with the newest first. `as_of`: when the carrier was last asked, else when the shop told of it."""

    id: int
    carrier: str
    carrier_code: str
    tracking_number: str
    phone_tail: str
    state: str
    asked_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    as_of: datetime
    events: tuple[TrackView, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderView:
    id: int
    connection_id: int | None
    shop_id: int | None
    external_id: str
    number: str
    buyer_external_id: str | None
    buyer_name: str
    phone: str
    """Digits. Never for a stranger."""
    email: str
    state: str
    state_text: str
    currency: str
    total_minor: int
    paid_minor: int | None
    amounts: dict[str, int]
    address: dict[str, Any]
    note: str
    is_demo: bool
    ordered_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    seen_at: datetime
    items: tuple[ItemView, ...] = ()
    parcels: tuple[ParcelView, ...] = ()
    read_at: datetime | None = None
    """The database's time when this was read."""
