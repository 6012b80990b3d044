"""Connecting a shop: the form, its secrets, the test button, who may, and taking it away again."""

import json
from typing import Any

import pytest

from tests.commerce.connections.conftest import PATH, Connections, shop_named, show, workspace_of
from tests.emulators import http_shop, shopify, youzan
from tests.workspaces.test_guards import colleague
from yingke.commerce.connections.form import fill_form
from yingke.commerce.connections.registry import find_provider
from yingke.kit.errors import Problem


async def test_every_platform_has_a_form_that_says_where_each_value_is_found(connections: Connections) -> None:
    owner = await connections.door.owner()
    kinds = {one["name"]: one for one in (await owner.get("/v1/shop-providers"))["items"]}
    assert set(kinds) == {"shopify", "woocommerce", "youzan", "wechat_shop", "kuaidi100", "http_shop"}
    assert [one["key"] for one in kinds["youzan"]["fields"] if one["is_required"]] == [
        "shop_number", "client_id", "client_secret"
    ]  # fmt: skip
    assert "kdt_id" in kinds["youzan"]["fields"][0]["label"]
    english = await owner.get("/v1/shop-providers", headers={"Accept-Language": "en"})
    assert english["items"][-1]["label"] == "Youzan"


async def test_a_secret_is_never_shown_again_and_lies_sealed(connections: Connections) -> None:
    async with shopify.ShopifyEmulator() as shop:
        owner = await connections.door.owner()
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        every = [made, await owner.get(PATH), await show(owner, made["id"])]
        assert made["secrets_set"] == ["access_token", "push_secret"]
        assert made["push_url"] == f"https://kf.example.com/inbound/shop/{made['id']}"
        async with connections.db.transaction(workspace_of(owner)) as tx:
            row = await tx.fetchrow("select secret, settings from shop_connections")
            log = await tx.fetch("select data from audit_log")
            events = await tx.fetch("select type, data from events where type like 'shop_conn%'")
        told = json.dumps([every, row["settings"], *map(str, log), *map(str, events)], default=str)
        assert shopify.TOKEN not in told
        assert shopify.TOKEN.encode() not in row["secret"]
        assert [one["type"] for one in events] == ["shop_connected"]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "base_url"),
        ({"base_url": ""}, "base_url"),
        ({"base_url": "ftp://erp.example.com"}, "base_url"),
        ({"base_url": "https://a:b@erp.example.com"}, "base_url"),
        ({"base_url": 5}, "base_url"),
        ({"base_url": "https://erp.example.com", "auth_value": "a\nX-Evil: 1"}, "auth_value"),
        ({"base_url": "https://erp.example.com", "auth_header": "Host"}, "auth_header"),
        ({"base_url": "https://erp.example.com", "auth_header": "X Y"}, "auth_header"),
        ({"base_url": "https://erp.example.com", "mapping": {"products": 5}}, "mapping"),
        ({"base_url": "https://erp.example.com", "mapping": {"states": {"a": "b"}}}, "mapping"),
        ({"base_url": "https://erp.example.com", "role": "owner"}, "role"),
    ],
)
async def test_a_form_that_is_wrong_says_which_field(connections: Connections, form: Any, field: str) -> None:
    owner = await connections.door.owner()
    answer = await owner.call("POST", PATH, json={"provider": "http_shop", "form": form})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


async def test_addresses_inside_are_refused_where_the_installation_does_not_allow_them(
    connections: Connections,
) -> None:
    guarded = connections.settings.__class__(**{**connections.settings.__dict__, "allow_private_urls": False})
    kind = find_provider("http_shop")
    assert kind is not None
    for url in (
        "http://127.0.0.1", "https://localhost", "https://10.0.0.1", "https://[::1]", "http://169.254.169.254/latest",
        "https://2130706433", "http://erp.example.com",
    ):  # fmt: skip
        with pytest.raises(Problem) as problem:
            fill_form(kind, guarded, {"base_url": url})
        assert problem.value.status in (400, 422), url


async def test_the_test_button_says_in_words_what_is_wrong(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with youzan.YouzanEmulator() as shop:
        form = {"base_url": shop.url, "shop_number": youzan.SHOP, "client_id": youzan.CLIENT_ID}

        async def tried(**more: str) -> Any:
            return await owner.post(f"{PATH}/test", {"provider": "youzan", "form": form | more})

        good = await tried(client_secret=youzan.CLIENT_SECRET)
        assert (good["is_ok"], good["shop_name"]) == (True, "云杉旗舰店")
        assert "密钥不对" in (await tried(client_secret="wrong"))["text"]
        assert "连不上" in (await tried(client_secret="x", base_url="http://127.0.0.1:1"))["text"]
        shop.faults.append("garbage")
        assert "网页" in (await tried(client_secret=youzan.CLIENT_SECRET))["text"]
    async with connections.db.transaction(workspace_of(owner)) as tx:
        assert await tx.fetchval("select count(*) from shop_connections") == 0


async def test_a_stored_key_never_goes_to_a_new_address(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with http_shop.HttpShopEmulator() as shop, http_shop.HttpShopEmulator() as elsewhere:
        made = await connections.connect(owner, shop_named("http_shop"), shop.url)
        body = {"provider": "http_shop", "connection_id": made["id"], "form": {"base_url": elsewhere.url}}
        assert (await owner.post(f"{PATH}/test", body))["is_ok"] is False
        changed = await owner.patch(f"{PATH}/{made['id']}", {"form": {"base_url": elsewhere.url}})
        assert changed["secrets_set"] == []
        again = await owner.patch(f"{PATH}/{made['id']}", {"form": {"base_url": shop.url}})
        assert again["secrets_set"] == []
        kept = await owner.patch(f"{PATH}/{made['id']}", {"form": {"auth_value": http_shop.KEY}})
        renamed = await owner.patch(f"{PATH}/{made['id']}", {"name": "仓库系统", "form": {"auth_value": ""}})
        assert (kept["secrets_set"], renamed["secrets_set"], renamed["name"]) == (
            ["auth_value"],
            ["auth_value"],
            "仓库系统",
        )


async def test_a_sample_shows_what_would_be_read_and_proposes_the_fields(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with http_shop.HttpShopEmulator() as shop:
        form = {"base_url": shop.url, "auth_value": http_shop.KEY}
        body = {"form": form, "what": "products", "url": "/api/goods", "is_guessed": True}
        told = await owner.post(f"{PATH}/sample", body)
        assert (told["is_ok"], told["list_paths"], told["rows"]) == (True, ["data.rows"], 8)
        assert told["mapping"]["fields"]["title"] == "name"
        assert told["part_paths"]["spec.color"] == "苔绿"
        assert [one["title"] for one in told["items"]] == ["云杉保温杯 1 号", "云杉保温杯 2 号", "云杉保温杯 3 号"]
        told = await owner.post(
            f"{PATH}/sample",
            body
            | {
                "what": "orders",
                "url": "/api/orders",
                "form": form | {"mapping": http_shop.MAPPING},
                "is_guessed": False,
            },
        )
        assert [one["number"] for one in told["items"]] == ["70001", "70002", "70003"]
        assert told["items"][2]["state"] == "delivered"
        wrong = await owner.post(f"{PATH}/sample", body | {"form": form | {"auth_value": "no"}})
        assert (wrong["is_ok"], "密钥不对" in wrong["text"]) == (False, True)


async def test_agents_see_connections_and_only_admins_change_them(connections: Connections) -> None:
    owner = await connections.door.owner()
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        agent = await colleague(connections.door, owner, "agent")
        assert (await agent.get(PATH))["items"][0]["id"] == made["id"]
        form = {"shop": shop.url, "access_token": "x"}
        for method, path, body in (
            ("POST", PATH, {"provider": "shopify", "form": form}),
            ("POST", f"{PATH}/test", {"provider": "shopify", "form": form}),
            ("POST", f"{PATH}/sample", {"form": {}, "what": "orders", "url": "/"}),
            ("PATCH", f"{PATH}/{made['id']}", {"name": "x"}),
            ("POST", f"{PATH}/{made['id']}/test", None),
            ("POST", f"{PATH}/{made['id']}/sync", None),
            ("POST", f"{PATH}/{made['id']}/pause", None),
            ("DELETE", f"{PATH}/{made['id']}/pause", None),
            ("DELETE", f"{PATH}/{made['id']}", None),
        ):
            assert (await agent.call(method, path, json=body)).status_code == 403, path
        stranger = await connections.door.owner(name="别家店")
        assert (await stranger.get(PATH))["items"] == []
        assert (await stranger.call("POST", f"{PATH}/{made['id']}/test")).status_code == 404


async def test_the_same_connection_sent_twice_is_made_once(connections: Connections) -> None:
    owner = await connections.door.owner()
    body = {"provider": "shopify", "form": {"shop": "https://a.example.com", "access_token": "t"}}
    headers = {"Idempotency-Key": "one"}
    first, second = [await owner.call("POST", PATH, json=body, headers=headers) for _ in range(2)]
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


@pytest.mark.parametrize("keeps", [True, False])
async def test_disconnecting_forgets_the_keys_and_keeps_or_removes_what_was_mirrored(
    connections: Connections, keeps: bool
) -> None:
    owner = await connections.door.owner()
    workspace = workspace_of(owner)
    async with shopify.ShopifyEmulator() as shop:
        made = await connections.connect(owner, shop_named("shopify"), shop.url)
        await connections.work(workspace)
        async with connections.db.transaction(workspace) as tx:
            order = await tx.fetchval("select min(id) from orders where connection_id = $1", int(made["id"]))
            await tx.execute(
                "insert into order_requests (workspace_id, order_id, kind, idempotency_key, asked_by)"
                " values ($1, $2, 'return', 'k', 'agent')",
                workspace,
                order,
            )
        answer = await owner.call("DELETE", f"{PATH}/{made['id']}?keep_data={str(keeps).lower()}")
        assert answer.status_code == 204
        await connections.work(workspace)
        assert (await owner.get(PATH))["items"] == []
        async with connections.db.transaction(workspace) as tx:
            left = await tx.fetchrow(
                "select (select count(*) from products) as products, (select count(*) from products where is_listed) as listed,"
                " (select count(*) from orders) as orders, (select secret from shop_connections) as secret"
            )
        wanted = (23, 0, 22) if keeps else (0, 0, 1)
        assert (left["products"], left["listed"], left["orders"]) == wanted
        assert left["secret"] == b""
        assert (await connections.push(made["id"], *shop.push("orders/updated", {"id": 70001}))).status_code == 401
