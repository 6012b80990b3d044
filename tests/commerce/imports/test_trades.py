"""Tables as small merchants of any trade keep them by hand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.commerce.imports.test_reading import read
from yingke.commerce.imports.guess import guess_mapping
from yingke.commerce.imports.read_cells import UnreadableCell
from yingke.commerce.imports.read_stock_cell import Stocked, read_stock_cell, read_stock_list

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 23)
SNACKS = [
    ["货号", "名称", "净含量", "价格（元）", "配料", "保质期和储存", "产地", "成本价", "供应商", "备注", "库存"],
    ["LS-1", "盐焗腰果", "250g", "39", "腰果、食用盐", "常温 9 个月", "越南", "18.5", "甲公司", "老板说先别推", "120"],
    ["LS-2", "桂花糕", "300g", "26", "糯米粉、桂花、白砂糖", "冷藏 7 天", "苏州", "9", "乙公司", "", "0（30 日到货）"],
]
CLOTHES = [
    ["款号", "名称", "价格", "面料", "颜色和库存", "洗护"],
    ["YF-1", "宽松卫衣", "159", "棉 80% 聚酯纤维 20%", "黑 12 件、燕麦色 0 件（12 月 3 日补货）", "冷水机洗"],
    ["YF-2", "亚麻短裤", "99", "亚麻 100%", "米白 5 件、藏青 8 件", "手洗"],
]


def day(month: int, number: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cell", "stocked"),
    [
        ("36", Stocked(36)), ("1,200件", Stocked(1200)), ("无货", Stocked(0)), ("有货", Stocked(None)), ("", None),
        ("0（30 日到货）", Stocked(0, day(11, 30))), ("0(5号补货)", Stocked(0, day(12, 5))), ("缺货（1月8日到货）", Stocked(0, day(1, 8, 2027))),
        ("0（2026-12-20 到货）", Stocked(0, day(12, 20))), ("7（仓库 3 号架）", Stocked(7)), ("0（31 日补货）", Stocked(0)), ("0（2026-01-02 到货）", Stocked(0)),
    ],
)  # fmt: skip
def test_stock_is_read_as_it_is_kept_by_hand(cell: str, stocked: Stocked | None) -> None:
    assert read_stock_cell(cell, ZONE, TODAY) == stocked


@pytest.mark.parametrize("cell", ["见详情", "大概三四十", "12~20"])
def test_what_is_no_stock_is_refused(cell: str) -> None:
    with pytest.raises(UnreadableCell, match="bad_quantity"):
        read_stock_cell(cell, ZONE, TODAY)


def test_a_cell_may_list_its_variants() -> None:
    assert read_stock_list("白 120 件、雾蓝 0 件（12 月 1 日补货），黑：96", ZONE, TODAY) == [
        ("白", Stocked(120)),
        ("雾蓝", Stocked(0, day(12, 1))),
        ("黑", Stocked(96)),
    ]


def test_every_column_about_the_goods_is_kept_and_none_about_the_business() -> None:
    mapping = guess_mapping(SNACKS[0], SNACKS[1:], "Asia/Shanghai")
    assert mapping.columns == {"code": "货号", "title": "名称", "price": "价格（元）", "stock": "库存"}
    assert mapping.attributes == ["净含量", "配料", "保质期和储存", "产地"]


def test_a_sold_out_product_comes_with_the_day_of_its_return() -> None:
    products, reader = read(SNACKS)
    assert reader.problems == []
    assert products[0]["attributes"] == {
        "净含量": "250g",
        "配料": "腰果、食用盐",
        "保质期和储存": "常温 9 个月",
        "产地": "越南",
    }
    assert products[1]["variants"][0]["stock"] == 0
    assert products[1]["variants"][0]["restock_at"].endswith("+08:00")


def test_colours_in_one_cell_become_variants() -> None:
    products, reader = read(CLOTHES)
    assert reader.problems == []
    told = [(one["title"], one["stock"], one["attributes"]) for one in products[0]["variants"]]
    assert told == [("黑", 12, {"颜色": "黑"}), ("燕麦色", 0, {"颜色": "燕麦色"})]
    assert products[0]["attributes"] == {"面料": "棉 80% 聚酯纤维 20%", "洗护": "冷水机洗"}
    assert "restock_at" in products[0]["variants"][1]
    assert "restock_at" not in products[0]["variants"][0]
