"""Products and orders that programs send as JSON, many at once."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request, Response, post
from msgspec import Meta, Struct

from yingke.commerce.imports.bulk import MOST_ITEMS, BulkAnswer, take_orders, take_products
from yingke.kit.db import Database, Transaction
from yingke.kit.idempotency import Sending, run_once
from yingke.kit.rates import Rates
from yingke.workspaces.caller import Caller
from yingke.workspaces.require import require

Asking = Request[Any, Any, Any]
Items = Annotated[list[Any], Meta(min_length=1, max_length=MOST_ITEMS)]
TAGS = ["commerce"]


class ProductsToImport(Struct, forbid_unknown_fields=True):
    """`products`: objects of the shape ProductInput. An object that is wrong is told so; the others are stored."""

    products: Items


class OrdersToImport(Struct, forbid_unknown_fields=True):
    """`orders`: objects of the shape OrderInput. An object that is wrong is told so; the others are stored."""

    orders: Items


@post("/v1/products/import", guards=[require(role="admin", scope="commerce:write")], tags=TAGS, status_code=200)
async def post_products(
    data: ProductsToImport, request: Asking, db: Database, rates: Rates, caller: Caller
) -> Response[BulkAnswer]:
    """Adds or changes up to 1,000 products of the built-in shop, known again by external_id or code; money in minor units.

    Sent again it changes nothing. 200 with one result an item, in their order, also when some are errors.
    """
    return await _import(db, rates, caller, request, "products", data.products, take_products)


@post("/v1/orders/import", guards=[require(role="admin", scope="orders:write")], tags=TAGS, status_code=200)
async def post_orders(
    data: OrdersToImport, request: Asking, db: Database, rates: Rates, caller: Caller
) -> Response[BulkAnswer]:
    """Adds or changes up to 1,000 orders, known again by their number; money in minor units, parcels are added.

    Sent again it changes nothing. 200 with one result an item, in their order, also when some are errors.
    """
    return await _import(db, rates, caller, request, "orders", data.orders, take_orders)


Take = Callable[[Transaction, int, list[Any]], Awaitable[BulkAnswer]]


async def _import(
    db: Database, rates: Rates, caller: Caller, request: Asking, what: str, items: list[Any], take: Take
) -> Response[BulkAnswer]:
    rates.check(f"bulk:{caller.workspace_id}", rate=2, burst=20)

    async def work(tx: Transaction) -> BulkAnswer:
        return await take(tx, caller.workspace_id, items)

    key = request.headers.get("idempotency-key")
    sending = Sending(caller.workspace_id, caller.owner, key, f"POST /v1/{what}/import", items)
    result = await run_once(db, sending, BulkAnswer, work)
    return Response(result.answer, status_code=200)


ROUTES = [post_products, post_orders]
