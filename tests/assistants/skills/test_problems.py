"""What went wrong is told from what happened, never from a question of what would be."""

import pytest

from yingke.assistants.skills.pieces.problems import is_grave, matter_of, only_tells, wants_of


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("少发了一个", "missing"),
        ("盒子里只有一个", "missing"),
        ("赠品没有收到", "missing"),
        ("夏威夷果怎么少了一罐", "missing"),
        ("漏了一袋", "missing"),
        ("洁面的瓶子漏了 箱子里全是", "broken"),
        ("收到的灯是碎的", "broken"),
        ("灯罩上有裂纹", "broken"),
        ("The lamp arrived broken", "broken"),
        ("ランプが壊れていました", "broken"),
        ("我要的是绿色的，发来的是白的", "wrong"),
        ("发货太慢了", "late"),
        ("物流三天没动了", "late"),
        ("等了十天还没到", "late"),
        ("显示签收了但我没收到", "not_received"),
        ("说是送到了 my parcel is marked as delivered but nothing came", "not_received"),
        ("客服态度真差", "service"),
        ("质量太差了", "quality"),
        ("刚买就降价了", "price"),
        ("收到两个桌子，多发了一个", "extra"),
    ],
)
def test_what_happened_is_recognised(text: str, matter: str) -> None:
    assert matter_of(text) == matter


@pytest.mark.parametrize(
    "text",
    [
        "帐篷漏不漏",
        "能少一点吗",
        "椅子承重多少会不会断",
        "晚上只有两三度，盖什么合适",
        "收到破损怎么处理",
        "有没有破损包赔",
        "现在物流慢吗",
        "多少件起批",
        "券怎么用不了",
        "怎么还没退款",
        "被我不小心摔坏了能修吗",
        "保价多少天",
        "如果坏了怎么办",
    ],
)
def test_a_question_of_rules_or_of_what_would_be_is_no_complaint(text: str) -> None:
    assert matter_of(text) is None


def test_what_is_wanted_is_the_most_far_reaching_wish() -> None:
    assert wants_of("换不换无所谓，赔我点钱") == "compensation"
    assert wants_of("补发吧") == "resend"
    assert wants_of("换一个") == "exchange"
    assert wants_of("exchange please") == "exchange"
    assert wants_of("帮我催一下") == "chase"
    assert wants_of("嗯") is None


def test_grave_words_and_mere_remarks_are_told_apart() -> None:
    assert is_grave("再也不买了")
    assert not is_grave("少了一个")
    assert only_tells("包装压扁了，东西没事，就是说一声")
