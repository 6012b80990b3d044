"""An offer in one sentence, out of its own terms: what a customer may be told of it."""

from collections.abc import Callable
from datetime import datetime

from yingke.commerce.money import plain_amount
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


def say_offer(offer: Promotion | Coupon, currency: str = "CNY") -> tuple[str, str]:
    """(Chinese, English). For which articles it is, and until when, is not part of it."""

    def money(minor: int) -> str:
        said = plain_amount(minor, currency)
        return said.rstrip("0").rstrip(".") if "." in said else said

    if isinstance(offer, Coupon):
        return offer.name, f"coupon: {money(offer.off_minor)} off from {money(offer.threshold_minor)}"
    terms = offer.terms
    if isinstance(terms, MemberPrice):
        rates = sorted(terms.rates.items(), key=lambda one: -one[1])
        zh = "、".join(f"{terms.names.get(level, level)} {_fold(rate)}" for level, rate in rates)
        en = ", ".join(f"{level} {100 - rate / 100:g}% off" for level, rate in rates)
        return f"{offer.name}：{zh}，登录后生效", f"member prices after signing in: {en}"
    if isinstance(terms, EveryReduce):
        every, off = money(terms.every_minor), money(terms.off_minor)
        most = f"，最多 {terms.most_times} 次" if terms.most_times else "，可累计"
        return f"每满 {every} 减 {off}{most}", f"{off} off every {every}"
    if isinstance(terms, ThresholdReduce):
        tiers = sorted(terms.tiers, key=lambda one: one.from_minor)
        zh = "，".join(f"满 {money(one.from_minor)} 减 {money(one.off_minor)}" for one in tiers)
        return zh, ", ".join(f"{money(one.off_minor)} off from {money(one.from_minor)}" for one in tiers)
    if isinstance(terms, Percent):
        need = f"满 {terms.from_quantity} 件" if terms.from_quantity else ""
        need = need or (f"满 {money(terms.from_minor)}" if terms.from_minor else "")
        return f"{offer.name}：{need}{_fold(terms.rate)}", f"{100 - terms.rate / 100:g}% off"
    if isinstance(terms, Gift):
        need = f"满 {money(terms.from_minor)} " if terms.from_minor else ""
        limit = f"（限前 {terms.limit} 单，赠完为止）" if terms.limit else ""
        return f"{offer.name}：{need}送{terms.title}{limit}", f"a gift with it: {terms.title}"
    if isinstance(terms, Presale):
        deposit, worth = money(terms.deposit_minor), money(terms.counts_as_minor)
        return f"{offer.name}：定金 {deposit} 抵 {worth}", f"pre-sale: a deposit of {deposit} counts as {worth}"
    assert isinstance(terms, Shipping)
    free = f"，满 {money(terms.free_from_minor)} 包邮" if terms.free_from_minor is not None else ""
    more = "、".join(filter(None, (_to_region(terms, place, money) for place in terms.regions())))
    more += ("；" if more else "") + f"只发{'、'.join(terms.only_to)}" if terms.only_to else ""
    free_en = f", free from {money(terms.free_from_minor)}" if terms.free_from_minor is not None else ""
    name = offer.name if "费" in offer.name else "运费"
    return (
        f"{name} {money(terms.fee_minor)}{free}{'，' + more if more else ''}",
        f"shipping {money(terms.fee_minor)}{free_en}",
    )


def _to_region(terms: Shipping, place: str, money: Callable[[int], str]) -> str:
    if place in terms.not_to:
        return f"{place}不发货"
    extra = f"另加 {money(terms.surcharges[place])}" if place in terms.surcharges else ""
    free = f"满 {money(terms.free_from[place])} 包邮" if place in terms.free_from else ""
    return place + "，".join(filter(None, (extra, free)))


def is_on(offer: Promotion | Coupon, at: datetime) -> bool:
    """Begun, and not over."""
    scope = offer.scope
    return (scope.starts_at is None or scope.starts_at <= at) and (scope.ends_at is None or at < scope.ends_at)


def _fold(rate: int) -> str:
    return f"{rate // 1000 if rate % 1000 == 0 else rate / 100:g} 折"
