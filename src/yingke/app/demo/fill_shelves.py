"""Fills the demo's shop with products, offers and orders, and empties it again."""

from yingke.app.demo.calendar import Calendar
from yingke.app.demo.catalog import demo_products
from yingke.app.demo.offers import store_offers
from yingke.app.demo.orders import demo_orders
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products
from yingke.kit.db import Transaction


async def fill_shelves(tx: Transaction, workspace_id: int, first_shop: int, calendar: Calendar) -> None:
    """`first_shop` takes the orders and ships; the products and the sale are every shop's. All marked as demo."""
    await put_products(tx, workspace_id, None, demo_products(calendar), is_demo=True)
    await store_offers(tx, workspace_id, first_shop, calendar)
    await put_orders(tx, workspace_id, None, demo_orders(calendar, first_shop), is_demo=True)


async def empty_shelves(tx: Transaction, workspace_id: int) -> None:
    """Removes what `fill_shelves` stored, with what was asked of its orders; the owner's own products stay."""
    await tx.execute(
        "delete from order_requests where workspace_id = $1 and (conversation_id is not null or order_id in"
        " (select id from orders where workspace_id = $1 and is_demo))",
        workspace_id,
    )
    for table in ("orders", "products", "promotions", "coupons"):
        await tx.execute(f"delete from {table} where workspace_id = $1 and is_demo", workspace_id)
