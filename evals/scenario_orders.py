"""Orders that stand for those of the demo, one for each conversation, and one that the demo lacks: paid, and not sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

_UNDER_WAY: dict[str, Any] = {
    "state": "shipped",
    "total_minor": 75715,
    "paid_minor": 75715,
    "phone": "13800000417",
    "buyer_name": "甲先生",
    "items": [
        {"title": "两人三季帐", "variant": "苔绿", "quantity": 1, "price_minor": 42115, "sku": "QX-T2-GREEN"},
        {"title": "棉睡袋 10℃", "quantity": 2, "price_minor": 16800, "sku": "QX-S10"},
    ],
    "shipments": [{"carrier": "演示快递", "tracking_number": "YS0000123456"}],
}
_DELIVERED: dict[str, Any] = {
    "state": "delivered",
    "total_minor": 45115,
    "paid_minor": 45115,
    "phone": "13800008826",
    "buyer_name": "乙先生",
    "items": [
        {"title": "露营灯", "quantity": 2, "price_minor": 11257, "sku": "QX-L1"},
        {"title": "蛋卷桌 90cm", "quantity": 1, "price_minor": 22601, "sku": "QX-D3"},
    ],
    "shipments": [{"carrier": "演示快递", "tracking_number": "YS0000088260"}],
}
_WAITING: dict[str, Any] = {
    "state": "paid",
    "total_minor": 26300,
    "paid_minor": 26300,
    "phone": "13800003315",
    "buyer_name": "丙女士",
    "address": {
        "name": "丙女士",
        "phone": "13800003315",
        "region": "浙江省 杭州市 西湖区",
        "detail": "演示路 5 号",
    },
    "items": [
        {"title": "自充气垫 5cm", "quantity": 1, "price_minor": 13977, "sku": "QX-M5"},
        {"title": "折叠椅", "quantity": 1, "price_minor": 12323, "sku": "QX-C1"},
    ],
}
STANDS_FOR: dict[str, tuple[str, dict[str, Any], timedelta]] = {
    "QX-D0001": ("QX-S", _UNDER_WAY, timedelta(days=3)),
    "QX-D0002": ("QX-R", _DELIVERED, timedelta(days=7)),
    "QX-P0001": ("QX-W", _WAITING, timedelta(hours=1)),
}
"""Number in a scenario → beginning of the real number, the order, and how long ago it was placed.

Tails of the telephone: 0417, 8826, 3315.
"""
ARRIVED = timedelta(days=4)


def order_like(number: str, count: int) -> dict[str, Any]:
    """An order of the shape OrderInput like that one; `count` makes its number its own."""
    prefix, order, age = STANDS_FOR[number]
    now = datetime.now(UTC)
    told = order | {"number": f"{prefix}{count:04d}", "ordered_at": _moment(now - age), "paid_at": _moment(now - age)}
    if order["state"] == "delivered":
        told["delivered_at"] = _moment(now - ARRIVED)
    return told


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
