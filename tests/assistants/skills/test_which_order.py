"""Of several orders the one is opened that is meant: by what it holds, by its state, or by the customer's answer."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from yingke.assistants.skills.pieces.talk import Talk
from yingke.assistants.skills.pieces.which_order import chosen, meant_of
from yingke.assistants.skills.pieces.work import Work

CAME = {
    "id": "1",
    "number": "A",
    "state": "delivered",
    "items": [{"title": "哑光口红 #03 豆沙"}, {"title": "氨基酸洁面乳"}],
}
SENT = {"id": "2", "number": "B", "state": "shipped", "items": [{"title": "卸妆油"}, {"title": "控油爽肤水"}]}
TITLES = [[item["title"] for item in cast(list[dict[str, str]], one["items"])] for one in (CAME, SENT)]


def _meant(text: str, wish: str, **collected: str) -> list[Any]:
    work = cast(Work, SimpleNamespace(talk=Talk(wish=wish, collected=collected), text=text))
    return [one["number"] for one in meant_of(work, text, [CAME, SENT])]


@pytest.mark.parametrize(
    ("text", "wish", "numbers"),
    [
        ("口红我没拆 想退", "return", ["A"]),
        ("卸妆油走了五天了", "complaint", ["B"]),
        ("快递到哪了", "track", ["B"]),
        ("我要退货", "return", ["A"]),
        ("开发票", "invoice", ["A", "B"]),
        ("帐篷什么时候到", "track", ["A", "B"]),
    ],
)
def test_goods_and_then_the_state_tell_which_order_is_meant(text: str, wish: str, numbers: list[str]) -> None:
    assert _meant(text, wish) == numbers


def test_what_went_wrong_tells_as_well() -> None:
    assert _meant("漏了，箱子里全是", "complaint", matter="broken") == ["A"]
    assert _meant("好几天没动了", "complaint", matter="late") == ["B"]


@pytest.mark.parametrize(
    ("text", "id"), [("2", "2"), ("第一个", "1"), ("口红那单", "1"), ("爽肤水那个", "2"), ("3", None), ("随便", None)]
)
def test_the_answer_may_be_a_place_or_what_is_in_the_order(text: str, id: str | None) -> None:
    assert chosen(text, ["1", "2"], TITLES) == id
