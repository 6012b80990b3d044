"""Personal numbers are found in every usual spelling; numbers that only look like them stay."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingke.kit.redact import CHECK_CHARACTERS, WEIGHTS, Placeholders, StreamUnmask, find_personal, mask


def citizen_number(seventeen: str) -> str:
    """A number that passes the check; the people in this file do not exist."""
    return seventeen + CHECK_CHARACTERS[sum(w * int(d) for w, d in zip(WEIGHTS, seventeen, strict=True)) % 11]


def card_number(body: str) -> str:
    for last in "0123456789":
        digits = [int(digit) for digit in body + last]
        doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
        if (sum(digits[::-2]) + sum(doubled)) % 10 == 0:
            return body + last
    raise AssertionError(body)


PERSON = citizen_number("11010519900307451")
CARD = card_number("622202020001234567")
VISA = card_number("411111111111111")
PERSONAL = [
    ("电话13800138000", "电话"),
    ("我的手机号是 13912345678,谢谢", "电话"),
    ("打138-1234-5678给我", "电话"),
    ("打 138 1234 5678 给我", "电话"),
    ("138.1234.5678", "电话"),
    ("+8613800138000", "电话"),
    ("+86 138 0013 8000", "电话"),
    ("0086 13800138000", "电话"),
    ("8613800138000", "电话"),
    ("1 3 8 0 0 1 3 8 0 0 0", "电话"),
    ("13800138000", "电话"),
    ("13800138000。", "电话"),
    ("(13800138000)", "电话"),
    ("tel:13800138000", "电话"),
    ("tel13800138000", "电话"),
    ("微信同号vx13800138000", "电话"),
    ("收件人张三13800138000浙江省杭州市", "电话"),
    ("19912345678", "电话"),
    ("16612345678", "电话"),
    ("加我一三八零零一三八零零零", "电话"),
    ("幺三九〇〇幺二三四五六", "电话"),
    ("订单号不记得了,电话 13800138000", "电话"),
    (f"身份证{PERSON}", "证件"),
    (f"证件号码:{PERSON.lower()}。", "证件"),
    (f"身份证 {citizen_number('44030619851212001')} 报关用", "证件"),
    (f"卡号{CARD}", "银行卡"),
    ("卡号" + " ".join([CARD[:4], CARD[4:8], CARD[8:12], CARD[12:16], CARD[16:]]), "银行卡"),
    (f"{VISA[:4]}-{VISA[4:8]}-{VISA[8:12]}-{VISA[12:]}", "银行卡"),
    (f"退到 {VISA} 吧", "银行卡"),
    ("邮箱zhang.san@example.com", "邮箱"),
    ("发到 a+b_c@mail.example.com.cn 谢谢", "邮箱"),
    ("13800138000@163.com", "邮箱"),
    ("<li@qq.com>", "邮箱"),
]
LOOK_ALIKES = [
    "QX-D0001",
    "订单 QX-D13800138000",
    "订单号13800138000",
    "运单号:13912345678",
    "SKU 13800138000",
    "tracking no. 13800138000",
    "快递单号 773123456789012",
    "SF1380013800012",
    "一三五七九",
    "二〇二六年一一月二二日",
    "一二三四五六七八九零一",
    "YT8801234567890",
    "JDVA13800138000",
    "JT13800138000123",
    "order_13800138000",
    "2026-11-22 13:45:00",
    "20261122134500138000",
    "价格 1399.00 元",
    "¥13,800.00",
    "12345678901",
    "10086",
    "400-800-1234",
    "010-88886666",
    "95588",
    "138001380001",
    "1380013800",
    "6901234567892",
    "9787302423287",
    f"{PERSON[:17]}{'0' if PERSON[17] != '0' else '1'}",
    "110105199013321234",
    f"{CARD[:-1]}{(int(CARD[-1]) + 1) % 10}",
    f"订单号 {VISA}",
    "4512345678901234567",
    "1234567890123456789",
    "a@b",
    "@13800",
    "user@localhost",
    "尺码 170/88A",
    "版本 1.38.0013.8000",
    "https://shop.example.com/p/13800138000",
    "id=13800138000a",
    "13800138000-2",
    "3.1415926535897932",
]


@pytest.mark.parametrize(("text", "kind"), PERSONAL)
def test_personal_values_are_found(text: str, kind: str) -> None:
    assert [finding.kind for finding in find_personal(text)] == [kind]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_look_alikes_stay_as_they_are(text: str) -> None:
    assert mask(text) == text
    assert Placeholders().mask(text) == text


def test_masking_for_logs_keeps_only_the_ends() -> None:
    assert mask("电话 138 0013 8000") == "电话 138****8000"
    assert mask(f"证件{PERSON}") == f"证件{PERSON[:4]}**********{PERSON[-4:]}"
    assert mask("zhangsan@example.com") == "z***@example.com"
    assert CARD not in mask(CARD)


def test_one_value_has_one_placeholder_in_every_text_of_a_call() -> None:
    call = Placeholders()
    assert call.mask("我是13800138000,备用139 1234 5678") == "我是〔电话1〕,备用〔电话2〕"
    assert call.mask("再说一遍 +86 138-0013-8000 和 a@b.com") == "再说一遍 〔电话1〕 和 〔邮箱1〕"
    assert call.unmask("已登记〔电话1〕、〔电话2〕、〔邮箱1〕、〔电话9〕") == (
        "已登记13800138000、139 1234 5678、a@b.com、〔电话9〕"
    )


def test_a_placeholder_that_the_customer_typed_is_not_taken_for_ours() -> None:
    call = Placeholders()
    masked = call.mask("〔电话1〕不是我的,13800138000 才是")
    assert masked == "〔电话1〕不是我的,〔电话2〕 才是"
    assert call.unmask(masked) == "〔电话1〕不是我的,13800138000 才是"


@given(text=st.text(alphabet="138 -+@.a订单号〔〕电话\n", max_size=60))
def test_putting_back_gives_the_original(text: str) -> None:
    call = Placeholders()
    assert call.unmask(call.mask(text)) == text


@given(places=st.lists(st.integers(0, 60), max_size=30))
def test_putting_back_works_however_the_stream_is_cut(places: list[int]) -> None:
    call = Placeholders()
    call.mask("13800138000 a@b.com")
    said = "好的〔电话1〕,〔也〕发到〔邮箱1〕〔没有"
    marks = [0, *sorted(place % (len(said) + 1) for place in places), len(said)]
    stream = StreamUnmask(call)
    shown = "".join(stream.feed(said[a:b]) for a, b in zip(marks, [*marks[1:], len(said)], strict=True))
    assert shown + stream.finish() == "好的13800138000,〔也〕发到a@b.com〔没有"


def test_long_hostile_text_is_searched_quickly() -> None:
    began = time.process_time()
    for hostile in ("1" * 20_000, "1 " * 10_000, "a@" * 10_000, "a." * 10_000 + "@", "138-" * 5_000, "订单号 " * 4_000):
        find_personal(hostile)
    assert time.process_time() - began < 2
