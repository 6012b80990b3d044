"""A price with everything that led to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ROUNDING_ZH = "按比例的优惠逐行计算，四舍五入到分；整单优惠按各行金额分摊，合计分毫不差。"
ROUNDING_EN = (
    "Rates are applied line by line and rounded half up to the cent; reductions of an order are spread exactly."
)
StepKind = Literal[
    "member_price", "every_reduce", "threshold_reduce", "percent", "gift", "presale", "coupon", "shipping", "surcharge"
]
Reason = Literal[
    "sign_in", "level", "short", "next", "not_started", "ended", "gone", "stacking", "articles", "worse", "unknown_coupon",
    "region", "quantity", "not_served",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something that would be bought. `codes` are its 货号 and SKU; `key` tells lines apart (the SKU or variant id)."""

    key: str
    title: str
    price_minor: int
    quantity: int
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Line:
    """`off_minor` is its exact share of all reductions of goods, coupon included; `to_pay_minor` = amount − off."""

    key: str
    title: str
    price_minor: int
    quantity: int
    amount_minor: int
    off_minor: int
    to_pay_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """`amount_minor` is below 0 for what is taken off; `left_minor` is the sum after it; `parts` is by line, in their order."""

    kind: StepKind
    name: str
    amount_minor: int
    left_minor: int
    zh: str
    en: str
    parts: tuple[int, ...] = ()
    promotion_id: int | None = None
    coupon_id: int | None = None


@dataclass(frozen=True, slots=True)
class NotApplied:
    """What does not count here, or would count for a little more. `short_minor` is what is missing for it."""

    kind: StepKind
    name: str
    reason: Reason
    zh: str
    en: str
    short_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Deposit:
    """For what is sold before it is there."""

    now_minor: int
    later_minor: int
    balance_at: datetime
    ships_at: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """`total_minor` is all there is to pay, shipping included. True at `at`, and until `until` if no offer changes."""

    currency: str
    at: datetime
    lines: tuple[Line, ...]
    goods_minor: int
    steps: tuple[Step, ...]
    not_applied: tuple[NotApplied, ...]
    gifts: tuple[str, ...]
    shipping_minor: int
    total_minor: int
    deposit: Deposit | None
    until: datetime | None
    rounding_zh: str = ROUNDING_ZH
    rounding_en: str = ROUNDING_EN
