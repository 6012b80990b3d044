"""Contact details are read out of free text, however they are typed; what is none is left alone."""

import pytest

from yingke.assistants.told.read_told import mask_detail, read_told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我的电话是13800000417", [("phone", "13800000417")]),
        ("一三八零零零零零四一七", [("phone", "13800000417")]),
        ("１３８ ００００ ０４１７ 打这个电话", [("phone", "13800000417")]),
        ("138-0000-0417 找我", [("phone", "13800000417")]),
        ("13800000417，13900001234 两个都行", [("phone", "13800000417"), ("phone", "13900001234")]),
        ("13800000417 13900001234", [("phone", "13800000417"), ("phone", "13900001234")]),
        ("香港电话 9123 4567", [("phone", "+85291234567")]),
        ("+852 9123 4567", [("phone", "+85291234567")]),
        ("0912-345-678", [("phone", "+886912345678")]),
        ("+1 415 555 2671", [("phone", "+14155552671")]),
        ("+44 7700 900123", [("phone", "+447700900123")]),
        ("010-62345678 座机", [("phone", "01062345678")]),
        ("加我v: abc_123", [("wechat", "abc_123")]),
        ("微信号是 wang-8899", [("wechat", "wang-8899")]),
        ("13800000417 微信同号", [("phone", "13800000417"), ("wechat", "13800000417")]),
        ("zhang 艾特 qq 点 com", [("email", "zhang@qq.com")]),
        ("mail John.Smith@Example.com", [("email", "john.smith@example.com")]),
        ("我叫王小明", [("name", "王小明")]),
        ("我是陈女士", [("name", "陈女士")]),
        ("我在杭州，预算一千左右", [("city", "杭州"), ("budget", "一千左右")]),
        ("晚上七点后打给我", [("call_time", "晚上七点后")]),
    ],
)
def test_a_detail_is_read_as_it_is_typed(text: str, told: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.value) for one in read_told(text).details] == told


@pytest.mark.parametrize(
    "written",
    [
        "13800000417", "138 0000 0417", "138-0000-0417", "138.0000.0417", "138 00000417", "1380000 0417", "138·0000·0417",
        "138—0000—0417", "138 - 0000 - 0417", "138  0000  0417", "1 3 8 0 0 0 0 0 4 1 7", "+8613800000417",
        "+86 138 0000 0417", "+86-138-0000-0417", "0086 13800000417", "(+86)13800000417", "（+86）13800000417",
        "86-13800000417", "１３８ ００００ ０４１７", "一三八零零零零零四一七", "幺三八洞洞洞洞洞四幺拐", "壹叁捌零零零零零肆壹柒",
        "1三8零零零零0四17", "138零零零零零四一七", "tel:13800000417", "【13800000417】", "😀13800000417😀",
        "1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣0️⃣4️⃣1️⃣7️⃣", "①③⑧〇〇〇〇〇④①⑦", "➊➌➑⓿⓿⓿⓿⓿➍➊➐", "❶❸❽⓿⓿⓿⓿⓿❹❶❼",
        "138\u200b0000\u200b0417", "\ufeff138\u20600000\u200d0417",
    ],
)  # fmt: skip
def test_one_number_in_every_spelling_is_the_same_number(written: str) -> None:
    said = read_told(f"我想买两个睡袋，电话 {written}")
    assert [(one.kind, one.value) for one in said.details] == [("phone", "13800000417")]


def test_a_number_at_either_end_of_a_very_long_text_is_read() -> None:
    long = "我很喜欢这个帐篷。" * 500
    for text in (f"电话13800000417，{long}", f"{long}电话13800000417"):
        assert [one.value for one in read_told(text).reaches] == ["13800000417"]


@pytest.mark.parametrize(
    "text",
    [
        "订单号 13800000417",
        "QX-D0001 尾号 0417",
        "露营灯 10000mAh 的多少钱",
        "我175高 140斤",
        "身份证 330106199001011234",
        "收货人李四 13900001111 杭州西湖区",
        "我老公的手机 13900001111",
        "我在考虑",
        "买 2 个 199 的 3 个 299 的",
        "这个是什么材质",
    ],
)
def test_other_numbers_and_other_people_are_no_details(text: str) -> None:
    assert read_told(text).details == ()


@pytest.mark.parametrize(("text", "wrong"), [("电话 1380000041", ("phone", 10)), ("我邮箱 abc@qq", ("email", 0))])
def test_what_cannot_be_one_is_noticed(text: str, wrong: tuple[str, int]) -> None:
    told = read_told(text)
    assert told.details == ()
    assert [one[:2] for one in told.wrong] == [wrong]


def test_a_bare_answer_means_what_was_asked_for() -> None:
    assert read_told("杭州", "city").of("city") is not None
    assert read_told("杭州").of("city") is None
    assert read_told("abc_99887", "reach").of("wechat") is not None
    assert read_told("QX-D0001", "reach").details == ()
    assert read_told("李先生", "name").of("name") is not None


def test_what_is_said_back_is_masked() -> None:
    assert mask_detail("phone", "13800000417") == "138****0417"
    assert mask_detail("wechat", "wang_8899") == "wa***99"
    assert mask_detail("email", "john@example.com") == "j***@example.com"
