"""Articles of an order are chosen by place, by name, by number, or all of them."""

from typing import Any

import pytest

from yingke.assistants.skills.pieces.changing import choose, read_address
from yingke.assistants.skills.pieces.choose_items import all_but_came, named_in, orders_named, pick

ITEMS = [
    {"line": 1, "title": "露营灯", "variant": "", "quantity": 2},
    {"line": 2, "title": "蛋卷桌 90cm", "variant": "", "quantity": 1},
]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("2", [(2, 1)]),
        ("第一个", [(1, 2)]),
        ("1、2", [(1, 2), (2, 1)]),
        ("都退", [(1, 2), (2, 1)]),
        ("灯", [(1, 2)]),
        ("只退一盏灯", [(1, 1)]),
        ("不知道", []),
    ],
)
def test_the_answer_to_which_one_is_understood(text: str, chosen: list[tuple[int, int]]) -> None:
    assert [(one["line"], one["quantity"]) for one in pick(text, ITEMS)] == chosen


def test_a_wish_may_name_its_articles_itself() -> None:
    assert choose("退货", ITEMS) is None
    assert choose("桌子要退", ITEMS) == [{"line": 2, "quantity": 1}]
    assert choose("蛋卷桌和一个灯都要退", ITEMS) == [{"line": 1, "quantity": 1}, {"line": 2, "quantity": 1}]
    assert choose("把第二件退了", ITEMS) == [{"line": 2, "quantity": 1}]
    assert choose("退货", ITEMS[1:]) == []


NUTS = {"line": 1, "title": "原味夏威夷果", "variant": "", "quantity": 1}
NOUGAT = {"line": 2, "title": "手工牛轧糖", "variant": "", "quantity": 1}
ORANGES = {"line": 1, "title": "赣南脐橙 5 斤", "variant": "", "quantity": 2}


@pytest.mark.parametrize(
    ("text", "named"),
    [("夏威夷果少了一罐", [NUTS]), ("糖呢", [NOUGAT]), ("牛轧糖和夏威夷果", [NUTS, NOUGAT]), ("帐篷", [])],
)
def test_things_that_no_vocabulary_knows_are_named_as_people_name_them(text: str, named: list[dict[str, Any]]) -> None:
    assert named_in(text, [NUTS, NOUGAT]) == named


def test_the_order_is_meant_that_holds_what_is_named() -> None:
    orders = [{"number": "1", "items": [NUTS, NOUGAT]}, {"number": "2", "items": [ORANGES]}]
    assert [one["number"] for one in orders_named("我买的橙子呢", orders)] == ["2"]
    assert [one["number"] for one in orders_named("牛轧糖没拆，想退", orders)] == ["1"]
    assert orders_named("快递到哪了", orders) == []


def test_what_did_not_come_is_missing_where_what_came_is_told() -> None:
    assert all_but_came("快递只有夏威夷果 糖呢？漏发了吧", [NUTS, NOUGAT]) == [NOUGAT]
    assert all_but_came("漏发了吧", [NUTS, NOUGAT]) == []


def test_what_is_to_stay_is_not_sent_back() -> None:
    assert choose("桌子要退，灯留着", ITEMS) == [{"line": 2, "quantity": 1}]


def test_an_address_keeps_every_figure_and_shows_no_whole_number() -> None:
    read = read_address("张三 13800001111 浙江省杭州市西湖区文一路 1 号 2 幢 301 室")
    assert read["name"] == "张三"
    assert read["detail"] == "浙江省杭州市西湖区文一路1号2幢301室"
    assert "13800001111" not in read["shown"]
    abroad = read_address("John Smith 13512345678 12 Garden Road, Shanghai")
    assert (abroad["name"], abroad["detail"]) == ("John Smith", "12 Garden Road, Shanghai")
