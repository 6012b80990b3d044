"""Customers say what they need in their own words, and the shop finds it."""

from typing import Any

import pytest

from tests.commerce.conftest import Camp
from tests.commerce.things import simple
from yingke.commerce.finding.find_products import find_products
from yingke.commerce.finding.found import Found
from yingke.commerce.finding.need import read_need
from yingke.commerce.store.put_products import put_products
from yingke.commerce.words.read_price import read_price


async def find(camp: Camp, words: str, **how: Any) -> Found:
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        return await find_products(tx, camp.workspace_id, words, **how)


def codes(found: Found) -> list[str]:
    return [one.code for one in found.products]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("两个人睡的帐篷", "QX-T2"),
        ("俩人带条狗睡得下的帐篷有吗", "QX-T2"),
        ("你们那个帐篷下雨漏不漏啊，俩人带条狗睡得下不", "QX-T2"),
        ("四个人的帐篷", "QX-T4"),
        ("一家三口用的帐篷", "QX-T4"),
        ("a tent for two people", "QX-T2"),
        ("4-person tent", "QX-T4"),
        ("有绿色的帐篷吗", "QX-T2"),
        ("green tent", "QX-T2"),
        ("零度能用的睡袋", "QX-S0"),
        ("羽绒睡袋", "QX-S0"),
        ("10 度的睡袋", "QX-S10"),
        ("sleeping bag under 300", "QX-S10"),
        ("两百以内的睡袋", "QX-S10"),
        ("10000毫安的灯", "QX-L1"),
        ("lantern", "QX-L1"),
        ("桌子", "QX-D3"),
        ("folding chair", "QX-C1"),
        ("三个人做饭的锅", "QX-P2"),
        ("QX-G1", "QX-G1"),
        ("qx-g1 还有吗", "QX-G1"),
        ("炉子", "QX-G1"),
        ("M码的外套", "QX-J1"),
        ("waterproof jacket size M", "QX-J1"),
        ("睡觉垫的垫子", "QX-M5"),
        ("一次性的睡袋内胆", "QX-N1"),
        ("三合一", "QX-J1"),
        ("蛋卷", "QX-D3"),
        ("睡袋 200 块以下", "QX-S10"),
        ("帳篷 兩人", "QX-T2"),
    ],
)
async def test_a_need_finds_the_product_that_fits(camp: Camp, words: str, first: str) -> None:
    assert codes(await find(camp, words))[:1] == [first]


async def test_a_thing_that_is_named_must_be_it(camp: Camp) -> None:
    assert set(codes(await find(camp, "防水的帐篷"))) == {"QX-T2", "QX-T4"}
    assert set(codes(await find(camp, "睡袋"))) == {"QX-S0", "QX-S10"}


async def test_a_price_limit_holds_and_is_said(camp: Camp) -> None:
    found = await find(camp, "两百以内的睡袋")
    assert codes(found) == ["QX-S10"]
    assert [(one.kind, one.zh, one.is_relaxed) for one in found.filters] == [
        ("thing", "睡袋", False),
        ("price", "不超过 200.00", False),
    ]


async def test_a_price_that_nothing_has_is_let_go_and_that_is_said(camp: Camp) -> None:
    found = await find(camp, "100 元以内的帐篷")
    assert set(codes(found)) == {"QX-T2", "QX-T4"}
    assert [one.is_relaxed for one in found.filters if one.kind == "price"] == [True]


async def test_only_the_variants_of_the_colour_or_size_asked_for_fit(camp: Camp) -> None:
    green = (await find(camp, "绿色的帐篷")).products
    assert [one.title for one in green[0].fitting] == ["苔绿"]
    assert len(green) == 1
    sand = (await find(camp, "沙色的帐篷")).products[0]
    assert (sand.fitting[0].stock, sand.is_available) == (0, False)
    large = (await find(camp, "外套 L 码")).products[0]
    assert [(one.title, one.stock) for one in large.fitting] == [("L", 0)]


async def test_a_colour_that_nobody_has_is_let_go_and_that_is_said(camp: Camp) -> None:
    found = await find(camp, "紫色的帐篷")
    assert set(codes(found)) == {"QX-T2", "QX-T4"}
    assert [one.is_relaxed for one in found.filters if one.kind == "colour"] == [True]


async def test_what_is_in_stock_comes_before_its_like_that_is_not(camp: Camp) -> None:
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        twins = [
            simple("A-1", "充气皮划艇", 999, 0),
            simple("A-2", "充气皮划艇", 999, 3),
            simple("A-3", "充气皮划艇", 999, 0),
        ]
        await put_products(tx, camp.workspace_id, None, twins)
    assert codes(await find(camp, "皮划艇"))[0] == "A-2"
    assert codes(await find(camp, "皮划艇", only_available=True)) == ["A-2"]


async def test_the_cheapest_comes_first_when_asked_for(camp: Camp) -> None:
    assert codes(await find(camp, "最便宜的睡袋")) == ["QX-S10", "QX-S0"]


async def test_what_the_shop_does_not_sell_is_not_found(camp: Camp) -> None:
    assert codes(await find(camp, "笔记本电脑")) == []


async def test_another_shops_products_are_not_offered(camp: Camp) -> None:
    shop = camp.ground.shop_id
    async with camp.ground.db.transaction(camp.workspace_id) as tx:
        await put_products(tx, camp.workspace_id, None, [simple("B-1", "桨板", 500, shop_ids=(shop + 1,))])
    assert codes(await find(camp, "桨板", shop_id=shop)) == []
    assert codes(await find(camp, "桨板", shop_id=shop + 1)) == ["B-1"]


async def test_hostile_words_find_nothing_and_break_nothing(camp: Camp) -> None:
    for words in ("'; drop table products; --", "\\' | & ! ( )", "a" * 5000, "帐" * 3000, "\0", "😀😀", ":*", ""):
        await find(camp, words)
    assert codes(await find(camp, "帐篷"))


@pytest.mark.parametrize(
    ("words", "least", "most"),
    [
        ("两百以内", None, 20000), ("200-300元", 20000, 30000), ("under 50 dollars", None, 5000), ("预算一千五", None, 150000),
        ("500左右", 40000, 60000), ("不超过三百块", None, 30000), ("两三百的", 20000, 30000), ("一万二以下", None, 1200000),
        ("2-3人", None, None), ("10度以下", None, None), ("3000mm以上", None, None), ("一百到两百之间", 10000, 20000),
        ("1.5k以内", None, 150000), ("$30 or less", None, 3000), ("超过500的", 50000, None),
    ],
)  # fmt: skip
def test_prices_are_read_as_people_say_them(words: str, least: int | None, most: int | None) -> None:
    wish = read_price(words)
    assert (wish.least_minor, wish.most_minor) == (least, most)


def test_people_sizes_and_measures_are_read_from_words() -> None:
    assert read_need("三口之家的帐篷").tokens("p:") == ["p:3"]
    assert read_need("sleeps four").tokens("p:") == ["p:4"]
    assert read_need("2xl 的外套").tokens("z:") == ["z:xxl"]
    assert "10000mah" in [one.token for one in read_need("一万毫安 10000毫安时的").concepts]
