"""What exported files say, cell by cell and platform by platform."""

from typing import Any

import pytest
from msgspec import to_builtins

from tests.commerce.imports import exports
from yingke.commerce.imports.guess import guess_mapping
from yingke.commerce.imports.mapping import ImportMapping, hash_columns
from yingke.commerce.imports.read_cells import (
    UnreadableCell,
    clean_cell,
    read_amount,
    read_count,
    read_number,
    read_phone,
)
from yingke.commerce.imports.read_state import read_state
from yingke.commerce.imports.read_table_rows import read_table_rows
from yingke.commerce.imports.row_reader import RowReader

Rows = list[list[str]]


def read(rows: Rows, **changes: Any) -> tuple[list[dict[str, Any]], RowReader]:
    """What the guess (with `changes` to it) makes of the table."""
    mapping = guess_mapping(rows[0], rows[1:], "Asia/Shanghai")
    reader = RowReader(rows[0], ImportMapping(**({"kind": mapping.kind} | to_builtins(mapping) | changes)))
    return [to_builtins(one.order or one.product or one.stock) for one in read_table_rows(reader, rows[1:])], reader


@pytest.mark.parametrize(
    ("rows", "kind", "meanings"),
    [
        (exports.QIANNIU, "orders", {"number": "订单编号", "total": "总金额", "paid": "买家实际支付金额", "phone": "联系手机", "tracking": "物流单号"}),
        (exports.PINDUODUO, "orders", {"number": "订单号", "paid": "用户实付金额(元)", "item_sku": "商家编码-规格维度", "delivered_at": "确认收货时间"}),
        (exports.DOUDIAN, "orders", {"number": "主订单编号", "line_id": "子订单编号", "total": "订单应付金额", "paid_at": "支付完成时间"}),
        (exports.SHOPIFY, "orders", {"number": "Name", "item": "Lineitem name", "total": "Total", "phone": "Shipping Phone"}),
        (exports.WOOCOMMERCE, "orders", {"number": "Order Number", "item_sku": "SKU", "item": "Item Name"}),
        (exports.JUSHUITAN, "orders", {"number": "线上订单号", "item_sku": "商品编码", "item_variant": "颜色规格"}),
        (exports.CATALOGUE, "products", {"title": "商品名称", "code": "商品编码", "sku": "规格编码", "price": "售价（元）"}),
        (exports.STOCK, "stock", {"sku": "SKU编码", "stock": "可用库存", "price": "售价"}),
        (exports.PARCELS, "shipments", {"number": "订单号", "tracking": "快递单号", "carrier": "快递公司"}),
    ],
)  # fmt: skip
def test_the_headings_of_platforms_are_known(rows: Rows, kind: str, meanings: dict[str, str]) -> None:
    guess = guess_mapping(rows[0], rows[1:], "Asia/Shanghai")
    assert guess.kind == kind
    assert {meaning: guess.columns.get(meaning) for meaning in meanings} == meanings  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("¥1,234.50", 123450, "CNY"), ("￥1，234.5", 123450, "CNY"), ("12元", 1200, "CNY"), ("1.234,50 €", 123450, "EUR"), ("12,50", 1250, "CNY"),
        ("1,234", 123400, "CNY"), ("US$ 12", 1200, "USD"), ("JPY 1200", 1200, "JPY"), ("0.005", 1, "CNY"), ("包邮", 0, "CNY"), ("1,234,567.00", 123456700, "CNY"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_shops_write_them(text: str, minor: int, currency: str) -> None:
    assert read_amount(text, "CNY") == (minor, currency)


@pytest.mark.parametrize("text", ["面议", "99-199", "-5", "12.3.4x"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCell, match="bad_amount"):
        read_amount(text, "CNY")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("138****0417", "0417"), ("13812340417", "13812340417"), ("+86 138 1234 0417", "13812340417"), ("13*******17", ""), ("1**********", ""),
        ("*******0417", "0417"), ("18412345678-1234", "18412345678"), ("'138****0417", "0417"), ("", ""),
    ],
)  # fmt: skip
def test_a_masked_phone_leaves_its_tail_and_never_a_wrong_one(text: str, kept: str) -> None:
    assert read_phone(text) == kept


def test_cells_lose_what_spreadsheets_put_around_them() -> None:
    assert clean_cell('="3745698712345678901"') == "3745698712345678901"
    assert [clean_cell(text) for text in ("'0123", "12\t", "null", "--", "无")] == ["0123", "12", "", "", ""]
    assert [read_count(text) for text in ("12件", "1,200", "3.00", "")] == [12, 1200, 3, None]
    with pytest.raises(UnreadableCell, match="number_cut"):
        read_number("3.74569871234568E+18")


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("等待买家付款", "unpaid"), ("买家已付款，等待卖家发货", "paid"), ("待发货", "paid"), ("卖家已发货，等待买家确认", "shipped"), ("已发货，待签收", "shipped"),
        ("交易成功", "delivered"), ("交易关闭", "closed"), ("已取消", "cancelled"), ("已全额退款", "refunded"), ("部分发货", "part_shipped"),
        ("Processing", "paid"), ("Completed", "delivered"), ("TRADE_FINISHED", "delivered"), ("refunded", "refunded"), ("蓝色", None),
    ],
)  # fmt: skip
def test_states_are_told_by_the_words_of_platforms(word: str, state: str | None) -> None:
    assert read_state(word) == state


def test_amounts_of_an_order_count_once_or_are_added() -> None:
    [alike], _ = read(exports.JUSHUITAN)
    assert (alike["total_minor"], alike["goods_minor"], len(alike["items"])) == (75715, 89700, 2)
    [shared], _ = read(exports.DOUDIAN)
    assert (shared["total_minor"], shared["items"][0]["price_minor"]) == (55700, 14900)
    twice = [
        exports.DOUDIAN[0],
        exports.DOUDIAN[1],
        [*exports.DOUDIAN[1][:1], "6918000000000000013", *exports.DOUDIAN[1][2:]],
    ]
    [same], _ = read(twice)
    assert same["total_minor"] == 2 * 29800


def test_rows_below_an_order_without_its_number_belong_to_it() -> None:
    rows = [
        ["订单号", "商品名称", "数量", "订单金额"],
        ["QX1", "灯", "1", "129"],
        ["", "椅", "2", ""],
        ["QX2", "桌", "1", "259"],
        ["合计", "", "4", "388"],
    ]
    orders, reader = read(rows)
    assert [(one["number"], len(one["items"])) for one in orders] == [("QX1", 2), ("QX2", 1)]
    assert [(one.row, one.code) for one in reader.problems] == [(4, "no_number")]


def test_one_unreadable_row_leaves_its_order_out() -> None:
    rows = [
        ["订单号", "商品名称", "数量", "订单金额"],
        ["QX1", "灯", "1", "129"],
        ["QX1", "椅", "很多", "129"],
        ["QX2", "桌", "1", "259"],
    ]
    orders, reader = read(rows)
    assert [one["number"] for one in orders] == ["QX2"]
    assert sorted((one.row, one.code) for one in reader.problems) == [(1, "same_thing"), (2, "bad_quantity")]
    assert reader.skipped == 2


def test_numbers_that_a_spreadsheet_rounded_are_refused_but_not_a_single_round_one() -> None:
    header = ["订单编号", "订单金额", "收货人"]
    cut = [header, *([f"3745698712345{n:02d}0000", "10", "甲"] for n in range(5))]
    _, reader = read(cut)
    assert {one.code for one in reader.problems} == {"number_cut"}
    whole = [
        header,
        *([f"37456987123456789{n:02d}", "10", "甲"] for n in range(5)),
        ["3745698712345670000", "10", "乙"],
    ]
    orders, reader = read(whole)
    assert (len(orders), reader.problems) == (6, [])


def test_what_all_variants_share_is_the_products_and_the_rest_stays_with_each() -> None:
    rows = [
        ["商品名称", "货号", "SKU", "颜色", "材质", "价格"],
        ["椅", "C1", "C1-G", "绿", "钢", "149"],
        ["椅", "C1", "C1-B", "黑", "钢", "159"],
    ]
    [chair], _ = read(rows)
    assert chair["attributes"] == {"材质": "钢"}
    assert [(one["title"], one["attributes"], one["price_minor"]) for one in chair["variants"]] == [
        ("绿", {"颜色": "绿"}, 14900),
        ("黑", {"颜色": "黑"}, 15900),
    ]


def test_times_are_of_the_workspace_unless_they_say_otherwise() -> None:
    [order], _ = read(exports.SHOPIFY)
    assert order["ordered_at"] == "2026-11-18T08:59:00Z"
    [erp], _ = read(exports.JUSHUITAN)
    assert erp["ordered_at"] == "2026-11-20T01:12:33Z"


def test_a_header_is_the_same_in_any_order() -> None:
    assert hash_columns(["a", "b"]) == hash_columns(["b", "a"]) != hash_columns(["a", "c"])
