"""An order of the mirror in the words of the shop contract."""

from yingke.commerce.orders.order_view import OrderView
from yingke.commerce.shapes import Address, Order, OrderItem, Shipment


def shop_order(view: OrderView) -> Order:
    """What a provider needs to find it: ids, lines, address."""
    items = tuple(
        OrderItem(one.title, one.quantity, one.price_minor, one.external_id, one.sku, one.variant) for one in view.items
    )
    parcels = tuple(Shipment(one.tracking_number, one.carrier, one.carrier_code) for one in view.parcels)
    kept = {name: str(view.address.get(name, "")) for name in ("name", "phone", "region", "detail")}
    state = view.state
    return Order(
        external_id=view.external_id,
        number=view.number,
        state=state,  # type: ignore[arg-type]
        items=items,
        total_minor=view.total_minor,
        paid_minor=view.paid_minor,
        currency=view.currency,
        buyer_external_id=view.buyer_external_id,
        buyer_name=view.buyer_name,
        phone=view.phone,
        email=view.email,
        address=Address(**kept),
        shop_id=view.shop_id,
        shipments=parcels,
    )
