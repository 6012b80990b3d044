"""Products and orders to test with, of no shop that exists."""

from datetime import UTC, datetime, timedelta
from typing import Any

from yingke.commerce.shapes import Address, Order, OrderItem, Product, Shipment, TrackEvent, Variant

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tent(**changes: Any) -> Product:
    values: dict[str, Any] = {
        "external_id": "QS-T2",
        "title": "两人三季帐",
        "code": "QS-T2",
        "category": "帐篷",
        "attributes": {"防水": "外帐 PU3000mm", "重量": "2.1kg"},
        "variants": (
            Variant("QS-T2-G", 49900, sku="QS-T2-G", title="苔绿", attributes={"颜色": "苔绿"}, stock=36),
            Variant(
                "QS-T2-S", 49900, sku="QS-T2-S", title="沙色", attributes={"颜色": "沙色"}, stock=0,
                restock_at=NOON + timedelta(days=6),
            ),
        ),
    }  # fmt: skip
    return Product(**{**values, **changes})


def simple(code: str, title: str, yuan: int, stock: int | None = 10, **changes: Any) -> Product:
    variant = Variant(code, yuan * 100, sku=code, stock=stock)
    return Product(external_id=code, code=code, title=title, variants=(variant,), **changes)


def order(number: str = "QS-D0001", **changes: Any) -> Order:
    values: dict[str, Any] = {
        "external_id": number,
        "number": number,
        "state": "shipped",
        "items": (
            OrderItem("两人三季帐", 1, 42115, sku="QS-T2-G", variant="苔绿", product_external_id="QS-T2"),
            OrderItem("棉睡袋 10℃", 2, 16800, sku="QS-S10", product_external_id="QS-S10"),
        ),
        "total_minor": 75715,
        "paid_minor": 75715,
        "buyer_external_id": "buyer-1",
        "buyer_name": "顾小姐",
        "phone": "138 0000 0417",
        "address": Address("顾小姐", "13800000417", "浙江省 杭州市", "某路 1 号"),
        "shipments": (
            Shipment(
                "YS0000123456",
                "演示快递",
                state="in_transit",
                events=(TrackEvent(NOON, "已揽收", "杭州", "picked_up"),),
            ),
        ),
        "ordered_at": NOON - timedelta(days=3),
        "shipped_at": NOON,
    }
    return Order(**{**values, **changes})
