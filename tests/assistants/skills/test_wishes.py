"""What somebody wants done with his order, and what is only a question about the rules."""

import pytest

from yingke.assistants.skills.pieces.hearing import is_to_be_placed
from yingke.assistants.skills.pieces.money_wishes import money_wish
from yingke.assistants.skills.pieces.wishes import order_wish, says_no, says_yes


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("QX-D0001 到哪了", "track"),
        ("我的快递到哪了", "track"),
        ("发货了吗", "track"),
        ("我那个包裹怎么还没到", "track"),
        ("where is my order", "track"),
        ("我要退货", "return"),
        ("I want a refund", "refund"),
        ("我想把M码换成L码", "exchange"),
        ("我买的灯坏了要维修", "repair"),
        ("帮我取消订单", "cancel"),
        ("地址填错了能改吗", "address"),
        ("帮我开张发票", "invoice"),
        ("我买的橙子呢", "track"),
        ("我昨天拍的口红呢", "track"),
        ("前两天收到的卫衣颜色不喜欢 退", "return"),
    ],
)
def test_a_wish_about_an_order_of_ones_own(text: str, wish: str) -> None:
    assert order_wish(text) == wish


@pytest.mark.parametrize(
    "text",
    [
        "退货政策是什么",
        "七天无理由怎么退",
        "快递几天能到",
        "可以开发票吗",
        "支持七天无理由退货吗",
        "今天下单几号能发",
        "退款多久到账",
        "退货运费谁出",
        "买的人多呢",
        "how long do I have to return items?",
    ],
)
def test_a_question_about_the_rules_is_for_the_knowledge(text: str) -> None:
    assert order_wish(text) is None


def test_an_order_still_to_be_placed_is_none_of_ones_own() -> None:
    assert is_to_be_placed("我晚上八点下单今天还能发走吗")
    assert is_to_be_placed("我今天星期六拍几号能发出来")
    assert not is_to_be_placed("昨天晚上下单怎么还没发")
    assert not is_to_be_placed("周五晚上下的单哪天走")


@pytest.mark.parametrize(
    "text", ["我的钱退了没", "HL-2611-00005 尾号 7324 我的钱退了没", "款退回来了吗", "退款到账了吗"]
)
def test_whether_the_money_came_back_is_asked_of_money(text: str) -> None:
    assert money_wish(text) == "refund_state"


def test_a_yes_is_a_plain_yes_and_a_no_may_have_a_reason() -> None:
    assert all(says_yes(text) for text in ("确认", "好的", "是的。", "可以", "嗯嗯", "Yes!", "ok"))
    assert not any(says_yes(text) for text in ("好的我再想想要不要换", "可以便宜点吗", "是不是真的", "确认一下地址"))
    assert all(says_no(text) for text in ("不用了", "算了", "先不办了，我再看看", "no thanks", "取消"))
