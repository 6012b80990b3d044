"""The basket as a small machine: what somebody adds, takes out, changes, counts and sums, read off goods that are there."""

from datetime import UTC, datetime

import numpy as np
import pytest

from yingke.app.demo.calendar import Calendar
from yingke.app.demo.catalog import demo_products
from yingke.assistants.goods.shelf import Good, Shelf, lines_of
from yingke.assistants.skills.pieces.cart import Cart, read_cart
from yingke.assistants.skills.pieces.cart_lines import Line

PRODUCTS = demo_products(Calendar(datetime(2026, 6, 1, tzinfo=UTC)))
GOODS = tuple(
    Good(number, one.title, one.code, one.category, lines_of(one.title, one.attributes, one.description))
    for number, one in enumerate(PRODUCTS, 1)
)
SHELF = Shelf(GOODS, np.zeros((1, 4), np.float32), np.zeros((len(GOODS), 4), np.float32))
BY_NAME = {good.title: good for good in GOODS}
CODES = {good.code: good.title for good in GOODS}
LAMP, CHAIR, TABLE, STOVE = (BY_NAME[name] for name in ("露营灯", "折叠椅", "蛋卷桌 90cm", "卡式炉"))
DOWN, COTTON, TENT, BIG, COAT, PAD = (
    BY_NAME[name] for name in ("羽绒睡袋 0℃", "棉睡袋 10℃", "两人三季帐", "四人自动帐", "三合一外套", "自充气垫 5cm")
)


def priced(*lines: tuple[int, Good]) -> list[Line]:
    return [Line(count, good.title, str(good.id), "9", good.things) for count, good in lines]


def told(cart: Cart | None) -> list[tuple[int, str]]:
    return [(line.quantity, CODES.get(line.name, line.name)) for line in cart.lines] if cart is not None else []


@pytest.mark.parametrize(
    ("text", "basket", "lines"),
    [
        ("把椅子去了", [(2, LAMP), (1, CHAIR)], [(2, "露营灯")]),
        ("椅子不要了", [(2, LAMP), (1, CHAIR)], [(2, "露营灯")]),
        ("不要锅 换桌子", [(1, STOVE), (1, BY_NAME["2–3 人套锅"])], [(1, "卡式炉"), (1, "蛋卷桌 90cm")]),
        ("灯换成三盏吧", [(2, LAMP)], [(3, "露营灯")]),
        ("桌子砍掉一张", [(6, CHAIR), (2, TABLE)], [(6, "折叠椅"), (1, "蛋卷桌 90cm")]),
        ("炉子也不要了 家里有", [(1, STOVE), (2, CHAIR)], [(2, "折叠椅")]),
        ("太贵啦 换一条羽绒一条棉的", [(2, DOWN)], [(1, "羽绒睡袋 0℃"), (1, "棉睡袋 10℃")]),
        ("九十呢", [(80, LAMP)], [(90, "露营灯")]),
        ("垫子不要了 换成棉睡袋", [(1, DOWN), (1, PAD)], [(1, "羽绒睡袋 0℃"), (1, "棉睡袋 10℃")]),
        ("再来个垫", [(1, DOWN)], [(1, "羽绒睡袋 0℃"), (1, "自充气垫 5cm")]),
        ("要一条 加刚才没说的灯一个 总共", [(1, DOWN)], [(1, "羽绒睡袋 0℃"), (1, "露营灯")]),
        ("打错了 是三把", [(2, LAMP), (1, CHAIR)], [(2, "露营灯"), (3, "折叠椅")]),
        ("说错了 是两盏灯", [(3, LAMP)], [(2, "露营灯")]),
        ("椅子加到三", [(1, CHAIR), (1, TABLE)], [(3, "折叠椅"), (1, "蛋卷桌 90cm")]),
        ("再添个锅", [(3, LAMP)], [(3, "露营灯"), (1, "2–3 人套锅")]),
        ("要是再来套锅呢", [(1, LAMP), (1, STOVE)], [(1, "露营灯"), (1, "卡式炉"), (1, "2–3 人套锅")]),
        ("少一个", [(1, TENT), (2, COTTON)], [(1, "两人三季帐"), (1, "棉睡袋 10℃")]),
        ("算了睡袋改成棉的那种", [(1, TENT), (2, DOWN)], [(1, "两人三季帐"), (2, "棉睡袋 10℃")]),
        ("换成棉的呢", [(2, DOWN)], [(2, "棉睡袋 10℃")]),
        ("睡袋要两个", [(1, TENT), (1, DOWN)], [(1, "两人三季帐"), (2, "羽绒睡袋 0℃")]),
        ("各三个呢", [(2, PAD), (2, COTTON)], [(3, "自充气垫 5cm"), (3, "棉睡袋 10℃")]),
        ("不要三把了 四把", [(3, CHAIR)], [(4, "折叠椅")]),
        ("那我买三包呢", [(1, CHAIR)], [(3, "折叠椅")]),
        ("算了一个就行", [(2, DOWN)], [(1, "羽绒睡袋 0℃")]),
        ("再加俩灯 再来个桌子", [(3, CHAIR)], [(3, "折叠椅"), (2, "露营灯"), (1, "蛋卷桌 90cm")]),
        ("一桌两椅呢", [(1, TABLE), (4, CHAIR)], [(1, "蛋卷桌 90cm"), (2, "折叠椅")]),
        ("那最后付多少", [(3, CHAIR)], [(3, "折叠椅")]),
        ("make it two", [(3, CHAIR)], [(2, "折叠椅")]),
        ("还差多少才减40", [(2, LAMP)], [(2, "露营灯")]),
    ],
)
def test_words_change_what_is_in_the_basket(
    text: str, basket: list[tuple[int, Good]], lines: list[tuple[int, str]]
) -> None:
    focus = [basket[-1][1]]
    assert told(read_cart(text, priced(*basket), focus, SHELF, None)) == lines


@pytest.mark.parametrize(
    ("text", "focus", "lines"),
    [
        ("两个呢", LAMP, [(2, "露营灯")]),
        ("要俩", TENT, [(2, "两人三季帐")]),
        ("再配个气垫", DOWN, [(1, "羽绒睡袋 0℃"), (1, "自充气垫 5cm")]),
        ("跟炉子一起打包多少", BY_NAME["2–3 人套锅"], [(1, "2–3 人套锅"), (1, "卡式炉")]),
        ("要一顶 加两个气垫 一个灯", TENT, [(1, "两人三季帐"), (2, "自充气垫 5cm"), (1, "露营灯")]),
        ("那买两顶两人的呢", BIG, [(2, "两人三季帐")]),
    ],
)
def test_what_is_spoken_of_is_what_is_counted(text: str, focus: Good, lines: list[tuple[int, str]]) -> None:
    assert told(read_cart(text, [], [focus], SHELF, None)) == lines


def test_these_two_together_are_those_that_were_spoken_of() -> None:
    cart = read_cart("这两个一起多少", [], [CHAIR, LAMP], SHELF, None)
    assert told(cart) == [(1, "折叠椅"), (1, "露营灯")]


def test_a_size_alone_of_what_is_spoken_of_is_a_question() -> None:
    assert read_cart("xl呢", [], [COAT], SHELF, None) is None


def test_a_size_is_one_of_the_thing_that_is_spoken_of() -> None:
    cart = read_cart("那就XL 来两件", [], [COAT], SHELF, None)
    assert cart is not None
    assert [(line.quantity, line.words) for line in cart.lines] == [(2, f"{COAT.code} XL")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("露营灯两盏 折叠椅一把 总价多少", [(2, "露营灯"), (1, "折叠椅")]),
        ("折叠椅 蛋卷桌 露营灯 各一", [(1, "折叠椅"), (1, "蛋卷桌 90cm"), (1, "露营灯")]),
        ("把充气垫跟棉睡袋各来两个 看看要多少", [(2, "自充气垫 5cm"), (2, "棉睡袋 10℃")]),
        ("一个帐篷两个睡袋 两人用的 大概花多少", [(1, "两人三季帐"), (2, "棉睡袋 10℃")]),
        ("公司发福利 要十把折叠椅 按活动算一共多少", [(10, "折叠椅")]),
        ("2个QX-L1+1张QX-D3一共多少", [(2, "露营灯"), (1, "蛋卷桌 90cm")]),
        ("羽绒睡袋一条 棉睡袋两条 多少钱", [(1, "羽绒睡袋 0℃"), (2, "棉睡袋 10℃")]),
        ("椅子4 桌子1 一共多少", [(4, "折叠椅"), (1, "蛋卷桌 90cm")]),
        ("家里有帐篷了 就要棉睡袋两条 多少", [(2, "棉睡袋 10℃")]),
        ("帐篷我有 棉睡袋两条 多少钱", [(2, "棉睡袋 10℃")]),
        ("两款睡袋各来一个 多少钱", [(1, "羽绒睡袋 0℃"), (1, "棉睡袋 10℃")]),
        ("一个灯加一台投影仪多少钱", [(1, "露营灯"), (1, "投影仪")]),
        ("我要个两人的帐篷 一起还要羽绒睡袋", [(1, "两人三季帐"), (1, "羽绒睡袋 0℃")]),
    ],
)
def test_a_basket_begins_with_the_things_that_are_named(text: str, lines: list[tuple[int, str]]) -> None:
    assert told(read_cart(text, [], [], SHELF, None)) == lines


def test_another_sum_begins_anew_and_a_plain_thing_goes_along() -> None:
    held = priced((2, LAMP))
    assert told(read_cart("一个四人帐多少钱", held, [LAMP], SHELF, None)) == [(1, "四人自动帐")]
    assert told(read_cart("椅子两把", held, [LAMP], SHELF, None)) == [(2, "露营灯"), (2, "折叠椅")]


def test_a_city_is_the_region_of_the_rules() -> None:
    cart = read_cart("寄到乌鲁木齐要加多少", priced((1, TENT)), [TENT], SHELF, None)
    assert cart is not None
    assert cart.region == "新疆"


@pytest.mark.parametrize(
    "text",
    [
        "谢谢", "有货吗", "什么时候发货", "露营灯多少钱", "第二个多少钱", "我要退货", "两个能拼不", "多少一个", "多少钱一个",
        "一个女的能搭起来吗", "四把椅子够坐吗", "和L一个价吗", "买俩送啥", "有两个人住的吗", "内胆几条一包", "炉子呢",
        "三个大人带个娃 用哪款", "两个帐篷哪个轻一点", "便宜的那个有啥颜色", "换货怎么弄", "绿的还有多少", "两款睡袋重量差多少", "里头加件抓绒还塞得下吧", "帐篷呢 两人的", "两把椅子哪天发货",
    ],
)  # fmt: skip
def test_another_wish_changes_no_basket(text: str) -> None:
    assert read_cart(text, priced((3, CHAIR)), [CHAIR], SHELF, None) is None
