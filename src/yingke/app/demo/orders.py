"""The two orders that the story names, as the shop knows them."""

from datetime import timedelta

from yingke.app.demo.calendar import Calendar
from yingke.app.demo.catalog import BAG, LAMP, TABLE, TENT
from yingke.commerce.shapes import Address, Amounts, Order, OrderItem, Shipment, TrackEvent

CARRIER = "演示快递"


def demo_orders(calendar: Calendar, shop_id: int) -> list[Order]:
    """One under way since two days, one delivered four days ago. Amounts in 分, each line as it was paid."""
    return [_under_way(calendar, shop_id), _delivered(calendar, shop_id)]


def _under_way(calendar: Calendar, shop_id: int) -> Order:
    sent = calendar.moment(-2, 17 * 60 + 10)
    # Just after midnight the parcel went out moments ago, and never in the future.
    out = min(calendar.moment(0, 8 * 60 + 20), calendar.now - timedelta(minutes=3))
    track = (
        TrackEvent(sent, "包裹已由演示快递揽收", "杭州市", "picked_up"),
        TrackEvent(calendar.moment(-1, 21 * 60 + 40), "包裹已到达分拨中心", "上海市", "in_transit"),
        TrackEvent(out, "快递员正在派送", "上海市", "out_for_delivery"),
    )
    parcel = Shipment(
        "YS0000123456", CARRIER, "demo", "out_for_delivery", "0417", track, asked_at=calendar.now, shipped_at=sent
    )
    return Order(
        external_id="QX-D0001",
        number="QX-D0001",
        state="shipped",
        state_text="派送中",
        items=(
            OrderItem("两人三季帐", 1, 42_121, sku=f"{TENT}-GREEN", variant="苔绿", product_external_id=TENT),
            OrderItem("棉睡袋 10℃", 2, 16_797, sku=BAG, product_external_id=BAG),
        ),
        total_minor=75_715,
        paid_minor=75_715,
        amounts=Amounts(89_700, 4_485, 8_000, 1_500, 0),
        buyer_external_id="demo-0417",
        buyer_name="顾客甲",
        phone="13800000417",
        address=Address("顾客甲", "13800000417", "上海市 浦东新区", "演示路 17 号"),
        shop_id=shop_id,
        shipments=(parcel,),
        ordered_at=calendar.moment(-3, 11 * 60 + 45),
        paid_at=calendar.moment(-3, 11 * 60 + 46),
        shipped_at=sent,
    )


def _delivered(calendar: Calendar, shop_id: int) -> Order:
    sent, came = calendar.moment(-6, 16 * 60), calendar.moment(-4, 14 * 60 + 5)
    track = (
        TrackEvent(sent, "包裹已由演示快递揽收", "杭州市", "picked_up"),
        TrackEvent(calendar.moment(-5, 19 * 60), "包裹已到达分拨中心", "南京市", "in_transit"),
        TrackEvent(came, "已签收，签收人：本人", "南京市", "delivered"),
    )
    parcel = Shipment(
        "YS0000088260", CARRIER, "demo", "delivered", "8826", track, asked_at=came, shipped_at=sent, delivered_at=came
    )
    return Order(
        external_id="QX-D0002",
        number="QX-D0002",
        state="delivered",
        state_text="已签收",
        items=(
            OrderItem("露营灯", 2, 11_257, sku=LAMP, product_external_id=LAMP),
            OrderItem("蛋卷桌 90cm", 1, 22_601, sku=TABLE, product_external_id=TABLE),
        ),
        total_minor=45_115,
        paid_minor=45_115,
        amounts=Amounts(51_700, 2_585, 4_000, 0, 0),
        buyer_external_id="demo-8826",
        buyer_name="顾客乙",
        phone="13800008826",
        address=Address("顾客乙", "13800008826", "江苏省 南京市", "演示巷 26 号"),
        shop_id=shop_id,
        shipments=(parcel,),
        ordered_at=calendar.moment(-7, 20 * 60),
        paid_at=calendar.moment(-7, 20 * 60 + 1),
        shipped_at=sent,
        delivered_at=came,
    )
