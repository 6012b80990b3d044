"""Promises of agents, and the moments that their words name."""

from datetime import UTC, datetime

import pytest

from yingke.conversations.follow_ups.read_due import read_due
from yingke.conversations.follow_ups.recognise import recognise

TUESDAY_AT_TEN = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("words", "kind", "due"),
    [
        ("我明天给您回复", "reply", "25 18:00"),
        ("今天内补发给您", "reship", "24 18:00"),
        ("我帮您催一下快递，下午三点前给您答复", "check", "24 15:00"),
        ("周五前给您安排退款", "refund", "27 18:00"),
        ("我马上联系仓库核实", "check", "24 11:00"),
        ("3个工作日内给您开好发票发您邮箱", "invoice", "27 18:00"),
        ("半小时内给您回电话", "call_back", "24 10:30"),
        ("今晚给您答复", "reply", "24 21:00"),
        ("28号之前给您补偿到账，我来处理", "compensation", "28 18:00"),
        ("I'll get back to you tomorrow", "reply", "25 18:00"),
        ("We will send a replacement within 2 days", "reship", "26 18:00"),
        ("I will call you back at 4pm", "call_back", "24 16:00"),
    ],
)
def test_a_promise_is_heard_with_its_moment(words: str, kind: str, due: str) -> None:
    found = recognise(words, TUESDAY_AT_TEN, ZONE)
    assert found is not None
    assert found.due_at is not None
    assert (found.kind, found.due_at.strftime("%d %H:%M")) == (kind, due)


def test_a_promise_without_a_moment_is_heard_too() -> None:
    found = recognise("这个我会帮您跟进的", TUESDAY_AT_TEN, ZONE)
    assert found is not None
    assert found.due_at is None


@pytest.mark.parametrize(
    "words",
    [
        "好的，已经给您补发了", "如果不满意可以给您退款", "您可以自己申请退款", "48小时内发货", "请您明天再看一下",
        "需要帮您查一下吗？", "您好，请问有什么可以帮您", "这款是纯棉的", "七天无理由退换", "退款一般 1-3 天到账",
        "不好意思，这个不能补偿", "You can request a refund in the app", "Thank you for your order", "麻烦您提供一下订单号，谢谢",
    ],
)  # fmt: skip
def test_what_nobody_has_to_do_is_no_promise(words: str) -> None:
    assert recognise(words, TUESDAY_AT_TEN, ZONE) is None


def test_a_moment_is_never_in_the_past() -> None:
    late = datetime(2026, 11, 24, 14, 30, tzinfo=UTC)
    for words in ("今天给您回复", "下午三点前", "今晚处理", "周二给您答复", "24号"):
        due = read_due(words, late, ZONE)
        assert due is not None, words
        assert due > late, words


def test_words_without_a_moment_name_none() -> None:
    assert read_due("这款有三种颜色，尺码偏大半码", TUESDAY_AT_TEN, ZONE) is None
