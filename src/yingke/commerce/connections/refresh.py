"""One order or one product asked for live, within three seconds, and written into the mirror; else said that it is not."""

from dataclasses import dataclass

from yingke.commerce.connections.fit import fit_orders, fit_products
from yingke.commerce.contract import CannotByProgram, Provider, ShopDown, ShopError, Shops
from yingke.commerce.providers.pieces.connected import Connected
from yingke.commerce.providers.pieces.door import within
from yingke.commerce.shapes import Order, Product
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products
from yingke.kit.db import Database, Transaction

WAIT_SECONDS = 3.0
_UNLIST = (
    "update products set is_listed = false, content_hash = '', seen_at = now()"
    " where workspace_id = $1 and connection_id = $2 and external_id = $3"
)


@dataclass(frozen=True, slots=True)
class Fresh:
    """`is_live`: the shop itself has just answered, also when it knows no such thing. Otherwise the mirror counts, with
    its own time, and `reason` is the code of what stood in the way."""

    is_live: bool
    order: Order | None = None
    product: Product | None = None
    reason: str = ""
    retry_after: float | None = None
    """Seconds for which the shop itself wants to be left alone."""


async def refresh_order(db: Database, shops: Shops, workspace_id: int, connection_id: int, number: str) -> Fresh:
    """By the number that the customer sees. Never raises for what the shop does; not inside a transaction."""
    try:
        async with within(WAIT_SECONDS):
            provider = await shops.open(workspace_id, connection_id)
            order = await provider.find_order(number)
    except ShopError as problem:
        return _not_live(problem)
    if order is not None:
        async with db.transaction(workspace_id) as tx:
            await put_orders(tx, workspace_id, connection_id, fit_orders([order], await _shop_ids(tx, connection_id)))
    return Fresh(True, order=order)


async def refresh_product(db: Database, shops: Shops, workspace_id: int, connection_id: int, external_id: str) -> Fresh:
    """Price and stock of one product, by its shop's id. Never raises for what the shop does; not inside a transaction."""
    try:
        async with within(WAIT_SECONDS):
            product = await _fetch(await shops.open(workspace_id, connection_id), external_id)
    except ShopError as problem:
        return _not_live(problem)
    async with db.transaction(workspace_id) as tx:
        if product is not None:
            await put_products(
                tx, workspace_id, connection_id, fit_products([product], await _shop_ids(tx, connection_id))
            )
        else:
            await tx.execute(_UNLIST, workspace_id, connection_id, external_id)
    return Fresh(True, product=product)


def _not_live(problem: ShopError) -> Fresh:
    return Fresh(False, reason=problem.code, retry_after=problem.retry_after if isinstance(problem, ShopDown) else None)


async def _fetch(provider: Provider, external_id: str) -> Product | None:
    if not isinstance(provider, Connected) or "products" not in provider.can:
        raise CannotByProgram
    return await provider.fetch_product(external_id)


async def _shop_ids(tx: Transaction, connection_id: int) -> list[int] | None:
    found: list[int] | None = await tx.fetchval("select shop_ids from shop_connections where id = $1", connection_id)
    return found
