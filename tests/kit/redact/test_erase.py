"""What is taken out of a past chat for good, and what stays because the question needs it."""

import time

import pytest

from yingke.kit.erase import erase

PERSONAL = [
    ("收件人：张三 13800138000 浙江省杭州市西湖区文三路90号1单元302室", "收件人：〔姓名〕 〔电话〕 〔地址〕"),
    ("张三丰，13912345678，广东省深圳市南山区科技园南路 18 号 3 栋 502", "〔姓名〕，〔电话〕，〔地址〕"),
    ("帮我寄到幸福小区 3 栋 2 单元 501，谢谢", "帮我寄到〔地址〕，谢谢"),
    ("收货地址改成上海市浦东新区世纪大道100号环球金融中心12楼", "收货地址改成〔地址〕"),
    ("订单号 2024010512345678 什么时候发", "订单号 〔单号〕 什么时候发"),
    ("订单编号：A1029384756", "订单编号：〔单号〕"),
    ("SF1234567890123 到哪了", "〔单号〕 到哪了"),
    ("我微信 abc_12345 加一下", "我微信 〔微信〕 加一下"),
    ("加我vx：wxid9988aa", "加我vx：〔微信〕"),
    ("qq 123456789", "qq 〔QQ〕"),
    ("0571-88886666 打这个", "〔电话〕 打这个"),
    ("邮箱 li.lei@example.com", "邮箱 〔邮箱〕"),
    ("身份证 11010519491231002X", "身份证 〔证件〕"),
    ("卡号 4111111111111111", "卡号 〔银行卡〕"),
    ("我叫李雷", "我叫〔姓名〕"),
    ("王女士你好", "〔姓名〕女士你好"),
    ("姓名：欧阳娜娜", "姓名：〔姓名〕"),
    ("一三八零零一三八零零零", "〔电话〕"),
    ("My name is John Smith, order no: 1029384756", "My name is 〔姓名〕, order no: 〔单号〕"),
    ("Ship it to 221 Baker Street please", "Ship it to 〔地址〕 please"),
]
HARMLESS = [
    "发新疆要几天", "江苏省内多久能到", "我是新客户有优惠吗", "这款 38 号的有吗", "5号楼可以送货上门吗",
    "1号链接和2号链接有什么区别", "QX-1001 多少钱", "价格 199 元，满300减50", "收件人怎么填", "姓名写什么",
    "北京市有门店吗", "你们在南京路有店吗", "四号线地铁站怎么走", "两室一厅用几匹的空调", "三楼没有电梯能送上楼吗",
    "16:00 前付款当天发，其余 48 小时内发出", "2024-01-05 之前能到吗", "10000mAh 的充电宝能上飞机吗", "How many days to ship?",
]  # fmt: skip


@pytest.mark.parametrize(("said", "kept"), PERSONAL)
def test_what_is_personal_is_replaced(said: str, kept: str) -> None:
    erased, count = erase(said)
    assert erased == kept
    assert count == kept.count("〔")


@pytest.mark.parametrize("said", HARMLESS)
def test_a_question_without_anything_personal_is_left_alone(said: str) -> None:
    assert erase(said) == (said, 0)


def test_names_that_the_caller_knows_are_replaced_wherever_they_stand() -> None:
    assert erase("tb_小鹿2019 您好，小鹿2019 的件", ["小鹿2019", "tb_小鹿2019"]) == ("〔昵称〕 您好，〔昵称〕 的件", 2)


def test_what_was_erased_stays_as_it_is_when_erased_again() -> None:
    for said, kept in PERSONAL:
        assert erase(erase(said)[0])[0] == kept


@pytest.mark.parametrize(
    "unit", ["区", "王", "1", "路1号", "北京市市市市", "地址：", "a", "〔电话〕 ", "浙江省杭州", "1号 "]
)
def test_time_grows_with_the_length_and_no_faster(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length] + " 1"
        return min(_timed(text) for _ in range(3))

    assert seconds(24_000) < 60 * max(seconds(2_000), 0.0005)


def _timed(text: str) -> float:
    began = time.process_time()
    erase(text)
    return time.process_time() - began
