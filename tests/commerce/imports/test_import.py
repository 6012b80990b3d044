"""An exported file from the upload to the mirror of the shop: once, resumable, and taken back when told."""

from typing import Any

import pytest

from tests.commerce.imports import exports
from tests.commerce.imports.conftest import PATH, Imports, workspace_of
from yingke.commerce.imports import run_import as run_import_module
from yingke.commerce.imports.inputs import OrderInput, Record
from yingke.commerce.imports.read_file import Batch
from yingke.commerce.imports.store_records import Scope

ORDERS = "select number, state, total_minor, paid_minor, phone, buyer_name, note from orders order by number"


async def test_orders_of_a_chinese_platform_come_in_whole(imports: Imports) -> None:
    owner = await imports.door.owner()
    done = await imports.bring(owner, "ExportOrderList.csv", exports.as_csv(exports.QIANNIU, "gb18030"))
    assert (done["state"], done["kind"], done["added"], done["skipped"]) == ("ready", "orders", 3, 0)
    assert done["has_file"] is False
    assert not [path for path in (imports.folder / "files").rglob("*") if path.is_file()]
    first, second, third = await imports.rows(owner, ORDERS)
    assert first == {
        "number": "3745698712345678901", "state": "shipped", "total_minor": 75715, "paid_minor": 75715, "phone": "0417",
        "buyer_name": "青松小**", "note": "",
    }  # fmt: skip
    assert (second["state"], second["total_minor"], second["phone"]) == ("unpaid", 130900, "")
    assert third["state"] == "closed"
    parcels = await imports.rows(owner, "select tracking_number, carrier from shipments")
    assert parcels == [{"tracking_number": "YS0000123456", "carrier": "演示快递"}]


async def test_the_same_file_again_changes_nothing_and_needs_no_click(imports: Imports) -> None:
    owner = await imports.door.owner()
    content = exports.as_csv(exports.JUSHUITAN)
    await imports.bring(owner, "一.csv", content)
    everything = "select o.*, (select count(*) from order_items) as items, (select count(*) from shipments) as parcels from orders o"
    before = await imports.rows(owner, everything)
    begun = await imports.upload(owner, "二.csv", content)
    await imports.work()
    again = await imports.show(owner, begun["id"])
    assert (again["state"], again["is_remembered"]) == ("ready", True)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 1)
    assert again["can_undo"] is False
    after = await imports.rows(owner, everything)
    clocks = {"seen_at", "source_at"}
    assert [{k: v for k, v in row.items() if k not in clocks} for row in before] == [
        {k: v for k, v in row.items() if k not in clocks} for row in after
    ]


async def test_a_later_file_updates_and_knows_less_without_wiping(imports: Imports) -> None:
    owner = await imports.door.owner()
    await imports.bring(owner, "erp.csv", exports.as_csv(exports.JUSHUITAN))
    done = await imports.bring(owner, "平台.csv", exports.as_csv(exports.QIANNIU))
    assert (done["added"], done["changed"]) == (2, 1)
    [order] = await imports.rows(owner, "select * from orders where number = $1", "3745698712345678901")
    assert order["phone"] == "13812340417"
    assert (order["address"]["name"], order["address"]["detail"]) == ("顾客甲", "文三路1号")


async def test_a_wrong_guess_is_corrected_and_remembered(imports: Imports) -> None:
    owner = await imports.door.owner()
    rows = [["款", "牌价", "卖价", "数"], ["两人帐", "599", "499.00", "36"], ["露营灯", "159", "129", "88"]]
    begun = await imports.upload(owner, "表.csv", exports.as_csv(rows))
    await imports.work()
    shown = await imports.show(owner, begun["id"])
    assert shown["state"] == "mapping"
    look = await owner.post(f"{PATH}/{begun['id']}/preview?kind=products")
    mapping = look["guess"] | {"columns": {"title": "款", "price": "卖价", "compare_at": "牌价", "stock": "数"}}
    tried = await owner.post(f"{PATH}/{begun['id']}/preview", mapping)
    assert tried["things"][0]["product"]["variants"][0]["price_minor"] == 49900
    assert (await owner.call("PUT", f"{PATH}/{begun['id']}/mapping", json=mapping)).status_code == 202
    await imports.work()
    assert (await imports.show(owner, begun["id"]))["added"] == 2
    later = await imports.upload(owner, "明天.csv", exports.as_csv([rows[0], ["两人帐", "599", "479.00", "20"]]))
    await imports.work()
    assert (await imports.show(owner, later["id"]))["changed"] == 1
    [product] = await imports.rows(owner, "select price_from_minor, stock_total from products where title = '两人帐'")
    assert product == {"price_from_minor": 47900, "stock_total": 20}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"columns": {"state": "订单状态"}}, "columns.number"),
        ({"columns": {"number": "没有这列"}}, "columns.number"),
        ({"columns": {"number": "订单编号", "state": "订单编号"}}, "columns.state"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
    ],
)
async def test_a_mapping_that_cannot_work_is_refused_naming_the_field(
    imports: Imports, change: dict[str, Any], field: str
) -> None:
    owner = await imports.door.owner()
    begun = await imports.upload(owner, "a.csv", exports.as_csv(exports.QIANNIU))
    await imports.work()
    guess = (await owner.post(f"{PATH}/{begun['id']}/preview"))["guess"]
    answer = await owner.call("PUT", f"{PATH}/{begun['id']}/mapping", json=guess | change)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


async def test_rows_that_cannot_be_read_are_listed_and_the_rest_goes_in(imports: Imports) -> None:
    owner = await imports.door.owner()
    done = await imports.bring(owner, "商品.csv", exports.as_csv(exports.CATALOGUE))
    assert (done["added"], done["skipped"]) == (2, 1)
    assert done["problems"] == [{"row": 4, "code": "bad_amount", "value": "面议"}]
    stock = await imports.bring(owner, "库存.csv", exports.as_csv(exports.STOCK))
    assert (stock["changed"], stock["skipped"]) == (2, 1)
    assert stock["problems"] == [{"row": 3, "code": "unknown_sku", "value": "QX-NO"}]
    variants = await imports.rows(owner, "select sku, stock, price_minor from product_variants order by sku")
    assert variants == [
        {"sku": "QX-L1", "stock": 80, "price_minor": 12900},
        {"sku": "QX-T2-G", "stock": 36, "price_minor": 49900},
        {"sku": "QX-T2-S", "stock": 12, "price_minor": 45900},
    ]


async def test_tracking_numbers_reach_the_orders_that_they_belong_to(imports: Imports) -> None:
    owner = await imports.door.owner()
    await imports.bring(owner, "订单.csv", exports.as_csv(exports.DOUDIAN))
    rows = [
        exports.PARCELS[0],
        ["6918000000000000001", "演示快递", "YS0000777001", "2026-11-22 10:00:00"],
        exports.PARCELS[2],
    ]
    done = await imports.bring(owner, "单号.csv", exports.as_csv(rows))
    assert (done["kind"], done["changed"], done["problems"]) == (
        "shipments", 1, [{"row": 2, "code": "unknown_order", "value": "999999"}],
    )  # fmt: skip
    [order] = await imports.rows(
        owner, "select o.state, s.tracking_number from orders o join shipments s on s.order_id = o.id"
    )
    assert order == {"state": "shipped", "tracking_number": "YS0000777001"}


async def test_taking_back_removes_what_was_added_and_restores_what_was_overwritten(imports: Imports) -> None:
    owner = await imports.door.owner()
    await imports.bring(owner, "erp.csv", exports.as_csv(exports.JUSHUITAN))
    everything = "select o.*, (select jsonb_agg(i order by i.line) from order_items i where i.order_id = o.id) as items from orders o"
    before = await imports.rows(owner, everything)
    done = await imports.bring(owner, "平台.csv", exports.as_csv(exports.QIANNIU))
    assert done["can_undo"] is True
    assert len(await imports.rows(owner, everything)) == 3
    assert (await owner.call("POST", f"{PATH}/{done['id']}/undo")).status_code == 202
    await imports.work()
    undone = await imports.show(owner, done["id"])
    assert (undone["state"], undone["kept"], undone["can_undo"]) == ("undone", 0, False)
    after = await imports.rows(owner, everything)
    for row in (*before, *after):
        for item in row["items"]:
            item.pop("id")
    assert after == before
    assert (await owner.call("POST", f"{PATH}/{done['id']}/undo")).status_code == 409


async def test_what_was_changed_since_is_left_as_it_is(imports: Imports) -> None:
    owner = await imports.door.owner()
    done = await imports.bring(owner, "商品.csv", exports.as_csv(exports.CATALOGUE))
    await imports.bring(owner, "库存.csv", exports.as_csv([["SKU编码", "可用库存"], ["QX-L1", "5"]]))
    await owner.call("POST", f"{PATH}/{done['id']}/undo")
    await imports.work()
    assert (await imports.show(owner, done["id"]))["kept"] == 1
    assert await imports.rows(owner, "select title from products") == [{"title": "露营灯"}]


async def test_a_cancelled_import_leaves_nothing(imports: Imports) -> None:
    owner = await imports.door.owner()
    begun = await imports.upload(owner, "订单.csv", exports.as_csv(exports.QIANNIU))
    answer = await owner.call("POST", f"{PATH}/{begun['id']}/cancellation")
    assert answer.json()["state"] == "cancelled"
    await imports.work()
    assert await imports.rows(owner, "select 1 from orders") == []
    assert (await owner.call("POST", f"{PATH}/{begun['id']}/cancellation")).status_code == 409


async def test_a_job_killed_between_two_batches_goes_on_where_it_was(imports: Imports) -> None:
    owner = await imports.door.owner()
    rows: list[list[object]] = [["订单号", "商品名称", "数量", "订单金额"]]
    rows += [[f"QX{number:06d}", "露营灯", 1, "129.00"] for number in range(450)]
    begun = await imports.upload(owner, "订单.csv", exports.as_csv(rows))
    await imports.work()
    guess = (await owner.post(f"{PATH}/{begun['id']}/preview"))["guess"]
    await owner.call("PUT", f"{PATH}/{begun['id']}/mapping", json=guess)
    [job] = await imports.claim()
    # What a first try had committed when it was killed: one batch and its place.
    records = [
        Record(number + 1, order=OrderInput(number=f"QX{number:06d}", total_minor=12900, state="paid"))
        for number in range(200)
    ]
    scope = Scope(workspace_of(owner), None, int(begun["id"]))
    assert await run_import_module._store(imports.db, scope, Batch(0, 450, records))
    await imports.run(job)
    once = await imports.show(owner, begun["id"])
    assert (once["state"], once["done"], once["added"], once["changed"]) == ("ready", 450, 450, 0)
    await imports.run(job)
    assert await imports.show(owner, begun["id"]) == once


async def test_another_workspace_sees_nothing_of_it(imports: Imports) -> None:
    owner, stranger = await imports.door.owner(), await imports.door.owner()
    done = await imports.bring(owner, "商品.csv", exports.as_csv(exports.CATALOGUE))
    assert (await stranger.get(PATH))["items"] == []
    for method, path in (("GET", ""), ("POST", "/undo"), ("POST", "/preview"), ("DELETE", "")):
        assert (await stranger.call(method, f"{PATH}/{done['id']}{path}")).status_code == 404


async def test_a_file_that_is_no_table_says_so(imports: Imports) -> None:
    owner = await imports.door.owner()
    begun = await imports.upload(owner, "图.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    await imports.work()
    shown = await imports.show(owner, begun["id"])
    assert shown["state"] == "failed"
    assert shown["reason"]["code"].startswith("file_")
