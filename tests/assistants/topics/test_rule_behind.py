"""What the shop's own rule is asked, unsaid, by somebody with a wish of his own."""

from typing import Any

import pytest

from yingke.assistants.engine import Question
from yingke.assistants.topics.rule_behind import rule_behind, tells_use


def _question(talk: dict[str, Any]) -> Question:
    return Question(1, 1, 1, 1, (), (), "zh-CN", talk=talk)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("精华用了几次没效果 想退货", "拆封用过了还能退货吗"),
        ("开衫洗过了能退吗", "穿过洗过或者剪了吊牌还能退货吗"),
        ("巧克力尝了一块太苦 退了吧", "拆开吃过还能退货吗"),
        ("周五晚上下的单 饺子哪天走", "今天下单几号能发货"),
        ("想退货", ""),
        ("用了优惠券还能退吗", ""),
        ("精华怎么用", ""),
    ],
)
def test_who_opened_or_used_it_hears_whether_it_may_come_back(text: str, rule: str) -> None:
    assert rule_behind(_question({}), text) == rule


def test_postage_while_an_exchange_is_under_way_is_that_of_exchanges() -> None:
    assert rule_behind(_question({"wish": "exchange"}), "邮费谁出") == "换货运费"
    assert rule_behind(_question({"wish": "exchange"}), "那退货邮费谁出") == ""
    assert rule_behind(_question({"wish": "return"}), "邮费谁出") == ""


def test_what_became_of_goods_is_told_apart_from_how_they_are_used() -> None:
    assert tells_use("口红我没拆 想退")
    assert not tells_use("口红怎么涂")
