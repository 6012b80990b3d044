"""What contradicts each other, and what only looks so."""

import pytest

from yingke.knowledge.contradictions.figures import Figure, number_of, read_figures
from yingke.knowledge.contradictions.find_clashes import Statement, find_clashes


def said(text: str, heading: str = "", title: str = "") -> Statement:
    return Statement("text", heading, text, title)


def asked(question: str, answer: str) -> Statement:
    return Statement("qa", question, answer, "", (("问题", question), ("答案", answer)))


def row(**cells: str) -> Statement:
    return Statement("row", "", "", "", tuple(cells.items()))


CLASHES = [
    (
        said("签收后 7 天内可以无理由退货。", "退货政策", "售后规则"),
        said("支持 15 天无理由退换货。", "退换货", "常见问题"),
    ),
    (
        asked("多久发货?", "每天 16:00 前付款当天发出,其余 48 小时内发出。"),
        asked("什么时候发货？", "付款后 72 小时内发出。"),
    ),
    (said("全场满 99 元包邮。", "运费"), said("满 199 元包邮，偏远地区除外。", "包邮说明")),
    (asked("支持货到付款吗?", "支持货到付款。"), asked("可以货到付款吗", "暂不支持货到付款。")),
    (row(名称="云朵T恤", 价格="59"), row(商品="云朵T恤", 价格="69")),
    (row(名称="云朵T恤", 机洗="可以"), row(名称="云朵T恤", 机洗="不可以")),
    (row(名称="云朵T恤", 价格="59"), said("云朵T恤 现售 69 元", "价格")),
    (said("质保期为一年。", "保修"), said("质保期 2 年。", "质保说明")),
    (said("客服工作时间 9:00-21:00。", "客服时间"), said("客服在线时间为 9:00-18:00", "联系我们")),
    (said("活动时间 11月20日至12月1日"), said("活动时间：11月18日至12月5日")),
    (said("可以开具增值税专用发票。", "发票"), said("不能开具增值税专用发票。", "发票")),
    (asked("保修多久", "48 小时内"), asked("保修多久？", "72 小时内")),
    (
        said("Returns accepted within 30 days of delivery.", "Returns"),
        said("Returns accepted within 14 days of delivery.", "Refund policy"),
    ),
]
NONE = [
    (said("顺丰 1-2 天到。", "多久到"), said("普通快递 3-5 天到。", "多久到")),
    (said("顺丰 2 天到，普通快递 5 天到。", "多久到"), said("普通快递 5 天到，顺丰 2 天到。", "多久到")),
    (said("满 99 元包邮。", "运费"), said("新疆西藏满 199 元包邮。", "运费")),
    (said("满 99 元包邮。", "运费"), said("满 99 元减 10 元。", "优惠")),
    (said("会员满 59 元包邮", "运费"), said("满 99 元包邮", "运费")),
    (said("建议零售价 59 元", "云朵T恤"), said("建议零售价 89 元", "海风衬衫")),
    (said("整机保修 1 年。", "保修", "A3 扫地机说明书"), said("整机保修 2 年。", "保修", "吹风机说明书")),
    (row(名称="云朵T恤", 尺码="S", 价格="59"), row(名称="云朵T恤", 尺码="M", 价格="69")),
    (row(名称="云朵T恤", 价格="59"), row(名称="云朵T恤", 价格="59.00")),
    (row(名称="云朵T恤", 货号="A1", 价格="59"), row(名称="云朵T恤", 货号="A2", 价格="69")),
    (row(序号="1", 价格="59"), row(序号="1", 价格="69")),
    (said("48 小时内发货", "发货"), said("2 天内发货", "发货")),
    (said("未拆封可以退货。", "退货"), said("已拆封不能退货。", "退货")),
    (said("支持 7 天无理由退货。", "退货"), said("定制商品不支持退货。", "退货")),
    (asked("多久发货?", "48 小时内发出。"), asked("多久能退款?", "24 小时内退回。")),
    (said("第一条 签收后 7 天内可退。"), said("第二条 签收后 7 天内可退。")),
    (said("洗涤水温不超过 30 度。", "洗涤"), said("熨烫温度不超过 110 度。", "熨烫")),
    (said("身高 160-165cm 选 M 码", "尺码"), said("身高 165-170cm 选 L 码", "尺码")),
    (row(名称="云朵T恤", 价格="59"), said("云朵T恤满 99 元减 10 元", "优惠")),
]


@pytest.mark.parametrize(("left", "right"), CLASHES)
def test_another_figure_date_or_answer_to_the_same_is_a_clash(left: Statement, right: Statement) -> None:
    assert find_clashes(left, right)
    assert find_clashes(right, left)


@pytest.mark.parametrize(("left", "right"), NONE)
def test_another_product_place_customer_or_condition_is_none(left: Statement, right: Statement) -> None:
    assert find_clashes(left, right) == []
    assert find_clashes(right, left) == []


def test_a_clash_tells_the_matter_and_both_words() -> None:
    found = find_clashes(row(名称="云朵T恤", 价格="59 元"), row(名称="云朵T恤", 价格="69 元"))[0]
    assert (found.about, found.left_says, found.right_says) == ("云朵T恤 · 价格", "59 元", "69 元")


def test_the_shops_own_name_is_no_subject() -> None:
    ours, plain = said("48 小时内发货", "发货", "山野小铺发货规则"), said("72 小时内发货", "发货", "发货规则")
    assert find_clashes(ours, plain) == []
    assert find_clashes(ours, plain, ("山野小铺",))


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("48小时", [Figure("time", (48,))]),
        ("2天", [Figure("time", (48,))]),
        ("一周", [Figure("time", (168,))]),
        ("¥1,299.00", [Figure("money", (1299,))]),
        ("3-5个工作日", [Figure("workday", (3, 5))]),
        ("十五天", [Figure("time", (360,))]),
        ("11月20日 16:00", [Figure("date", (1120,)), Figure("clock", (960,))]),
        ("晚上8点半", [Figure("clock", (510,))]),
        ("1、七天无理由", [Figure("time", (168,))]),
        ("1.5kg", [Figure("weight", (1500,))]),
        ("八折", [Figure("discount", (8,))]),
        ("型号 a3", []),
    ],
)
def test_figures_are_read_in_one_unit_a_kind(text: str, figures: list[Figure]) -> None:
    assert read_figures(text)[0] == figures


def test_a_cell_is_a_number_or_none() -> None:
    cells = ["59", "¥1,299.00", "七", "一百二十", "a", ""]
    assert [number_of(cell) for cell in cells] == [59, 1299, 7, 120, None, None]
