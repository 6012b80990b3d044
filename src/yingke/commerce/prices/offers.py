"""Promotions and coupons with their terms. Amounts in minor units; rates in ten-thousandths (9500 = 95 折)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from yingke.kit.errors import bad_input

Amount = Annotated[int, Meta(ge=0, le=10**12)]
Positive = Annotated[int, Meta(gt=0, le=10**12)]
Rate = Annotated[int, Meta(ge=0, le=10_000)]
PromotionKind = Literal["member_price", "every_reduce", "threshold_reduce", "percent", "gift", "presale", "shipping"]


class MemberPrice(Struct, frozen=True, forbid_unknown_fields=True):
    """Level of a contact → what he pays of each 10,000."""

    rates: dict[str, Rate]
    names: dict[str, str] = {}
    """Level → how it is called: {"gold": "金卡"}."""

    def find_level(self, level: str) -> str | None:
        """The level meant by what a contact's record says: "gold", "Gold", 金卡, 金卡 VIP."""
        said = level.strip().lower()
        for key in self.rates:
            called = self.names.get(key, "").lower()
            if key.lower() in said.split() or (called and called in said):
                return key
        return None


class EveryReduce(Struct, frozen=True, forbid_unknown_fields=True):
    """每满 every 减 off, as many times as it goes, or `most_times`."""

    every_minor: Positive
    off_minor: Positive
    most_times: Positive | None = None


class Tier(Struct, frozen=True, forbid_unknown_fields=True):
    from_minor: Amount
    off_minor: Amount


class ThresholdReduce(Struct, frozen=True, forbid_unknown_fields=True):
    """满 from 减 off: of the tiers reached, the one that takes off most."""

    tiers: Annotated[list[Tier], Meta(min_length=1, max_length=20)]


class Percent(Struct, frozen=True, forbid_unknown_fields=True):
    """`rate` of 10,000 is paid, from this amount and this many pieces on."""

    rate: Rate
    from_minor: Amount = 0
    from_quantity: Amount = 0


class Gift(Struct, frozen=True, forbid_unknown_fields=True):
    """One for an order that has one of the articles. `limit` orders get it; `promotions.given` counts them."""

    title: Annotated[str, Meta(min_length=1, max_length=100)]
    from_minor: Amount = 0
    limit: Amount | None = None


class Presale(Struct, frozen=True, forbid_unknown_fields=True):
    """A piece: the deposit now counts as `counts_as_minor` of the price later."""

    deposit_minor: Positive
    counts_as_minor: Positive
    balance_at: datetime
    ships_at: datetime


class Shipping(Struct, frozen=True, forbid_unknown_fields=True):
    """Free from an amount to pay for the goods it is for; regions are what an address begins with."""

    fee_minor: Amount
    free_from_minor: Amount | None = None
    surcharges: dict[str, Amount] = {}
    """Region → what is added there: always, unless `free_from` names an amount for it that is reached."""
    free_from: dict[str, Amount] = {}
    """Region → fee and surcharge are free from this amount on there, instead of `free_from_minor`."""
    not_to: Annotated[list[str], Meta(max_length=100)] = []
    """Regions that these goods are not sent to."""
    only_to: Annotated[list[str], Meta(max_length=100)] = []
    """Where given, the only regions that they are sent to."""

    def regions(self) -> dict[str, None]:
        """All that are named, in order, each once."""
        return dict.fromkeys((*self.surcharges, *self.free_from, *self.not_to))

    def serves(self, region: str | None) -> bool:
        """True also while nobody knows where it goes."""
        plain = (region or "").strip()
        is_out = bool(self.only_to) and not plain.startswith(tuple(self.only_to))
        return not plain or not (is_out or plain.startswith(tuple(self.not_to)))

    def place_of(self, region: str | None) -> str | None:
        """The region that an address belongs to."""
        plain = (region or "").strip()
        return next((name for name in self.regions() if plain.startswith(name)), None) if plain else None


Terms = MemberPrice | EveryReduce | ThresholdReduce | Percent | Gift | Presale | Shipping
_TERMS: dict[str, type[Terms]] = {
    "member_price": MemberPrice,
    "every_reduce": EveryReduce,
    "threshold_reduce": ThresholdReduce,
    "percent": Percent,
    "gift": Gift,
    "presale": Presale,
    "shipping": Shipping,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles count, by 货号 or SKU, and when: [starts_at, ends_at)."""

    only_codes: frozenset[str] = frozenset()
    excluded_codes: frozenset[str] = frozenset()
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def holds(self, codes: frozenset[str]) -> bool:
        """`codes` of one article, in lower case."""
        return not codes & self.excluded_codes and (not self.only_codes or bool(codes & self.only_codes))


@dataclass(frozen=True, slots=True)
class Promotion:
    id: int
    name: str
    terms: Terms
    scope: Scope = Scope()
    priority: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True)
class Coupon:
    """`stacks`: together with what reduces the order. One coupon an order."""

    id: int
    name: str
    off_minor: int
    threshold_minor: int = 0
    code: str = ""
    stacks: bool = True
    scope: Scope = Scope()


def read_terms(kind: str, terms: Mapping[str, Any]) -> Terms:
    """Raises the 400 Problem that names what is wrong."""
    if kind not in _TERMS:
        raise bad_input({"kind": "没有这种优惠 / no such kind"})
    try:
        read = msgspec.convert(dict(terms), _TERMS[kind])
    except msgspec.ValidationError as error:
        raise bad_input({"terms": f"优惠条件不对 / {error}"}) from error
    if isinstance(read, Presale) and read.counts_as_minor < read.deposit_minor:
        raise bad_input({"terms": "定金抵扣不能小于定金 / the deposit cannot count as less than it is"})
    return read


def codes_of(values: list[str]) -> frozenset[str]:
    """As they are compared."""
    return frozenset(value.strip().lower() for value in values if value.strip())
