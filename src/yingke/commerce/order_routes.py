"""HTTP: orders, where their parcels are, and which conversations belong to them."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Response, delete, get, post
from litestar.params import Parameter
from msgspec import Struct

from yingke.commerce.catalog.product_routes import read_source
from yingke.commerce.contract import Shops
from yingke.commerce.orders.beside_talk import ParcelAndRequest, parcels_and_requests
from yingke.commerce.orders.link_order import How, link_order, unlink_order
from yingke.commerce.orders.list_orders import OrderFilter, list_orders, list_orders_by_id, show_cursor
from yingke.commerce.orders.load_orders import get_order
from yingke.commerce.orders.mask import mask_address, mask_email, mask_name, mask_phone
from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.orders.orders_of import orders_of
from yingke.commerce.orders.track_order import track_order
from yingke.commerce.requests.list_requests import list_requests
from yingke.commerce.requests.request_shapes import RequestShape, RequestState, shape_request
from yingke.commerce.seen_shops import seen_shops
from yingke.commerce.shapes import OrderState, ParcelState, RequestKind
from yingke.kit.db import Database, Transaction
from yingke.kit.errors import not_found
from yingke.kit.ids import read_id, show_id
from yingke.kit.text import clean_text
from yingke.workspaces.audit import record_audit
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require_scope
from yingke.workspaces.shapes import Page

READ = [require_scope("orders:read")]
WRITE = [require_scope("orders:write")]
TAGS = ["orders"]
Limit = Annotated[int, Parameter(ge=1, le=200)]


class OrderRow(Struct):
    """`buyer_name` and `phone` with their middle starred out. `seen_at`: how old this knowledge is."""

    id: str
    number: str
    state: OrderState
    state_text: str
    currency: str
    total_minor: int
    paid_minor: int | None
    buyer_name: str
    phone: str
    items: int
    first_item: str | None
    connection_id: str | None
    shop_id: str | None
    is_demo: bool
    ordered_at: datetime
    seen_at: datetime


class OrderItemShape(Struct):
    line: int
    title: str
    variant: str
    sku: str
    quantity: int
    price_minor: int
    product_id: str | None


class TrackShape(Struct):
    happened_at: datetime
    place: str
    text: str
    state: str


class ShipmentShape(Struct):
    """`as_of`: when the carrier was last asked, else when the shop told of it. Events with the newest first."""

    id: str
    carrier: str
    tracking_number: str
    state: str
    asked_at: datetime | None
    as_of: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    events: list[TrackShape]


class AddressShape(Struct):
    name: str = ""
    phone: str = ""
    region: str = ""
    detail: str = ""


class LinkShape(Struct):
    conversation_id: str
    how: How
    created_at: datetime


class OrderShape(Struct):
    """One order. Name, phone, e-mail and address are starred out: `POST …/disclosure` shows them."""

    id: str
    number: str
    state: OrderState
    state_text: str
    currency: str
    total_minor: int
    paid_minor: int | None
    buyer_name: str
    phone: str
    connection_id: str | None
    shop_id: str | None
    is_demo: bool
    ordered_at: datetime
    seen_at: datetime
    amounts: dict[str, int]
    items: list[OrderItemShape]
    address: AddressShape
    note: str
    email: str
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    shipments: list[ShipmentShape]
    requests: list[RequestShape]
    conversations: list[LinkShape]


class Disclosure(Struct):
    """What was starred out."""

    buyer_name: str
    phone: str
    email: str
    address: AddressShape


class Tracking(Struct):
    """`is_live` false: the shop or the carrier did not answer in time; this is what was known at `as_of`."""

    is_live: bool
    as_of: datetime
    shipments: list[ShipmentShape]


class ConversationOrder(Struct):
    """`how`: asked about, bought after, linked by hand, or own: the signed customer's. Of the newest parcel and the
    newest request of the order only their states."""

    order: OrderRow
    how: str
    parcel_state: ParcelState | None = None
    request_kind: RequestKind | None = None
    request_state: RequestState | None = None


class OrderToLink(Struct, forbid_unknown_fields=True):
    order_id: str


@get("/v1/orders", guards=READ, tags=TAGS)
async def get_orders(
    db: Database,
    caller: Caller,
    search: str = "",
    order_state: Annotated[OrderState | None, Parameter(query="state")] = None,
    shop_id: str | None = None,
    source: str | None = None,
    since: Annotated[datetime | None, Parameter(query="from")] = None,
    until: Annotated[datetime | None, Parameter(query="to")] = None,
    after: str | None = None,
    limit: Limit = 50,
) -> Page[OrderRow]:
    """The newest first. `search`: a number from its beginning, a buyer's name, a phone or its last four digits."""
    async with db.transaction(caller.workspace_id) as tx:
        wanted = OrderFilter(
            await seen_shops(tx, caller),
            clean_text(search, 100, field="search"),
            order_state,
            read_id(shop_id) if shop_id else None,
            read_source(source),
            since,
            until,
            after,
            limit,
        )
        rows = await list_orders(tx, caller.workspace_id, wanted)
    items = [_row(row) for row in rows[:limit]]
    return Page(items, show_cursor(rows[limit - 1]) if len(rows) > limit else None)


@get("/v1/orders/{order_id:str}", guards=READ, tags=TAGS)
async def get_one_order(order_id: str, db: Database, caller: Caller) -> OrderShape:
    async with db.transaction(caller.workspace_id) as tx:
        order = await seen_order(tx, caller, read_id(order_id))
        requests = await list_requests(tx, caller.workspace_id, None, order_id=order.id, limit=100)
        links = await tx.fetch(
            "select conversation_id, how, created_at from order_links where workspace_id = $1 and order_id = $2"
            " order by created_at desc limit 50",
            caller.workspace_id,
            order.id,
        )
    shape = _shape(order)
    shape.requests = [shape_request(row) for row in requests]
    shape.conversations = [LinkShape(show_id(row["conversation_id"]), row["how"], row["created_at"]) for row in links]
    return shape


@post("/v1/orders/{order_id:str}/disclosure", guards=READ, tags=TAGS, status_code=200)
async def post_disclosure(order_id: str, db: Database, caller: Caller) -> Disclosure:
    """Shows name, phone, e-mail and address in full, and writes down who looked."""
    async with db.transaction(caller.workspace_id) as tx:
        order = await seen_order(tx, caller, read_id(order_id))
        await record_audit(tx, caller, "order.disclosed", f"order:{order.id}", {"number": order.number})
    return Disclosure(order.buyer_name, order.phone, order.email, _address(order.address))


@post("/v1/orders/{order_id:str}/tracking", guards=READ, tags=TAGS, status_code=200)
async def post_tracking(order_id: str, db: Database, shops: Shops, caller: Caller) -> Tracking:
    """Asks the shop or the carrier where the parcels are, unless it was asked in the last ten minutes."""
    async with db.transaction(caller.workspace_id) as tx:
        order = await seen_order(tx, caller, read_id(order_id))
    tracked = await track_order(db, shops, caller.workspace_id, order.id)
    return Tracking(tracked.is_live, tracked.as_of, _shipments(tracked.order))


@get("/v1/conversations/{conversation_id:str}/orders", guards=READ, tags=TAGS)
async def get_conversation_orders(conversation_id: str, db: Database, caller: Caller) -> Page[ConversationOrder]:
    """Those linked to the conversation, and the signed customer's own ten newest; the newest first."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        identity_id = await _identity(tx, caller, number)
        links = await tx.fetch(
            "select order_id, how from order_links where workspace_id = $1 and conversation_id = $2",
            caller.workspace_id,
            number,
        )
        own = await orders_of(tx, caller.workspace_id, identity_id)
        how = {one.id: "own" for one in own} | {row["order_id"]: row["how"] for row in links}
        shops = await seen_shops(tx, caller)
        rows = await list_orders_by_id(tx, caller.workspace_id, list(how))
        beside = await parcels_and_requests(tx, caller.workspace_id, list(how))
    seen = [row for row in rows if shops is None or row["shop_id"] is None or row["shop_id"] in shops]
    return Page([_beside_talk(row, how[row["id"]], beside[row["id"]]) for row in seen], None)


@post("/v1/conversations/{conversation_id:str}/orders", guards=WRITE, tags=TAGS)
async def post_conversation_order(
    conversation_id: str, data: OrderToLink, db: Database, caller: Caller
) -> Response[ConversationOrder]:
    """Links an order by hand. 201 when it was not linked before, else 200."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await _identity(tx, caller, number)
        order = await seen_order(tx, caller, read_id(data.order_id))
        is_new = await link_order(tx, caller.workspace_id, number, order.id, "by_hand")
        how = await tx.fetchval(
            "select how from order_links where workspace_id = $1 and conversation_id = $2 and order_id = $3",
            caller.workspace_id,
            number,
            order.id,
        )
        [row] = await list_orders_by_id(tx, caller.workspace_id, [order.id])
        beside = await parcels_and_requests(tx, caller.workspace_id, [order.id])
    return Response(_beside_talk(row, how, beside[order.id]), status_code=201 if is_new else 200)


@delete("/v1/conversations/{conversation_id:str}/orders/{order_id:str}", guards=WRITE, tags=TAGS)
async def delete_conversation_order(conversation_id: str, order_id: str, db: Database, caller: Caller) -> None:
    """Takes back a link made by hand. 404 for one that was not: what was asked or bought stays as it happened."""
    number = read_id(conversation_id)
    async with db.transaction(caller.workspace_id) as tx:
        await _identity(tx, caller, number)
        order = await seen_order(tx, caller, read_id(order_id))
        if not await unlink_order(tx, caller.workspace_id, number, order.id):
            raise not_found()


def _beside_talk(row: Any, how: str, beside: ParcelAndRequest) -> ConversationOrder:
    return ConversationOrder(_row(row), how, beside["parcel_state"], beside["request_kind"], beside["request_state"])


async def seen_order(tx: Transaction, caller: Caller, order_id: int) -> OrderView:
    """Raises 404, also for an order of a shop that this agent does not serve."""
    order = await get_order(tx, caller.workspace_id, order_id)
    shops = await seen_shops(tx, caller)
    if shops is not None and order.shop_id is not None and order.shop_id not in shops:
        raise not_found()
    return order


async def _identity(tx: Transaction, caller: Caller, conversation_id: int) -> int:
    """Whose conversation it is. Raises 404, also for one of a shop that this agent does not serve."""
    row = await tx.fetchrow(
        "select identity_id, shop_id from conversations where workspace_id = $1 and id = $2",
        caller.workspace_id,
        conversation_id,
    )
    shops = await seen_shops(tx, caller)
    if row is None or (shops is not None and row["shop_id"] not in shops):
        raise not_found()
    return int(row["identity_id"])


def _row(row: Any) -> OrderRow:
    values = dict(row)
    return OrderRow(
        **{
            **values,
            "id": show_id(row["id"]),
            "connection_id": _id(row["connection_id"]),
            "shop_id": _id(row["shop_id"]),
            "buyer_name": mask_name(row["buyer_name"]),
            "phone": mask_phone(row["phone"]),
        }
    )


def _shape(order: OrderView) -> OrderShape:
    return OrderShape(
        id=show_id(order.id),
        number=order.number,
        state=order.state,  # type: ignore[arg-type]
        state_text=order.state_text,
        currency=order.currency,
        total_minor=order.total_minor,
        paid_minor=order.paid_minor,
        buyer_name=mask_name(order.buyer_name),
        phone=mask_phone(order.phone),
        connection_id=_id(order.connection_id),
        shop_id=_id(order.shop_id),
        is_demo=order.is_demo,
        ordered_at=order.ordered_at,
        seen_at=order.seen_at,
        amounts=order.amounts,
        items=[
            OrderItemShape(
                one.line, one.title, one.variant, one.sku, one.quantity, one.price_minor, _id(one.product_id)
            )
            for one in order.items
        ],
        address=_address(mask_address(order.address)),
        note=order.note,
        email=mask_email(order.email),
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        shipments=_shipments(order),
        requests=[],
        conversations=[],
    )


def _shipments(order: OrderView) -> list[ShipmentShape]:
    return [
        ShipmentShape(
            show_id(one.id),
            one.carrier,
            one.tracking_number,
            one.state,
            one.asked_at,
            one.as_of,
            one.shipped_at,
            one.delivered_at,
            [TrackShape(event.happened_at, event.place, event.text, event.state) for event in one.events],
        )
        for one in order.parcels
    ]


def _address(address: dict[str, Any]) -> AddressShape:
    return AddressShape(**{name: str(address.get(name) or "") for name in ("name", "phone", "region", "detail")})


def _id(number: int | None) -> str | None:
    return None if number is None else show_id(number)


ROUTES = [
    get_orders,
    get_one_order,
    post_disclosure,
    post_tracking,
    get_conversation_orders,
    post_conversation_order,
    delete_conversation_order,
]
