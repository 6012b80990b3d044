"""Works out a price: promotions in their order, then a coupon, then shipping. Pure: no clock, no database."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from yingke.commerce.prices.offers import (
    Coupon,
    EveryReduce,
    Gift,
    MemberPrice,
    Percent,
    Presale,
    Promotion,
    Shipping,
    ThresholdReduce,
)
from yingke.commerce.prices.quote import Line, Quote, Wanted
from yingke.commerce.prices.sum import Sum
from yingke.kit.errors import bad_input

MOST_LINES = 100
MOST_PIECES = 10_000


def price_lines(
    wanted: Sequence[Wanted],
    promotions: Iterable[Promotion],
    coupons: Iterable[Coupon],
    *,
    at: datetime,
    level: str | None = None,
    region: str | None = None,
    coupon_code: str | None = None,
    currency: str = "CNY",
) -> Quote:
    """`level` is that of a contact who is signed in, None for anybody else; `region` where it is sent, if known.

    Without `coupon_code` the coupon that takes off most is taken. Rates are rounded half up, line by line; what is
    taken off an order is spread over its lines exactly. Lines of one key count as one. Raises 400 for no line, too
    many, and quantities or prices out of bounds.
    """
    state = Sum(_merged(wanted), currency)
    for promotion in sorted(promotions, key=lambda one: (one.priority, one.id)):
        if not isinstance(promotion.terms, Shipping) and state.is_open(promotion.terms, promotion, at):
            _apply(state, promotion, level)
    _use_coupon(state, list(coupons), at, coupon_code)
    for promotion in sorted(promotions, key=lambda one: (one.priority, one.id)):
        if isinstance(promotion.terms, Shipping) and state.is_open(promotion.terms, promotion, at):
            state.ship(promotion, promotion.terms, region)
    return _quote(state, at)


def _merged(wanted: Sequence[Wanted]) -> list[Wanted]:
    if not 1 <= len(wanted) <= MOST_LINES:
        raise bad_input({"lines": f"1 到 {MOST_LINES} 行 / 1 to {MOST_LINES} lines"})
    kept: dict[tuple[str, int], Wanted] = {}
    for one in wanted:
        if not 1 <= one.quantity <= MOST_PIECES or one.price_minor < 0:
            raise bad_input({"quantity": f"1 到 {MOST_PIECES} 件 / 1 to {MOST_PIECES} pieces"})
        key = (one.key, one.price_minor)
        before = kept[key].quantity if key in kept else 0
        kept[key] = Wanted(one.key, one.title, one.price_minor, one.quantity + before, one.codes)
    return list(kept.values())


def _apply(state: Sum, promotion: Promotion, level: str | None) -> None:
    match promotion.terms:
        case MemberPrice() as terms:
            state.member(promotion, terms, level)
        case EveryReduce() as terms:
            state.every(promotion, terms)
        case ThresholdReduce() as terms:
            state.threshold(promotion, terms)
        case Percent() as terms:
            state.percent(promotion, terms)
        case Gift() as terms:
            state.gift(promotion, terms)
        case Presale() as terms:
            state.presale(promotion, terms)


def _use_coupon(state: Sum, coupons: list[Coupon], at: datetime, code: str | None) -> None:
    """One coupon an order: the one named, or the one that takes off most."""
    if code is not None:
        coupons = [one for one in coupons if one.code and one.code.lower() == code.strip().lower()]
        if not coupons:
            state.no_coupon(code)
    usable = [one for one in coupons if state.is_open(None, one, at) and state.may_use(one)]
    best = max(usable, key=lambda one: (state.worth(one), -one.id), default=None)
    if best is not None:
        state.use(best)


def _quote(state: Sum, at: datetime) -> Quote:
    lines = tuple(
        Line(one.key, one.title, one.price_minor, one.quantity, amount, amount - left, left)
        for one, amount, left in zip(state.wanted, state.amounts, state.left, strict=True)
    )
    total = sum(state.left) + state.shipping
    return Quote(
        currency=state.currency,
        at=at,
        lines=lines,
        goods_minor=sum(state.amounts),
        steps=tuple(state.steps),
        not_applied=tuple(state.not_applied),
        gifts=tuple(state.gifts),
        shipping_minor=state.shipping,
        total_minor=total,
        deposit=state.deposit(total),
        until=min(state.ends, default=None),
    )
