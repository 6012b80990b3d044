"""Lists of products and orders that a program sends."""

from typing import Any

from tests.commerce.imports.conftest import Imports

LAMP = {"code": "QX-L1", "title": "露营灯", "variants": [{"sku": "QX-L1", "price_minor": 12900, "stock": 88}]}


async def test_a_list_sent_again_changes_nothing(imports: Imports) -> None:
    owner = await imports.door.owner()
    body = {"products": [LAMP, LAMP | {"code": "QX-C1", "title": "折叠椅"}]}
    first = await owner.post("/v1/products/import", body)
    assert [one["status"] for one in first["results"]] == ["added", "added"]
    second = await owner.post("/v1/products/import", body)
    assert [one["status"] for one in second["results"]] == ["unchanged", "unchanged"]
    assert [one["id"] for one in second["results"]] == [one["id"] for one in first["results"]]
    assert len(await imports.rows(owner, "select 1 from products")) == 2


async def test_one_bad_item_is_told_and_the_others_are_stored(imports: Imports) -> None:
    owner = await imports.door.owner()
    items: list[Any] = [LAMP, {"code": "X", "variants": [{"price_minor": 1}]}, {"title": 5}, LAMP | {"code": "Y", "shop_ids": ["1"]}, "text",
                        {"code": "Z", "title": "坏\u0000名", "variants": [{"price_minor": 1}]}]  # fmt: skip
    answer = await owner.post("/v1/products/import", {"products": items})
    assert (answer["added"], answer["errors"]) == (1, 5)
    codes = [one["error"]["code"] if one["error"] else "" for one in answer["results"]]
    assert codes == ["", "no_title", "bad_item", "unknown_shop", "bad_item", "bad_item"]
    assert "title" in answer["results"][2]["error"]["message"]


async def test_what_is_left_out_stays_as_it_was(imports: Imports) -> None:
    owner = await imports.door.owner()
    order = {
        "number": "SO-1001", "state": "paid", "total_minor": 75715, "phone": "138****0417", "buyer_name": "顾客甲",
        "items": [{"title": "露营灯", "quantity": 2, "price_minor": 12900, "sku": "QX-L1"}],
    }  # fmt: skip
    await owner.post("/v1/products/import", {"products": [LAMP]})
    assert (await owner.post("/v1/orders/import", {"orders": [order]}))["added"] == 1
    more = {"number": "so 1001", "state": "shipped", "shipments": [{"tracking_number": "YS1", "carrier": "演示快递"}]}
    assert (await owner.post("/v1/orders/import", {"orders": [more]}))["changed"] == 1
    [stored] = await imports.rows(
        owner,
        "select o.number, o.state, o.total_minor, o.phone, i.quantity, p.code, s.tracking_number from orders o"
        " join order_items i on i.order_id = o.id join products p on p.id = i.product_id join shipments s on s.order_id = o.id",
    )
    assert stored == {
        "number": "SO-1001", "state": "shipped", "total_minor": 75715, "phone": "0417", "quantity": 2, "code": "QX-L1",
        "tracking_number": "YS1",
    }  # fmt: skip


async def test_a_new_order_without_any_amount_is_not_invented(imports: Imports) -> None:
    owner = await imports.door.owner()
    answer = await owner.post("/v1/orders/import", {"orders": [{"number": "SO-2"}, {"number": "无"}]})
    assert [one["error"]["code"] for one in answer["results"]] == ["no_amount", "bad_item"]


async def test_an_idempotency_key_gives_the_first_answer_again(imports: Imports) -> None:
    owner = await imports.door.owner()
    headers = {"Idempotency-Key": "night-1"}
    first = await owner.call("POST", "/v1/products/import", json={"products": [LAMP]}, headers=headers)
    again = await owner.call("POST", "/v1/products/import", json={"products": [LAMP]}, headers=headers)
    assert first.json() == again.json()
    assert again.json()["added"] == 1
