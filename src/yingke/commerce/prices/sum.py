"""A sum in the making: what each line still costs, the steps so far, and what did not count."""

from collections.abc import Sequence
from datetime import datetime

from yingke.commerce.money import plain_amount, share_of, spread
from yingke.commerce.prices.offers import (
    Coupon,
    EveryReduce,
    Gift,
    MemberPrice,
    Percent,
    Presale,
    Promotion,
    Scope,
    Shipping,
    Terms,
    ThresholdReduce,
)
from yingke.commerce.prices.quote import Deposit, NotApplied, Reason, Step, StepKind, Wanted

KINDS: dict[type, StepKind] = {
    MemberPrice: "member_price",
    EveryReduce: "every_reduce",
    ThresholdReduce: "threshold_reduce",
    Percent: "percent",
    Gift: "gift",
    Presale: "presale",
    Shipping: "shipping",
    type(None): "coupon",
}
_REDUCES_ORDER = ("every_reduce", "threshold_reduce", "percent")
_PLAIN_SHIPPING = ("运费", "邮费", "快递费", "包邮")


class Sum:
    """Changed step by step by `price_lines` alone."""

    def __init__(self, wanted: Sequence[Wanted], currency: str) -> None:
        self.wanted = wanted
        self.currency = currency
        self.amounts = [one.price_minor * one.quantity for one in wanted]
        self.left = list(self.amounts)
        self.steps: list[Step] = []
        self.not_applied: list[NotApplied] = []
        self.gifts: list[str] = []
        self.shipping = 0
        self.ends: list[datetime] = []
        self._presales: list[tuple[int, Presale]] = []

    # What counts

    def is_open(self, terms: Terms | None, offer: Promotion | Coupon, at: datetime) -> bool:
        """Within its time, and for something that is bought here."""
        scope, kind = offer.scope, KINDS[type(terms)]
        if scope.ends_at is not None and at >= scope.ends_at:
            self._miss(kind, offer.name, "ended", f"{offer.name}已结束", f"{offer.name} has ended")
            return False
        if not any(scope.holds(one.codes) for one in self.wanted):
            if not scope.only_codes and kind != "shipping":
                self._miss(
                    kind, offer.name, "articles", f"所选商品不参加{offer.name}", f"{offer.name} is not for these"
                )
            return False
        if scope.starts_at is not None and at < scope.starts_at:
            self._miss(kind, offer.name, "not_started", f"{offer.name}还没开始", f"{offer.name} has not begun")
            return False
        return True

    def member(self, promotion: Promotion, terms: MemberPrice, level: str | None) -> None:
        """Each line by itself; nobody has a level before he is signed in."""
        if level is None:
            names = "、".join(
                terms.names[one]
                for one in sorted(terms.rates, key=terms.rates.__getitem__, reverse=True)
                if one in terms.names
            )
            self._miss(
                "member_price",
                promotion.name,
                "sign_in",
                f"{names}价登录后生效" if names else "会员价登录后生效",
                "Member prices count once you are signed in",
            )
        elif (found := terms.find_level(level)) is None:
            self._miss("member_price", promotion.name, "level", "您的等级没有会员价", "No member price at your level")
        else:
            rate, called = terms.rates[found], terms.names.get(found, found)
            parts = self._shares(promotion.scope, rate)
            self._reduce(
                "member_price",
                promotion,
                parts,
                f"{called}价（{_fold(rate)}）",
                f"{_in_english(called, found)} price, {rate / 100:g}%",
            )

    def every(self, promotion: Promotion, terms: EveryReduce) -> None:
        base = self._base(promotion.scope)
        times = min(base // terms.every_minor, terms.most_times or base // terms.every_minor)
        every, off = self._rule(terms.every_minor), self._rule(terms.off_minor)
        if times:
            parts = self._spread(promotion.scope, min(times * terms.off_minor, base))
            said = f"每满 {every} 减 {off}" + (f" ×{times}" if times > 1 else "")
            self._reduce(
                "every_reduce", promotion, parts, said, f"{off} off every {every}" + f" ×{times}" * (times > 1)
            )
        if terms.most_times is None or times < terms.most_times:
            self._short("every_reduce", promotion.name, terms.every_minor - base % terms.every_minor, bool(times))

    def threshold(self, promotion: Promotion, terms: ThresholdReduce) -> None:
        base = self._base(promotion.scope)
        reached = [tier for tier in terms.tiers if base >= tier.from_minor]
        best = max(reached, key=lambda tier: tier.off_minor, default=None)
        if best is not None:
            parts = self._spread(promotion.scope, min(best.off_minor, base))
            at, off = self._rule(best.from_minor), self._rule(best.off_minor)
            self._reduce("threshold_reduce", promotion, parts, f"满 {at} 减 {off}", f"{off} off from {at}")
        above = [tier.from_minor for tier in terms.tiers if base < tier.from_minor]
        if above:
            self._short("threshold_reduce", promotion.name, min(above) - base, best is not None)

    def percent(self, promotion: Promotion, terms: Percent) -> None:
        base = self._base(promotion.scope)
        pieces = sum(one.quantity for one in self.wanted if promotion.scope.holds(one.codes))
        if pieces < terms.from_quantity:
            missing = terms.from_quantity - pieces
            self._miss("percent", promotion.name, "quantity", f"{promotion.name}还差 {missing} 件",
                       f"{missing} more for {promotion.name}")  # fmt: skip
        elif base < terms.from_minor:
            self._short("percent", promotion.name, terms.from_minor - base, False)
        else:
            parts = self._shares(promotion.scope, terms.rate)
            self._reduce("percent", promotion, parts, f"{promotion.name}（{_fold(terms.rate)}）",
                         f"{promotion.name}, {terms.rate / 100:g}%")  # fmt: skip

    def gift(self, promotion: Promotion, terms: Gift) -> None:
        base = self._base(promotion.scope)
        if terms.limit is not None and promotion.given >= terms.limit:
            self._miss("gift", promotion.name, "gone", f"赠品{terms.title}已赠完", f"The gift {terms.title} is gone")
        elif base < terms.from_minor:
            self._short("gift", promotion.name, terms.from_minor - base, False)
        else:
            self.gifts.append(terms.title)
            self._reduce("gift", promotion, [0] * len(self.left), f"赠{terms.title}", f"Gift: {terms.title}")

    def presale(self, promotion: Promotion, terms: Presale) -> None:
        """The more that the deposit counts is taken off each piece."""
        more = terms.counts_as_minor - terms.deposit_minor
        parts = [
            min(more * one.quantity, left) if promotion.scope.holds(one.codes) else 0
            for one, left in zip(self.wanted, self.left, strict=True)
        ]
        pieces = sum(one.quantity for one in self.wanted if promotion.scope.holds(one.codes))
        self._presales.append((pieces, terms))
        deposit, worth = self._rule(terms.deposit_minor), self._rule(terms.counts_as_minor)
        self._reduce(
            "presale", promotion, parts, f"预售定金 {deposit} 抵 {worth}", f"A deposit of {deposit} counts as {worth}"
        )

    # Coupons

    def may_use(self, coupon: Coupon) -> bool:
        base = self._base(coupon.scope)
        if base < coupon.threshold_minor:
            self._short("coupon", coupon.name, coupon.threshold_minor - base, False)
            return False
        if not coupon.stacks and any(step.kind in _REDUCES_ORDER and step.amount_minor for step in self.steps):
            self._miss(
                "coupon",
                coupon.name,
                "stacking",
                f"{coupon.name}不与满减同享",
                f"{coupon.name} does not add to other offers",
            )
            return False
        return base > 0

    def worth(self, coupon: Coupon) -> int:
        return min(coupon.off_minor, self._base(coupon.scope))

    def use(self, coupon: Coupon) -> None:
        parts = self._spread(coupon.scope, self.worth(coupon))
        self._reduce("coupon", coupon, parts, coupon.name, self._coupon_in_english(coupon))

    def _coupon_in_english(self, coupon: Coupon) -> str:
        """By its terms where its name is one that only Chinese customers read."""
        if coupon.name.isascii():
            return coupon.name
        return f"coupon {self._rule(coupon.off_minor)} off from {self._rule(coupon.threshold_minor)}"

    def no_coupon(self, code: str) -> None:
        self._miss(
            "coupon", code[:40], "unknown_coupon", "没有这张优惠券，或不能用", "No such coupon, or it cannot be used"
        )

    # Shipping

    def ship(self, promotion: Promotion, terms: Shipping, region: str | None) -> None:
        goods, place = self._base(promotion.scope), terms.place_of(region)
        if not terms.serves(region):
            where = place or (region or "").split()[0]
            name = "" if promotion.name in _PLAIN_SHIPPING else f"（{promotion.name}的商品）"
            said = (f"{where}不能发货{name}", f"Not sent to {where}")
            return self._miss("shipping", promotion.name, "not_served", *said)
        free_from = terms.free_from.get(place or "", terms.free_from_minor)
        is_free = free_from is not None and goods >= free_from
        name = "" if promotion.name in _PLAIN_SHIPPING else promotion.name
        self._fee(promotion, 0 if is_free else terms.fee_minor, name)
        if free_from is not None and not is_free:
            self._short("shipping", f"{name}免收" if name else "包邮", free_from - goods, False)
        if place in terms.surcharges and not (is_free and place in terms.free_from):
            extra = terms.surcharges[place or ""]
            more = self._rule(extra)
            self._add("surcharge", promotion, extra, f"寄{place}加 {more}", f"To {place}: {more} more")
        elif region is None and terms.surcharges:
            places = "、".join(terms.surcharges)
            most = self._rule(max(terms.surcharges.values()))
            self._miss("surcharge", promotion.name, "region", f"寄{places}每单另加 {most}", f"{places}: {most} more")
        return None

    def _fee(self, promotion: Promotion, fee: int, name: str) -> None:
        """`name`: where a shop has more than one kind of shipping, or calls it otherwise."""
        if fee:
            self._add("shipping", promotion, fee, f"{name or '运费'} {self._say(fee)}", f"Shipping {self._say(fee)}")
        else:
            said = name if "包邮" in name else f"{name}免收" if name else "包邮"
            self._add("shipping", promotion, 0, said, "Free shipping")

    def deposit(self, total: int) -> Deposit | None:
        """None where nothing is sold before it is there."""
        if not self._presales:
            return None
        now = min(total, sum(pieces * terms.deposit_minor for pieces, terms in self._presales))
        last = [terms for _, terms in self._presales]
        return Deposit(now, total - now, max(one.balance_at for one in last), max(one.ships_at for one in last))

    # The sum

    def _base(self, scope: Scope) -> int:
        return sum(left for one, left in zip(self.wanted, self.left, strict=True) if scope.holds(one.codes))

    def _shares(self, scope: Scope, rate: int) -> list[int]:
        pairs = zip(self.wanted, self.left, strict=True)
        return [left - share_of(left, rate) if scope.holds(one.codes) else 0 for one, left in pairs]

    def _spread(self, scope: Scope, amount: int) -> list[int]:
        pairs = zip(self.wanted, self.left, strict=True)
        weights = [left if scope.holds(one.codes) else 0 for one, left in pairs]
        return spread(amount, weights, [f"{one.key}\0{one.price_minor}" for one in self.wanted])

    def _reduce(self, kind: StepKind, offer: Promotion | Coupon, parts: list[int], zh: str, en: str) -> None:
        self.left = [left - part for left, part in zip(self.left, parts, strict=True)]
        self._note(kind, offer, -sum(parts), zh, en, tuple(-part for part in parts))

    def _add(self, kind: StepKind, offer: Promotion, amount: int, zh: str, en: str) -> None:
        self.shipping += amount
        self._note(kind, offer, amount, zh, en)

    def _note(
        self, kind: StepKind, offer: Promotion | Coupon, amount: int, zh: str, en: str, parts: tuple[int, ...] = ()
    ) -> None:
        is_coupon = isinstance(offer, Coupon)
        left = sum(self.left) + self.shipping
        self.steps.append(
            Step(kind, offer.name, amount, left, zh, en, parts,
                 None if is_coupon else offer.id, offer.id if is_coupon else None)
        )  # fmt: skip
        if offer.scope.ends_at is not None:
            self.ends.append(offer.scope.ends_at)

    def _short(self, kind: StepKind, name: str, missing: int, is_next: bool) -> None:
        amount = self._say(missing)
        zh, en = f"{name}还差 {amount}", f"{amount} short of {name}"
        if is_next:
            zh, en = f"再买 {amount} 可再享{name}", f"{amount} more for the next step of {name}"
        self._miss(kind, name, "next" if is_next else "short", zh, en, missing)

    def _miss(self, kind: StepKind, name: str, reason: Reason, zh: str, en: str, missing: int | None = None) -> None:
        self.not_applied.append(NotApplied(kind, name, reason, zh, en, missing))

    def _say(self, minor: int) -> str:
        return plain_amount(minor, self.currency)

    def _rule(self, minor: int) -> str:
        """As rules are worded: 300, not 300.00."""
        said = self._say(minor)
        return said.rstrip("0").rstrip(".") if "." in said and not said.rpartition(".")[2].strip("0") else said


def _in_english(called: str, level: str) -> str:
    return called if called.isascii() else level.capitalize()


def _fold(rate: int) -> str:
    """9500 → 95 折, 8000 → 8 折."""
    return f"{rate // 1000 if rate % 1000 == 0 else rate / 100:g} 折"
