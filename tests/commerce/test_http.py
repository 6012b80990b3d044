"""The shop over HTTP, for the workbench and for programs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.commerce.test_requests import delivered
from tests.commerce.things import order, tent
from tests.no_shops import NoShops
from tests.workspaces.conftest import Browser, Door, make_app
from tests.workspaces.test_guards import colleague
from yingke.commerce import order_routes, request_routes
from yingke.commerce.catalog import product_routes
from yingke.commerce.prices import offer_routes, quote_routes
from yingke.commerce.store.put_orders import put_orders
from yingke.commerce.store.put_products import put_products
from yingke.kit.db import Database
from yingke.kit.http import Outgoing
from yingke.kit.secrets import Secrets
from yingke.kit.settings import Settings

BAG = {"title": "棉睡袋 10℃", "code": "QX-S10", "variants": [{"price_minor": 19900, "sku": "QX-S10", "stock": 120}]}
GREEN = {"price_minor": 49900, "sku": "QX-T2-G", "title": "苔绿", "stock": 36, "attributes": {"颜色": "苔绿"}}
SAND = {"price_minor": 49900, "sku": "QX-T2-S", "title": "沙色", "stock": 0}
TENT = {"title": "两人三季帐", "code": "QX-T2", "category": "帐篷", "variants": [GREEN, SAND]}
MEMBER = {
    "name": "会员价", "kind": "member_price", "priority": 10,
    "terms": {"rates": {"silver": 9800, "gold": 9500}, "names": {"silver": "银卡", "gold": "金卡"}},
}  # fmt: skip
EVERY = {"name": "满减", "kind": "every_reduce", "priority": 20, "terms": {"every_minor": 30000, "off_minor": 4000}}
COUPON = {"name": "店铺券满 199 减 15", "code": "QX15", "threshold_minor": 19900, "off_minor": 1500}


@dataclass
class Shop:
    door: Door
    owner: Browser

    @property
    def workspace_id(self) -> int:
        return int(self.owner.me["workspace"]["id"])

    async def put(self, method: str, path: str, json: Any) -> Any:
        answer = await self.owner.call(method, path, json=json)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def orders(self) -> list[str]:
        """Two orders: one under way, one delivered."""
        async with self.door.db.transaction(self.workspace_id) as tx:
            await put_orders(tx, self.workspace_id, None, [order(), delivered()])
        return [one["id"] for one in (await self.owner.get("/v1/orders"))["items"]]

    async def audit(self, action: str) -> int:
        async with self.door.db.transaction(self.workspace_id) as tx:
            return int(await tx.fetchval("select count(*) from audit_log where action = $1", action))


@pytest.fixture
async def shop(db: Database, tmp_path: Path) -> AsyncIterator[Shop]:
    secrets, outgoing = Secrets(b"s" * 32), Outgoing()
    parts = (product_routes, offer_routes, quote_routes, order_routes, request_routes)
    routes = [one for part in parts for one in part.ROUTES]
    settings = Settings(allow_private_urls=True, data_dir=tmp_path)
    door = Door(make_app(db, secrets, settings, outgoing, routes, shops=NoShops()), db, secrets)
    yield Shop(door, await door.owner())
    await outgoing.close()


async def test_a_product_is_made_found_changed_and_deleted(shop: Shop) -> None:
    made = await shop.owner.post("/v1/products", TENT)
    assert (made["price_from_minor"], made["stock_total"], made["connection_id"]) == (49900, 36, None)
    for search in ("帐篷", "QX-T2", "两人", "green"):
        assert [one["id"] for one in (await shop.owner.get("/v1/products", params={"search": search}))["items"]] == [
            made["id"]
        ]
    assert (await shop.owner.get("/v1/products", params={"low_stock": True}))["items"][0]["variants"] == 2
    green = made["variants"][0]
    changed = await shop.put(
        "PUT",
        f"/v1/products/{made['id']}",
        {**TENT, "title": "双人帐", "variants": [{**GREEN, "id": green["id"], "stock": 3}]},
    )
    assert (changed["title"], changed["stock_total"]) == ("双人帐", 3)
    assert next((one["id"], one["is_listed"]) for one in changed["variants"]) == (green["id"], True)
    assert [one["is_listed"] for one in changed["variants"]] == [True, False]
    await shop.owner.call("DELETE", f"/v1/products/{made['id']}")
    assert (await shop.owner.get("/v1/products"))["items"] == []
    assert [await shop.audit(f"product.{verb}") for verb in ("created", "changed", "deleted")] == [1, 1, 1]


async def test_products_come_page_by_page(shop: Shop) -> None:
    for n in range(5):
        await shop.owner.post("/v1/products", {**BAG, "code": f"B{n}", "title": f"睡袋 {n}"})
    seen, after = [], None
    while True:
        page = await shop.owner.get("/v1/products", params={"limit": 2, **({"after": after} if after else {})})
        seen += [one["code"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == ["B4", "B3", "B2", "B1", "B0"]


async def test_the_same_key_makes_one_product_and_a_taken_code_is_refused(shop: Shop) -> None:
    first, second = [
        await shop.owner.call("POST", "/v1/products", json=BAG, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    ]
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    again = await shop.owner.call("POST", "/v1/products", json=BAG)
    assert (again.status_code, again.json()["code"]) == (409, "code_taken")


@pytest.mark.parametrize(
    "body",
    [
        {**BAG, "title": " "}, {**BAG, "variants": []}, {**BAG, "workspace_id": "1"}, {**BAG, "url": "javascript:alert(1)"},
        {**BAG, "variants": [{"price_minor": -1}]}, {**BAG, "currency": "元"}, {**BAG, "title": "x\0"},
        {**BAG, "variants": [{"price_minor": 1, "sku": "a"}, {"price_minor": 2, "sku": "a"}]},
    ],
)  # fmt: skip
async def test_a_product_that_makes_no_sense_is_bad_input(shop: Shop, body: dict[str, Any]) -> None:
    assert (await shop.owner.call("POST", "/v1/products", json=body)).status_code == 400
    assert (await shop.owner.get("/v1/products"))["items"] == []


async def test_a_product_of_a_connected_shop_is_not_changed_here(shop: Shop) -> None:
    async with shop.door.db.transaction(shop.workspace_id) as tx:
        await put_products(tx, shop.workspace_id, 7, [tent()])
    [one] = (await shop.owner.get("/v1/products", params={"source": "7"}))["items"]
    assert (await shop.owner.get("/v1/products", params={"source": "builtin"}))["items"] == []
    for method in ("PUT", "DELETE"):
        answer = await shop.owner.call(method, f"/v1/products/{one['id']}", json=TENT if method == "PUT" else None)
        assert (answer.status_code, answer.json()["code"]) == (409, "product_of_a_shop")


async def test_a_price_is_worked_out_step_by_step_in_the_callers_language(shop: Shop) -> None:
    await shop.owner.post("/v1/products", TENT)
    await shop.owner.post("/v1/products", BAG)
    for path, body in (("promotions", MEMBER), ("promotions", EVERY), ("coupons", COUPON)):
        await shop.owner.post(f"/v1/{path}", body)
    asked = {"lines": [{"sku": "qx-t2-g", "quantity": 1}, {"sku": "QX-S10", "quantity": 2}]}
    gold = await shop.owner.post("/v1/price-quotes", {**asked, "level": "gold"})
    assert (gold["goods_minor"], gold["total_minor"]) == (89700, 75715)
    assert [(one["text"], one["sum_minor"]) for one in gold["steps"]] == [
        ("金卡价（95 折）", 85215),
        ("每满 300 减 40 ×2", 77215),
        ("店铺券满 199 减 15", 75715),
    ]
    answer = await shop.owner.call("POST", "/v1/price-quotes", json=asked, headers={"Accept-Language": "en"})
    assert answer.json()["total_minor"] == 80200
    assert "Member prices count once you are signed in" in [one["text"] for one in answer.json()["notes"]]
    wrong: list[dict[str, Any]] = [{"lines": []}, {"lines": [{"sku": "none", "quantity": 1}]}, {**asked, "price": 1}]
    for bad in [*wrong, {"lines": [{"quantity": 1}]}]:
        assert (await shop.owner.call("POST", "/v1/price-quotes", json=bad)).status_code == 400
    missing = {"lines": [{"variant_id": "999999", "quantity": 1}]}
    assert (await shop.owner.call("POST", "/v1/price-quotes", json=missing)).status_code == 404


async def test_offers_are_made_changed_and_deleted(shop: Shop) -> None:
    made = await shop.owner.post("/v1/promotions", EVERY)
    changed = await shop.put(
        "PUT", f"/v1/promotions/{made['id']}", {**EVERY, "excluded_codes": ["QX-G1"], "is_enabled": False}
    )
    assert (changed["excluded_codes"], changed["is_enabled"]) == (["QX-G1"], False)
    coupon = await shop.owner.post("/v1/coupons", COUPON)
    taken = await shop.owner.call("POST", "/v1/coupons", json={**COUPON, "code": "qx15"})
    assert taken.status_code == 409
    await shop.put("PUT", f"/v1/coupons/{coupon['id']}", {**COUPON, "off_minor": 2000})
    assert (await shop.owner.get("/v1/coupons"))["items"][0]["off_minor"] == 2000
    for path in (f"/v1/promotions/{made['id']}", f"/v1/coupons/{coupon['id']}"):
        assert (await shop.owner.call("DELETE", path)).status_code == 204
        assert (await shop.owner.call("DELETE", path)).status_code == 404
    later = {**EVERY, "starts_at": "2026-03-02T00:00:00Z", "ends_at": "2026-03-01T00:00:00Z"}
    wrong: list[dict[str, Any]] = [{**EVERY, "terms": {}}, {**EVERY, "kind": "lottery"}, later, {**EVERY, "name": ""}]
    for bad in wrong:
        assert (await shop.owner.call("POST", "/v1/promotions", json=bad)).status_code == 400


async def test_orders_are_found_by_number_name_and_phone_tail_with_details_starred_out(shop: Shop) -> None:
    await shop.orders()
    for search in ("QS-D0001", "qsd0001", "顾小姐", "0417", "13800000417"):
        assert (await shop.owner.get("/v1/orders", params={"search": search}))["items"], search
    assert (await shop.owner.get("/v1/orders", params={"search": "%"}))["items"] == []
    [one] = (await shop.owner.get("/v1/orders", params={"state": "delivered"}))["items"]
    assert (one["number"], one["buyer_name"], one["phone"], one["items"], one["first_item"]) == (
        "QS-D0002", "顾**", "138****0417", 2, "露营灯",
    )  # fmt: skip
    page = await shop.owner.get("/v1/orders", params={"limit": 1})
    rest = await shop.owner.get("/v1/orders", params={"limit": 1, "after": page["next"]})
    assert {page["items"][0]["number"], rest["items"][0]["number"]} == {"QS-D0001", "QS-D0002"}
    assert rest["next"] is None
    assert (await shop.owner.call("GET", "/v1/orders", params={"after": "x"})).status_code == 400


async def test_an_order_shows_its_parcels_and_its_details_only_on_opening_them_which_is_written_down(
    shop: Shop,
) -> None:
    await shop.orders()
    [one] = (await shop.owner.get("/v1/orders", params={"search": "QS-D0001"}))["items"]
    seen = await shop.owner.get(f"/v1/orders/{one['id']}")
    assert (seen["address"]["detail"], seen["address"]["region"], seen["phone"]) == (
        "***",
        "浙江省 杭州市",
        "138****0417",
    )
    assert seen["shipments"][0]["events"][0]["text"] == "已揽收"
    opened = await shop.owner.post(f"/v1/orders/{one['id']}/disclosure")
    assert (opened["phone"], opened["address"]["detail"]) == ("13800000417", "某路 1 号")
    assert await shop.audit("order.disclosed") == 1
    tracked = await shop.owner.post(f"/v1/orders/{one['id']}/tracking")
    assert (tracked["is_live"], tracked["shipments"][0]["tracking_number"]) == (False, "YS0000123456")


async def test_an_agent_sees_only_orders_of_the_shops_he_serves(shop: Shop) -> None:
    agent = await colleague(shop.door, shop.owner, "agent")
    other = await shop.owner.post("/v1/shops", {"name": "二店"})
    async with shop.door.db.transaction(shop.workspace_id) as tx:
        await tx.execute("update shops set all_agents = false where id = $1", int(other["id"]))
        await put_orders(tx, shop.workspace_id, None, [order(), order("QS-D0009", shop_id=int(other["id"]))])
        hidden = await tx.fetchval("select id from orders where number = 'QS-D0009'")
    assert [one["number"] for one in (await agent.get("/v1/orders"))["items"]] == ["QS-D0001"]
    for method, path in (("GET", ""), ("POST", "/disclosure"), ("POST", "/tracking")):
        assert (await agent.call(method, f"/v1/orders/{hidden}{path}")).status_code == 404
    assert len((await shop.owner.get("/v1/orders"))["items"]) == 2


async def test_a_request_goes_from_an_agent_to_the_admins_yes_and_is_finished_by_hand(shop: Shop) -> None:
    await shop.orders()
    agent = await colleague(shop.door, shop.owner, "agent")
    [one] = (await agent.get("/v1/orders", params={"state": "delivered"}))["items"]
    body = {"order_id": one["id"], "kind": "return", "items": [], "reason": "不想要了"}
    answers = [
        await agent.call("POST", "/v1/order-requests", json=body, headers={"Idempotency-Key": "r1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    request = answers[0].json()
    assert (request["state"], request["approver"], request["amount_minor"]) == ("waiting_approval", "admin", 45115)
    assert (await agent.call("POST", f"/v1/order-requests/{request['id']}/approval")).status_code == 403
    approved = await shop.owner.post(f"/v1/order-requests/{request['id']}/approval")
    assert (approved["state"], approved["order_number"]) == ("open", "QS-D0002")
    again = await shop.owner.call("POST", f"/v1/order-requests/{request['id']}/approval")
    assert (again.status_code, again.json()["code"]) == (409, "decided_already")
    done = await agent.post(f"/v1/order-requests/{request['id']}/completion", {"outcome": "已退款"})
    assert (done["state"], done["outcome"]) == ("done", "已退款")
    twice = await agent.call("POST", "/v1/order-requests", json=body)
    assert (twice.status_code, twice.json()["code"]) == (409, "asked_already")
    assert (await agent.get(f"/v1/orders/{one['id']}"))["requests"][0]["id"] == request["id"]
    assert [row["id"] for row in (await agent.get("/v1/order-requests", params={"state": "done"}))["items"]] == [
        request["id"]
    ]


async def test_a_refused_and_a_withdrawn_request_say_so(shop: Shop) -> None:
    await shop.orders()
    agent = await colleague(shop.door, shop.owner, "agent")
    [one] = (await agent.get("/v1/orders", params={"state": "delivered"}))["items"]
    body = {"order_id": one["id"], "kind": "refund"}
    first = await agent.post("/v1/order-requests", body)
    refused = await shop.owner.post(f"/v1/order-requests/{first['id']}/refusal", {"reason": "先退货"})
    assert (refused["state"], refused["outcome"]) == ("refused", "先退货")
    second = await agent.post("/v1/order-requests", body)
    withdrawn = await agent.post(f"/v1/order-requests/{second['id']}/withdrawal", {})
    assert withdrawn["state"] == "withdrawn"


async def test_the_policy_is_the_admins_and_changes_what_needs_a_yes(shop: Shop) -> None:
    agent = await colleague(shop.door, shop.owner, "agent")
    policy = await agent.get("/v1/order-policy")
    assert (policy["return_days"], policy["agent_limit_minor"]) == (7, 30000)
    wider = {**policy, "agent_limit_minor": 100000}
    assert (await agent.call("PUT", "/v1/order-policy", json=wider)).status_code == 403
    await shop.put("PUT", "/v1/order-policy", wider)
    await shop.orders()
    [one] = (await agent.get("/v1/orders", params={"state": "delivered"}))["items"]
    assert (await agent.post("/v1/order-requests", {"order_id": one["id"], "kind": "return"}))["state"] == "open"
    for bad in ({**policy, "return_days": -1}, {**policy, "assistant_kinds": ["burn"]}, {**policy, "extra": 1}):
        assert (await shop.owner.call("PUT", "/v1/order-policy", json=bad)).status_code == 400


async def test_a_conversation_shows_its_orders_and_takes_one_by_hand(shop: Shop) -> None:
    ids = await shop.orders()
    async with shop.door.db.transaction(shop.workspace_id) as tx:
        account = await tx.fetchrow("select id, shop_id from channel_accounts")
        contact = await tx.fetchval("insert into contacts (workspace_id) values ($1) returning id", shop.workspace_id)
        identity = await tx.fetchval(
            "insert into identities (workspace_id, contact_id, channel_account_id) values ($1, $2, $3) returning id",
            shop.workspace_id, contact, account["id"],
        )  # fmt: skip
        talk = await tx.fetchval(
            "insert into conversations (workspace_id, shop_id, channel_account_id, identity_id) values ($1, $2, $3, $4)"
            " returning id",
            shop.workspace_id, account["shop_id"], account["id"], identity,
        )  # fmt: skip
    path = f"/v1/conversations/{talk}/orders"
    assert (await shop.owner.get(path))["items"] == []
    answers = [await shop.owner.call("POST", path, json={"order_id": ids[0]}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    async with shop.door.db.transaction(shop.workspace_id) as tx:
        await tx.execute("update identities set external_id = 'buyer-1', is_verified = true where id = $1", identity)
    linked = {one["order"]["id"]: one["how"] for one in (await shop.owner.get(path))["items"]}
    assert linked == {ids[0]: "by_hand", ids[1]: "own"}
    gone = [(await shop.owner.call("DELETE", f"{path}/{id}")).status_code for id in (ids[0], ids[0], ids[1])]
    assert gone == [204, 404, 404]
    assert {one["order"]["id"] for one in (await shop.owner.get(path))["items"]} == {ids[0], ids[1]}
    assert (await shop.owner.call("GET", "/v1/conversations/999999/orders")).status_code == 404


async def test_a_presale_quote_says_what_is_due_when(shop: Shop) -> None:
    made = await shop.owner.post(
        "/v1/products", {**BAG, "code": "QX-T4", "variants": [{"price_minor": 89900, "sku": "QX-T4"}]}
    )
    now = datetime.now(UTC)
    terms = {
        "deposit_minor": 10000, "counts_as_minor": 15000,
        "balance_at": (now + timedelta(days=10)).isoformat(), "ships_at": (now + timedelta(days=13)).isoformat(),
    }  # fmt: skip
    await shop.owner.post(
        "/v1/promotions", {"name": "预售", "kind": "presale", "terms": terms, "only_codes": ["qx-t4"]}
    )
    quote = await shop.owner.post(
        "/v1/price-quotes", {"lines": [{"variant_id": made["variants"][0]["id"], "quantity": 1}]}
    )
    assert (quote["total_minor"], quote["deposit"]["now_minor"], quote["deposit"]["later_minor"]) == (
        84900,
        10000,
        74900,
    )


async def test_an_agent_gives_a_contact_a_coupon_once_and_within_his_limit(shop: Shop) -> None:
    agent = await colleague(shop.door, shop.owner, "agent")
    async with shop.door.db.transaction(shop.workspace_id) as tx:
        contact = await tx.fetchval("insert into contacts (workspace_id) values ($1) returning id", shop.workspace_id)
    small = await shop.owner.post("/v1/coupons", {"name": "补偿券", "off_minor": 1000, "is_public": False})
    large = await shop.owner.post("/v1/coupons", {"name": "大额券", "off_minor": 90000, "is_public": False})
    body = {"contact_id": str(contact)}
    given = await agent.post(f"/v1/coupons/{small['id']}/recipients", body)
    assert (given["kind"], given["state"], given["amount_minor"]) == ("coupon", "done", 1000)
    again = await agent.call("POST", f"/v1/coupons/{small['id']}/recipients", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "asked_already")
    assert (await agent.call("POST", f"/v1/coupons/{large['id']}/recipients", json=body)).status_code == 403
    assert (await shop.owner.post(f"/v1/coupons/{large['id']}/recipients", body))["state"] == "done"
    product = await shop.owner.post("/v1/products", BAG)
    asked = {"lines": [{"variant_id": product["variants"][0]["id"], "quantity": 1}]}
    assert (await agent.post("/v1/price-quotes", asked))["total_minor"] == 19900
    assert (await agent.post("/v1/price-quotes", {**asked, "contact_id": str(contact)}))["total_minor"] == 0
