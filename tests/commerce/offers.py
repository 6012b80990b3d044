"""The offers of the demo shop, to the cent."""

from datetime import timedelta

from tests.commerce.things import NOON
from yingke.commerce.prices.offers import (
    Coupon,
    EveryReduce,
    Gift,
    MemberPrice,
    Presale,
    Promotion,
    Scope,
    Shipping,
    codes_of,
)
from yingke.commerce.prices.quote import Wanted

BEGIN, END = NOON - timedelta(days=3), NOON + timedelta(days=8)
MEMBERS = Promotion(
    1,
    "会员价",
    MemberPrice({"silver": 9800, "gold": 9500}, {"silver": "银卡", "gold": "金卡"}),
    Scope(starts_at=BEGIN, ends_at=END),
    10,
)
EVERY = Promotion(
    2, "满减", EveryReduce(30000, 4000), Scope(excluded_codes=codes_of(["QX-G1"]), starts_at=BEGIN, ends_at=END), 20
)
PRESALE = Promotion(
    4, "预售", Presale(10000, 15000, NOON + timedelta(days=10), NOON + timedelta(days=13)),
    Scope(only_codes=codes_of(["QX-T4"]), starts_at=BEGIN, ends_at=END), 5,
)  # fmt: skip
PEGS = Promotion(
    3,
    "帐篷赠品",
    Gift("地钉一包", limit=200),
    Scope(only_codes=codes_of(["QX-T2", "QX-T4"]), starts_at=BEGIN, ends_at=END),
    30,
)
SHIPPING = Promotion(5, "运费", Shipping(800, 9900, {"新疆": 2000, "西藏": 2000}), Scope(), 90)
COUPON = Coupon(1, "店铺券满 199 减 15", 1500, 19900, "QX15", True, Scope(starts_at=BEGIN, ends_at=END))
PROMOTIONS = [MEMBERS, EVERY, PRESALE, PEGS, SHIPPING]

PRICES = {
    "QX-T2": 499, "QX-T4": 899, "QX-S0": 699, "QX-S10": 199, "QX-M5": 169, "QX-L1": 129, "QX-C1": 149, "QX-D3": 259,
    "QX-P2": 229, "QX-G1": 189, "QX-J1": 599, "QX-N1": 39,
}  # fmt: skip


def want(code: str, quantity: int = 1) -> Wanted:
    return Wanted(code, code, PRICES[code] * 100, quantity, codes_of([code]))
