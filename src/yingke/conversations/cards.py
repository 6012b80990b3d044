"""What is shown beside the words of a message: products, orders, parcels. Texts come ready to be read."""

from msgspec import Struct


class ProductCard(Struct, tag="product", tag_field="kind"):
    """Price and stock as of the message; the shop's page decides. `in_stock` None: the shop does not say."""

    product_id: str
    title: str
    price: str
    url: str | None = None
    picture_url: str | None = None
    in_stock: bool | None = None
    presale_ships: str | None = None
    """From when it is sent, as words, while it is sold before it is there."""


class OrderCardItem(Struct):
    line: int
    title: str
    variant: str
    quantity: int


class OrderCard(Struct, tag="order", tag_field="kind"):
    """Nothing of name, phone or address. `state` as in the orders of the API."""

    id: str
    number: str
    state: str
    paid: str
    ordered_at: str
    items: list[OrderCardItem]


class ParcelEvent(Struct):
    when: str
    text: str


class ParcelCard(Struct, tag="parcel", tag_field="kind"):
    """`event` and `when` are of the newest entry, `events` newest first."""

    order_number: str
    carrier: str
    tracking_number: str
    state: str
    event: str | None
    when: str | None
    events: list[ParcelEvent]


CardView = ProductCard | OrderCard | ParcelCard
