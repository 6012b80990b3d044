"""What something costs, to the cent, and what did not count and why."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.commerce.offers import COUPON, EVERY, MEMBERS, PRICES, PROMOTIONS, SHIPPING, want
from tests.commerce.things import NOON
from yingke.commerce.money import plain_amount, share_of, show_money, spread
from yingke.commerce.prices.offers import (
    Coupon,
    Percent,
    Promotion,
    Scope,
    Shipping,
    ThresholdReduce,
    Tier,
    codes_of,
    read_terms,
)
from yingke.commerce.prices.price_lines import price_lines
from yingke.commerce.prices.quote import Quote, Wanted
from yingke.commerce.prices.say_offer import say_offer
from yingke.kit.errors import Problem


def price(*wanted: Wanted, promotions: Any = PROMOTIONS, coupons: Any = (COUPON,), **how: Any) -> Quote:
    return price_lines(wanted, promotions, coupons, **{"at": NOON, "region": "浙江省", **how})


def said(quote: Quote) -> list[str]:
    return [one.zh for one in quote.not_applied]


def test_the_question_of_the_demo_comes_out_to_the_cent_for_a_gold_card() -> None:
    quote = price(want("QX-T2"), want("QX-S10", 2), level="gold")
    assert quote.goods_minor == 89700
    assert [(step.kind, step.amount_minor, step.left_minor) for step in quote.steps] == [
        ("member_price", -4485, 85215),
        ("every_reduce", -8000, 77215),
        ("gift", 0, 77215),
        ("coupon", -1500, 75715),
        ("shipping", 0, 75715),
    ]
    assert (quote.total_minor, quote.gifts) == (75715, ("地钉一包",))
    assert quote.steps[0].zh == "金卡价（95 折）"
    assert quote.steps[1].zh == "每满 300 减 40 ×2"


def test_without_signing_in_it_costs_802_and_says_when_the_member_price_counts() -> None:
    quote = price(want("QX-T2"), want("QX-S10", 2))
    assert quote.total_minor == 80200
    assert "银卡、金卡价登录后生效" in said(quote)


@pytest.mark.parametrize("level", ["gold", "Gold", "金卡", "金卡 VIP"])
def test_a_level_counts_however_the_shop_writes_it(level: str) -> None:
    assert price(want("QX-T2"), promotions=[MEMBERS], coupons=(), level=level).total_minor == 47405
    assert price(want("QX-T2"), promotions=[MEMBERS], coupons=(), level="铜卡").total_minor == 49900


def test_the_second_order_of_the_demo_comes_out_to_the_cent() -> None:
    quote = price(want("QX-L1", 2), want("QX-D3"), level="gold", coupons=())
    assert (quote.goods_minor, quote.total_minor) == (51700, 45115)


def test_the_stove_takes_no_part_in_the_reduction_but_may_use_the_coupon() -> None:
    quote = price(want("QX-G1", 2))
    assert [step.kind for step in quote.steps] == ["coupon", "shipping"]
    assert quote.total_minor == 37800 - 1500


def test_what_is_missing_for_the_next_reduction_is_said() -> None:
    quote = price(Wanted("x", "x", 27700, 1), promotions=[EVERY], coupons=())
    assert said(quote) == ["满减还差 23.00"]
    assert quote.not_applied[0].short_minor == 2300
    again = price(Wanted("x", "x", 30000, 1), promotions=[EVERY], coupons=())
    assert said(again) == ["再买 300.00 可再享满减"]


def test_a_presale_says_what_to_pay_now_and_when_the_rest_is_due() -> None:
    quote = price(want("QX-T4"), coupons=())
    assert quote.total_minor == 89900 - 5000 - 8000
    assert quote.deposit is not None
    assert (quote.deposit.now_minor, quote.deposit.later_minor) == (10000, 66900)
    assert quote.deposit.ships_at == NOON + timedelta(days=13)


def test_shipping_costs_below_99_and_more_to_far_places() -> None:
    near, far = price(want("QX-N1")), price(want("QX-N1"), region="西藏自治区 拉萨市")
    assert (near.total_minor, far.total_minor) == (3900 + 800, 3900 + 800 + 2000)
    assert "包邮还差 60.00" in said(near)
    assert "寄新疆、西藏每单另加 20" in said(price(want("QX-T2"), region=None))
    assert price(want("QX-T2"), region="新疆 喀什").shipping_minor == 2000


def test_far_regions_have_an_amount_of_their_own_and_some_are_not_served() -> None:
    terms = Shipping(800, 6800, {"新疆": 1500, "西藏": 1500}, {"新疆": 29900}, ["西藏"])
    offers = [Promotion(1, "运费", terms)]
    few = price(want("QX-S10"), promotions=offers, coupons=(), region="新疆维吾尔自治区 喀什")
    many = price(want("QX-T2"), promotions=offers, coupons=(), region="新疆维吾尔自治区 喀什")
    assert (few.shipping_minor, many.shipping_minor) == (800 + 1500, 0)
    assert "包邮还差 100.00" in said(few)
    assert "西藏不能发货" in said(price(want("QX-T2"), promotions=offers, coupons=(), region="西藏自治区"))
    near = [Promotion(1, "冷链", Shipping(1500, only_to=["江苏", "浙江"]))]
    assert price(want("QX-T2"), promotions=near, coupons=(), region="浙江省 杭州").shipping_minor == 1500
    assert said(price(want("QX-T2"), promotions=near, coupons=(), region="广东省")) == ["广东省不能发货（冷链的商品）"]
    assert price(want("QX-T2"), promotions=near, coupons=(), region=None).shipping_minor == 1500
    assert say_offer(offers[0])[0] == "运费 8，满 68 包邮，新疆另加 15，满 299 包邮、西藏不发货"


def test_two_kinds_of_shipping_are_told_apart_and_each_counts_its_own_goods() -> None:
    cold = Scope(only_codes=frozenset(["qx-n1"]))
    warm = Scope(excluded_codes=frozenset(["qx-n1"]))
    offers = [
        Promotion(1, "常温运费", Shipping(800, 20000), warm, 90),
        Promotion(2, "冰袋箱费", Shipping(1500, 20000), cold, 91),
    ]
    both = price(want("QX-N1"), want("QX-T2"), promotions=offers, coupons=())
    assert [(step.zh, step.amount_minor) for step in both.steps] == [("常温运费免收", 0), ("冰袋箱费 15.00", 1500)]
    assert "冰袋箱费免收还差 161.00" in said(both)
    assert said(price(want("QX-N1"), promotions=offers, coupons=())) == ["冰袋箱费免收还差 161.00"]


def test_an_offer_that_has_ended_counts_no_more_and_one_to_come_not_yet() -> None:
    after, before = price(want("QX-T2"), at=NOON + timedelta(days=8)), price(want("QX-T2"), at=NOON - timedelta(days=4))
    assert after.total_minor == before.total_minor == 49900
    assert "满减已结束" in said(after)
    assert "满减还没开始" in said(before)
    assert price(want("QX-T2")).until == NOON + timedelta(days=8)


def test_a_gift_that_is_gone_is_not_promised() -> None:
    gone = [Promotion(one.id, one.name, one.terms, one.scope, one.priority, 200) for one in PROMOTIONS]
    quote = price(want("QX-T2"), promotions=gone)
    assert quote.gifts == ()
    assert "赠品地钉一包已赠完" in said(quote)


def test_a_coupon_that_stands_alone_does_not_add_to_a_reduction() -> None:
    alone = Coupon(2, "独享券", 9000, 0, "", stacks=False)
    assert price(want("QX-T2"), coupons=[alone]).total_minor == 45900
    assert price(want("QX-S10"), coupons=[alone]).total_minor == 10900


def test_one_coupon_an_order_and_the_best_unless_another_is_named() -> None:
    small = Coupon(2, "满 100 减 5", 500, 10000, "FIVE")
    assert price(want("QX-S10", 2), coupons=[small, COUPON]).total_minor == 39800 - 4000 - 1500
    assert price(want("QX-S10", 2), coupons=[small, COUPON], coupon_code=" five").total_minor == 39800 - 4000 - 500
    wrong = price(want("QX-S10", 2), coupons=[COUPON], coupon_code="NONE")
    assert wrong.total_minor == 35800
    assert "没有这张优惠券，或不能用" in said(wrong)


def test_percent_and_tiers_need_their_amount_and_number() -> None:
    two = Promotion(7, "两件 9 折", Percent(9000, from_quantity=2))
    assert price(want("QX-S10"), promotions=[two], coupons=()).total_minor == 19900
    assert price(want("QX-S10", 2), promotions=[two], coupons=()).total_minor == 35820
    tiers = Promotion(8, "满额减", ThresholdReduce([Tier(20000, 2000), Tier(50000, 8000)]))
    quote = price(want("QX-T2"), promotions=[tiers], coupons=())
    assert quote.total_minor == 47900
    assert "再买 1.00 可再享满额减" in said(quote)


def test_half_a_cent_is_rounded_up_on_each_line() -> None:
    half = Promotion(1, "会员价", MEMBERS.terms)
    quote = price(Wanted("a", "a", 10, 1), Wanted("b", "b", 10, 1), promotions=[half], coupons=(), level="gold")
    # 0.095 becomes 0.10 twice; both together would have been 0.19.
    assert quote.total_minor == 20
    assert (share_of(10, 9500), share_of(30, 9500)) == (10, 29)


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("every_reduce", {"every_minor": 0, "off_minor": 100}),
        ("every_reduce", {"every_minor": 100, "off_minor": 10, "extra": 1}),
        ("member_price", {"rates": {"gold": 12000}}),
        ("presale", {"deposit_minor": 100, "counts_as_minor": 50, "balance_at": NOON, "ships_at": NOON}),
        ("threshold_reduce", {"tiers": []}),
        ("lottery", {}),
    ],
)
def test_terms_that_make_no_sense_are_refused(kind: str, terms: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        read_terms(kind, terms)
    assert refused.value.status == 400


def test_money_is_written_as_its_reader_writes_it() -> None:
    assert show_money(75715) == "757.15 元"
    assert show_money(75715, "CNY", "en") == "CN¥757.15"
    assert show_money(-1200, "USD", "en") == "-US$12.00"
    assert (plain_amount(5, "CNY"), plain_amount(1200, "JPY"), plain_amount(1500, "KWD")) == ("0.05", "1200", "1.500")


CODES = st.sampled_from(sorted(PRICES))
BASKETS = st.lists(st.tuples(CODES, st.integers(1, 5)), min_size=1, max_size=6, unique_by=lambda one: one[0])
LEVELS = st.sampled_from([None, "silver", "gold", "unknown"])
ODD = st.builds(
    lambda n, price, quantity: Wanted(f"odd{n}", "x", price, quantity, codes_of([f"odd{n}"])),
    st.integers(0, 3), st.integers(0, 100_000), st.integers(1, 9),
)  # fmt: skip
MANY = [
    *PROMOTIONS,
    Promotion(11, "满额减", ThresholdReduce([Tier(20000, 2500), Tier(50000, 9900)]), Scope(), 25),
    Promotion(12, "三件 88 折", Percent(8800, from_quantity=3), Scope(excluded_codes=codes_of(["odd1"])), 15),
]
GREEDY = Coupon(9, "大额券", 500_000, 0)


@settings(max_examples=300, deadline=None)
@given(BASKETS, st.lists(ODD, max_size=3), LEVELS, st.booleans(), st.randoms())
def test_no_sum_is_negative_parts_sum_exactly_and_the_order_of_lines_does_not_matter(
    basket: list[tuple[str, int]], odd: list[Wanted], level: str | None, is_greedy: bool, random: Any
) -> None:
    wanted = [*(want(code, quantity) for code, quantity in basket), *odd]
    coupons = [GREEDY] if is_greedy else [COUPON]
    quote = price(*wanted, promotions=MANY, coupons=coupons, level=level)
    assert all(0 <= line.to_pay_minor <= line.amount_minor for line in quote.lines)
    assert sum(line.to_pay_minor for line in quote.lines) + quote.shipping_minor == quote.total_minor >= 0
    assert quote.goods_minor + sum(step.amount_minor for step in quote.steps) == quote.total_minor
    assert all(sum(step.parts) == step.amount_minor for step in quote.steps if step.parts)
    assert all(line.amount_minor - line.off_minor == line.to_pay_minor for line in quote.lines)
    shuffled = list(wanted)
    random.shuffle(shuffled)
    again = price(*shuffled, promotions=MANY, coupons=coupons, level=level)
    assert again.total_minor == quote.total_minor
    by_key = {(line.key, line.price_minor): line.to_pay_minor for line in quote.lines}
    assert {(line.key, line.price_minor): line.to_pay_minor for line in again.lines} == by_key


@settings(max_examples=200, deadline=None)
@given(BASKETS, LEVELS, st.integers(0, 200_000), st.integers(1, 5))
def test_adding_what_shares_no_offer_makes_nothing_else_dearer(
    basket: list[tuple[str, int]], level: str | None, minor: int, quantity: int
) -> None:
    apart = codes_of(["apart"])
    closed = [
        Promotion(
            one.id, one.name, one.terms, Scope(one.scope.only_codes, one.scope.excluded_codes | apart), one.priority
        )
        for one in MANY
        if one is not SHIPPING
    ]
    coupon = Coupon(1, "券", 1500, 19900, scope=Scope(excluded_codes=apart))
    wanted = [want(code, count) for code, count in basket]
    before = price(*wanted, promotions=closed, coupons=[coupon], level=level)
    extra = Wanted("apart", "x", minor, quantity, apart)
    after = price(*wanted, extra, promotions=closed, coupons=[coupon], level=level)
    assert [line.to_pay_minor for line in after.lines[:-1]] == [line.to_pay_minor for line in before.lines]
    assert after.total_minor == before.total_minor + minor * quantity


@settings(max_examples=200, deadline=None)
@given(BASKETS, LEVELS, CODES)
def test_one_more_piece_never_costs_more_than_its_own_price(
    basket: list[tuple[str, int]], level: str | None, code: str
) -> None:
    offers = [one for one in PROMOTIONS if one is not SHIPPING]
    wanted = [want(name, count) for name, count in basket]
    before = price(*wanted, promotions=offers, level=level).total_minor
    after = price(*wanted, want(code), promotions=offers, level=level).total_minor
    assert after <= before + PRICES[code] * 100


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=12), st.integers(0, 10**4))
def test_what_is_spread_sums_exactly_and_no_part_exceeds_its_own(weights: list[int], per_10000: int) -> None:
    assume(sum(weights) > 0)
    amount = share_of(sum(weights), per_10000)
    parts = spread(amount, weights, [str(at) for at in range(len(weights))])
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
