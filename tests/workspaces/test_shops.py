"""Shops, the workspace's settings, the wizard, the logs."""

import asyncio
from typing import Any

import pytest

from tests.workspaces.conftest import Browser, Door, good
from yingke.kit.db import Database
from yingke.kit.events import record_event
from yingke.kit.secrets import Secrets
from yingke.workspaces.create import create_workspace
from yingke.workspaces.shop_for_visitors import shop_for_visitors


async def test_a_new_shop_is_ready_in_both_languages(door: Door) -> None:
    owner = await door.owner()
    shop = await owner.post("/v1/shops", {"name": "茶叶店"})
    assert set(shop["greeting"]) == {"zh-CN", "en"} == set(shop["privacy"]["text"]) == set(shop["suggested_questions"])
    assert "AI" in shop["privacy"]["text"]["en"]
    assert "记录" in shop["privacy"]["text"]["zh-CN"]
    assert shop["site_key"] in shop["snippet"]
    assert shop["chat_url"].endswith(f"/chat/{shop['site_key']}")
    assert shop["site_secret"].startswith("yss_")
    again = await owner.get(f"/v1/shops/{shop['id']}")
    assert "site_secret" not in again
    assert again == {name: value for name, value in shop.items() if name != "site_secret"}


async def test_a_shop_keeps_what_it_is_given(door: Door) -> None:
    owner = await door.owner()
    shop_id = owner.me["shops"][0]["id"]
    change = {
        "name": "青松旗舰店",
        "domains": ["https://Shop.Example.com:443/x", "*.例子.中国", "shop.example.com"],
        "languages": ["en"],
        "greeting": {"en": "Hi"},
        "suggested_questions": {"en": ["Where is my order?"]},
        "privacy": {"version": "2", "url": "https://example.com/privacy", "text": {"en": "We record."}},
        "look": {"color": "#ff0000", "position": "left", "logo_url": "/files/logo.png"},
        "hours": {
            "time_zone": "Asia/Tokyo",
            "days": [{"day": 1, "from": "09:00", "to": "02:00"}],
            "exceptions": [{"date": "2026-10-01", "note": "国庆"}],
        },
        "assistant": {"name": "松松", "enabled": False},
        "reopen_hours": 24,
        "all_agents": False,
        "agent_ids": [owner.me["agent"]["id"]],
    }
    shop = await owner.patch(f"/v1/shops/{shop_id}", change)
    assert shop["domains"] == ["shop.example.com", "xn--fsqu00a.xn--fiqs8s"]
    for name in ("name", "languages", "greeting", "suggested_questions", "hours", "reopen_hours", "agent_ids"):
        assert shop[name] == change[name], name
    assert shop["look"]["position"] == "left"
    assert await owner.get(f"/v1/shops/{shop_id}") == shop
    kept = await owner.patch(f"/v1/shops/{shop_id}", {"name": "只改名"})
    assert kept == shop | {"name": "只改名"}


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "店\0"},
        {"domains": ["not a domain"]},
        {"domains": ["http://["]},
        {"languages": []},
        {"languages": ["fr"]},
        {"greeting": {"zh-CN": "长" * 501}},
        {"suggested_questions": {"en": ["?"] * 11}},
        {"privacy": {"url": "javascript:alert(1)"}},
        {"look": {"color": "red; background: url(x)"}},
        {"look": {"logo_url": "//evil.example/x.png"}},
        {"hours": {"time_zone": "Mars/Olympus"}},
        {"hours": {"days": [{"day": 8, "from": "09:00", "to": "10:00"}]}},
        {"hours": {"days": [{"day": 1, "from": "9:00", "to": "10:00"}]}},
        {"hours": {"days": [{"day": 1, "from": "25:00", "to": "26:00"}]}},
        {"hours": {"exceptions": [{"date": "2026-02-30"}]}},
        {"hours": {"exceptions": [{"date": "2026-02-03", "from": "09:00"}]}},
        {"assistant": {"name": ""}},
        {"reopen_hours": -1},
        {"agent_ids": ["999999999"]},
    ],
)
async def test_bad_input_is_refused_and_nothing_changes(door: Door, change: dict[str, Any]) -> None:
    owner = await door.owner()
    path = f"/v1/shops/{owner.me['shops'][0]['id']}"
    before = await owner.get(path)
    assert (await owner.call("PATCH", path, json=change)).status_code == 400
    assert await owner.get(path) == before


async def test_an_archived_shop_is_gone_and_the_last_one_stays(door: Door) -> None:
    owner = await door.owner()
    first = owner.me["shops"][0]["id"]
    last = await owner.call("DELETE", f"/v1/shops/{first}")
    assert (last.status_code, last.json()["code"]) == (409, "last_shop")
    second = (await owner.post("/v1/shops", {"name": "二店"}))["id"]
    answers = await asyncio.gather(*[owner.call("DELETE", f"/v1/shops/{id}") for id in (first, second)])
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    assert len((await owner.get("/v1/shops"))["items"]) == 1


async def test_a_new_site_secret_is_shown_once_and_stored_sealed(door: Door, db: Database, secrets: Secrets) -> None:
    owner = await door.owner()
    shop_id = owner.me["shops"][0]["id"]
    secret = (await owner.post(f"/v1/shops/{shop_id}/site-secret"))["site_secret"]
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        sealed = await tx.fetchval("select site_secret from shops where id = $1", int(shop_id))
    assert secret.encode() not in sealed
    assert secrets.open(sealed) == secret.encode()


async def test_another_workspaces_shop_does_not_exist(door: Door) -> None:
    owner, stranger = await door.owner(), await door.owner()
    path = f"/v1/shops/{owner.me['shops'][0]['id']}"
    for method, where, body in (
        ("GET", path, None),
        ("PATCH", path, {"name": "x"}),
        ("DELETE", path, None),
        ("POST", path + "/site-secret", None),
    ):
        assert (await stranger.call(method, where, json=body)).status_code == 404
    wrong = await stranger.call(
        "PATCH", f"/v1/shops/{stranger.me['shops'][0]['id']}", json={"agent_ids": [owner.me["agent"]["id"]]}
    )
    assert wrong.status_code == 400


async def test_visitors_see_the_shop_in_their_language(door: Door, db: Database) -> None:
    owner = await door.owner()
    workspace_id, shop_id = int(owner.me["workspace"]["id"]), owner.me["shops"][0]["id"]
    await owner.patch(f"/v1/shops/{shop_id}", {"greeting": {"zh-CN": "您好呀"}, "languages": ["zh-CN", "en"]})
    async with db.transaction(workspace_id) as tx:
        chinese = await shop_for_visitors(tx, int(shop_id), "zh-CN")
        english = await shop_for_visitors(tx, int(shop_id), "en")
        other = await shop_for_visitors(tx, int(shop_id), "fr")
    assert chinese["greeting"] == "您好呀"
    assert english["greeting"].startswith("Hello")
    assert (english["language"], other["language"]) == ("en", "zh-CN")
    assert english["privacy"]["version"] == "1"
    assert english["hours"] == {"is_open": True, "opens_at": None}
    assert english["agents_online"] is False
    await owner.patch(f"/v1/shops/{shop_id}", {"assistant": {"name": "松松", "enabled": False}})
    async with db.transaction(workspace_id) as tx:
        assert (await shop_for_visitors(tx, int(shop_id), "en"))["assistant"] is None


async def test_the_command_line_makes_a_workspace_that_can_be_used(door: Door, db: Database, secrets: Secrets) -> None:
    made = await create_workspace(db, secrets, "命令行店", "cli@example.com")
    browser = door.browser()
    body = {"email": made.login, "password": made.password}
    me = await browser.enter(await browser.call("POST", "/v1/auth/sign-in", json=body))
    assert me["shops"][0]["site_key"] == made.site_key
    shops = (await door.program(made.api_key).get("/v1/shops"))["items"]
    assert [shop["id"] for shop in shops] == [str(made.shop_id)]
    async with db.transaction(made.workspace_id) as tx:
        assert secrets.open(await tx.fetchval("select site_secret from shops")).decode() == made.site_secret


async def test_the_wizard_remembers_its_place(door: Door) -> None:
    owner = await door.owner()
    assert await owner.get("/v1/setup") == {"step": "", "skipped": False, "done": []}
    await owner.patch("/v1/setup", {"step": "install", "done": ["shop", "shop"]})
    assert await owner.patch("/v1/setup", {"skipped": True}) == {"step": "install", "skipped": True, "done": ["shop"]}
    assert (await owner.get("/v1/me"))["workspace"]["setup"]["skipped"] is True


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"time_zone": "x"},
        {"language": "de"},
        {"settings": {"amber_seconds": 500}},
        {"settings": {"red_seconds": 0}},
    ],
)
async def test_settings_out_of_bounds_are_refused(door: Door, change: dict[str, Any]) -> None:
    owner = await door.owner()
    before = await owner.get("/v1/workspace")
    assert (await owner.call("PATCH", "/v1/workspace", json=change)).status_code == 400
    assert await owner.get("/v1/workspace") == before


async def test_workspace_settings_are_kept(door: Door) -> None:
    owner = await door.owner()
    change = {"name": "新名", "time_zone": "Europe/Berlin", "language": "en", "settings": {"red_seconds": 240}}
    changed = await owner.patch("/v1/workspace", change)
    assert changed["settings"] == {"amber_seconds": 100, "red_seconds": 240}
    assert (changed["name"], changed["time_zone"], changed["language"]) == ("新名", "Europe/Berlin", "en")


async def audited(owner: Browser) -> list[str]:
    return [entry["action"] for entry in (await owner.get("/v1/audit-log?limit=200"))["items"]]


async def test_what_matters_is_in_the_audit_log_and_cannot_be_changed(door: Door, db: Database) -> None:
    owner = await door.owner()
    shop = f"/v1/shops/{owner.me['shops'][0]['id']}"
    await owner.post(f"{shop}/site-secret")
    await owner.patch("/v1/workspace", {"name": "新名"})
    key = await owner.post("/v1/api-keys", {"name": "k", "scopes": ["ask"]})
    await owner.call("DELETE", f"/v1/api-keys/{key['id']}")
    invitation = await owner.post("/v1/invitations", {"role": "agent"})
    await owner.call("DELETE", f"/v1/invitations/{invitation['id']}")
    assert await audited(owner) == [
        "invitation.revoked", "invitation.created", "api_key.revoked", "api_key.created", "workspace.changed",
        "shop.secret_renewed", "workspace.created",
    ]  # fmt: skip
    page = await owner.get("/v1/audit-log?limit=3")
    rest = await owner.get(f"/v1/audit-log?limit=200&after={page['next']}")
    assert len(page["items"]) + len(rest["items"]) == 7
    assert page["items"][0]["address"] == "203.0.113.7"
    assert page["items"][0]["agent"]["name"] == "李雷"
    assert key["key"] not in str(page) + str(rest)
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        with pytest.raises(Exception, match="permission denied"):
            await tx.execute("update audit_log set action = 'nothing'")


async def test_programs_read_events_by_cursor_without_gap_or_repeat(door: Door, db: Database) -> None:
    owner = await door.owner()
    workspace_id = int(owner.me["workspace"]["id"])
    key = (await owner.post("/v1/api-keys", {"name": "k", "scopes": ["events:read"]}))["key"]
    program = door.program(key)
    cursor = (await program.get("/v1/events?limit=200"))["next"]

    async def write(n: int) -> None:
        async with db.transaction(workspace_id) as tx:
            await record_event(tx, workspace_id, "contact_updated", {"n": n})
            await asyncio.sleep(0.01 * (n % 5))

    writing = asyncio.gather(*[write(n) for n in range(60)])
    seen: list[int] = []
    while not writing.done() or len(seen) < 60:
        page = await program.get(f"/v1/events?limit=7&after={cursor}")
        seen += [item["data"]["n"] for item in page["items"]]
        cursor = page["next"]
        await asyncio.sleep(0.005)
    assert sorted(seen) == list(range(60))
    assert (await program.get(f"/v1/events?after={cursor}")) == {"items": [], "next": cursor}
    assert (await program.call("GET", "/v1/events?after=forged")).status_code == 400
    stranger = await door.owner()
    items = (await stranger.get("/v1/events?limit=200"))["items"]
    assert "contact_updated" not in [item["event"] for item in items]


async def test_a_shop_asked_for_twice_with_one_key_is_made_once(door: Door) -> None:
    owner = await door.owner()
    headers = {"Idempotency-Key": "make-shop-1"}
    answers = await asyncio.gather(
        *[owner.call("POST", "/v1/shops", json={"name": "二店"}, headers=headers) for _ in range(8)]
    )
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1
    other = await owner.call("POST", "/v1/shops", json={"name": "三店"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert len((await owner.get("/v1/shops"))["items"]) == 2
    assert len(good(answers[0])["site_secret"]) > 20
