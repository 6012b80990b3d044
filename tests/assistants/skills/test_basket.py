"""How many of which thing is read out of a sentence."""

import pytest

from yingke.assistants.skills.pieces.basket import Wanted, read_basket


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我是金卡,一顶两人帐加俩 10 度睡袋多少钱", [(1, "两人帐"), (2, "10度睡袋")]),
        ("买两个露营灯和一张蛋卷桌多少钱", [(2, "露营灯"), (1, "蛋卷桌")]),
        ("露营灯 ×2，蛋卷桌 ×1", [(2, "露营灯"), (1, "蛋卷桌")]),
        ("2个QX-L1+1张QX-D3一共多少", [(2, "QX-L1"), (1, "QX-D3")]),
        ("我要一个四人帐，再来两个充气垫，金卡到手多少", [(1, "四人帐"), (2, "充气垫")]),
        ("三把折叠椅总共多少", [(3, "折叠椅")]),
        ("how much for two tents and 2 sleeping bags", [(2, "tents"), (2, "sleeping bags")]),
        ("How much are 2 camping lamps and a folding table in total?", [(2, "camping lamps"), (1, "folding table")]),
    ],
)
def test_what_is_counted_is_wanted(text: str, wanted: list[tuple[int, str]]) -> None:
    assert read_basket(text) == [Wanted(*one) for one in wanted]


@pytest.mark.parametrize("text", ["那个有绿的吗", "两个人住选哪个帐篷", "满300减40吗", "俩人带条狗睡得下不", "你好"])
def test_people_and_rules_are_no_goods(text: str) -> None:
    assert read_basket(text) == []
