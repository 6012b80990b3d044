"""Colleagues: invited once, promoted, removed; a workspace always keeps an owner."""

import asyncio
from typing import Any

import pytest

from tests.workspaces.conftest import PASSWORD, Browser, Door, good
from tests.workspaces.test_guards import colleague
from yingke.kit.db import Database
from yingke.workspaces.presence import end_presence, touch_presence


def acceptance(email: str) -> dict[str, str]:
    return {"name": "韩梅梅", "work_name": "小韩", "email": email, "password": PASSWORD}


async def invite(owner: Browser, **body: Any) -> str:
    url = (await owner.post("/v1/invitations", {"role": "agent", **body}))["url"]
    assert isinstance(url, str)
    return url.rpartition("/")[2]


async def test_a_link_brings_a_colleague_in_and_works_once(door: Door) -> None:
    owner = await door.owner()
    token = await invite(owner, role="admin")
    face = await door.browser().get(f"/v1/invitations/{token}")
    assert face == {"workspace_name": "青松小店", "role": "admin", "email": None}
    browser = door.browser()
    me = await browser.enter(
        await browser.call("POST", f"/v1/invitations/{token}/acceptance", json=acceptance("h@example.com"))
    )
    assert (me["agent"]["role"], me["agent"]["work_name"]) == ("admin", "小韩")
    again = await door.browser().call("POST", f"/v1/invitations/{token}/acceptance", json=acceptance("i@example.com"))
    assert again.status_code == 404
    assert len((await owner.get("/v1/agents"))["items"]) == 2


async def test_twenty_acceptances_at_once_bring_one_colleague(door: Door) -> None:
    owner = await door.owner()
    token = await invite(owner)
    answers = await asyncio.gather(
        *[
            door.browser().call("POST", f"/v1/invitations/{token}/acceptance", json=acceptance(f"p{n}@example.com"))
            for n in range(20)
        ]
    )
    assert sorted({answer.status_code for answer in answers}) == [200, 404]
    assert sum(answer.status_code == 200 for answer in answers) == 1
    assert len((await owner.get("/v1/agents"))["items"]) == 2


async def test_an_invitation_for_one_address_is_for_nobody_else(door: Door) -> None:
    owner = await door.owner()
    token = await invite(owner, email="right@example.com")
    path = f"/v1/invitations/{token}/acceptance"
    wrong = await door.browser().call("POST", path, json=acceptance("wrong@example.com"))
    assert (wrong.status_code, wrong.json()["code"]) == (403, "other_email")
    good(await door.browser().call("POST", path, json=acceptance("Right@example.com")))


async def test_a_revoked_or_old_invitation_is_over(door: Door, db: Database) -> None:
    owner = await door.owner()
    revoked, old = await invite(owner), await invite(owner)
    listed = (await owner.get("/v1/invitations"))["items"]
    assert "url" not in listed[0]
    good(await owner.call("DELETE", f"/v1/invitations/{listed[1]['id']}"))
    async with db.transaction(int(owner.me["workspace"]["id"])) as tx:
        await tx.execute("update invitations set expires_at = now() - interval '1 second'")
    for token in (revoked, old, "unknown"):
        assert (await door.browser().call("GET", f"/v1/invitations/{token}")).status_code == 404


async def test_nobody_can_be_invited_as_owner_or_twice(door: Door) -> None:
    owner = await door.owner("boss@example.com")
    assert (await owner.call("POST", "/v1/invitations", json={"role": "owner"})).status_code == 400
    token = await invite(owner)
    answer = await door.browser().call(
        "POST", f"/v1/invitations/{token}/acceptance", json=acceptance("BOSS@example.com")
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "known_email")


async def test_fifty_parallel_removals_leave_one_owner(door: Door) -> None:
    owner = await door.owner()
    owners = [owner]
    for n in range(4):
        browser = door.browser(f"198.51.100.{n}")
        token = await invite(owner)
        path = f"/v1/invitations/{token}/acceptance"
        await browser.enter(await browser.call("POST", path, json=acceptance(f"o{n}@example.com")))
        await owner.patch(f"/v1/agents/{browser.me['agent']['id']}", {"role": "owner"})
        owners.append(browser)
    bodies: list[dict[str, Any]] = [{"role": "agent"}, {"disabled": True}]
    calls = [
        owners[n % 5].call("PATCH", f"/v1/agents/{owners[(n // 5) % 5].me['agent']['id']}", json=bodies[n % 2])
        for n in range(50)
    ]
    answers = await asyncio.gather(*calls)
    async with door.db.transaction(int(owner.me["workspace"]["id"])) as tx:
        left = await tx.fetchval("select count(*) from agents where role = 'owner' and disabled_at is null")
    assert left == 1
    assert {answer.status_code for answer in answers} <= {200, 401, 403, 409}
    assert 409 in {answer.status_code for answer in answers}


async def test_the_last_owner_cannot_leave(door: Door) -> None:
    owner = await door.owner()
    for body in ({"role": "agent"}, {"disabled": True}):
        answer = await owner.call("PATCH", f"/v1/agents/{owner.me['agent']['id']}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


async def test_an_admin_makes_no_owners_and_touches_none(door: Door) -> None:
    owner = await door.owner()
    admin = await colleague(door, owner, "admin")
    for agent, body in ((admin, {"role": "owner"}), (owner, {"role": "agent"}), (owner, {"disabled": True})):
        answer = await admin.call("PATCH", f"/v1/agents/{agent.me['agent']['id']}", json=body)
        assert answer.status_code == 403


async def test_a_removed_colleague_is_out_at_once(door: Door) -> None:
    owner = await door.owner()
    agent = await colleague(door, owner, "agent")
    await agent.get("/v1/me")
    await owner.patch(f"/v1/agents/{agent.me['agent']['id']}", {"disabled": True})
    assert (await agent.call("GET", "/v1/me")).status_code == 401
    body = {"email": "agent@example.com", "password": PASSWORD, "workspace_id": owner.me["workspace"]["id"]}
    assert (await door.browser().call("POST", "/v1/auth/sign-in", json=body)).status_code == 401


async def test_a_new_role_counts_at_once(door: Door) -> None:
    owner = await door.owner()
    agent = await colleague(door, owner, "agent")
    assert (await agent.call("GET", "/v1/api-keys")).status_code == 403
    await owner.patch(f"/v1/agents/{agent.me['agent']['id']}", {"role": "admin"})
    assert (await agent.call("GET", "/v1/api-keys")).status_code == 200


async def test_an_agent_of_another_workspace_does_not_exist(door: Door) -> None:
    owner, stranger = await door.owner(), await door.owner()
    answer = await stranger.call("PATCH", f"/v1/agents/{owner.me['agent']['id']}", json={"work_name": "x"})
    assert answer.status_code == 404
    session = (await owner.get("/v1/sessions"))["items"][0]
    assert (await stranger.call("DELETE", f"/v1/sessions/{session['id']}")).status_code == 404
    await owner.get("/v1/me")


async def test_a_session_can_be_ended_from_another_browser(door: Door) -> None:
    owner = await door.owner("many@example.com")
    other = door.browser()
    body = {"email": "many@example.com", "password": PASSWORD}
    await other.enter(await other.call("POST", "/v1/auth/sign-in", json=body))
    mine = [one for one in (await other.get("/v1/sessions"))["items"] if not one["is_current"]]
    good(await other.call("DELETE", f"/v1/sessions/{mine[0]['id']}"))
    assert (await owner.call("GET", "/v1/me")).status_code == 401


async def test_presence_is_what_was_chosen_while_somebody_is_connected(door: Door, db: Database) -> None:
    owner, stranger = await door.owner(), await door.owner()
    workspace_id, agent_id = int(owner.me["workspace"]["id"]), int(owner.me["agent"]["id"])
    assert owner.me["agent"]["state"] == "offline"
    await touch_presence(
        db, "p1", [(workspace_id, agent_id, None), (int(stranger.me["workspace"]["id"]), agent_id, None)]
    )
    assert (await owner.get("/v1/me"))["agent"]["state"] == "online"
    good(await owner.call("PUT", "/v1/me/presence", json={"state": "busy"}))
    await touch_presence(db, "p1", [(workspace_id, agent_id, None)])
    assert (await owner.get("/v1/agents"))["items"][0]["state"] == "busy"
    async with db.transaction(int(stranger.me["workspace"]["id"])) as tx:
        assert await tx.fetchval("select count(*) from agent_presence") == 0
    await end_presence(db, workspace_id, agent_id, "p1")
    assert (await owner.get("/v1/me"))["agent"]["state"] == "offline"
    assert (await owner.call("PUT", "/v1/me/presence", json={"state": "asleep"})).status_code == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "名" * 61}, "name"),
        ({"work_name": "a\0b"}, "work_name"),
        ({"work_name": "换\n行"}, "work_name"),
        ({"avatar_file_id": "123456"}, "avatar_file_id"),
        ({"settings": {"chords": {"x" * 100: "y"}}}, "settings"),
        ({"settings": {"time_zone": "Mars/Olympus"}}, "settings.time_zone"),
    ],
)
async def test_bad_input_names_its_field_and_changes_nothing(door: Door, body: dict[str, Any], field: str) -> None:
    owner = await door.owner()
    answer = await owner.call("PATCH", "/v1/me", json=body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert (await owner.get("/v1/me")) == owner.me


async def test_settings_are_merged_key_by_key(door: Door) -> None:
    owner = await door.owner()
    await owner.patch("/v1/me", {"settings": {"theme": "dark", "sound": True}})
    me = await owner.patch("/v1/me", {"settings": {"theme": "light"}})
    assert me["agent"]["settings"] == {"theme": "light", "sound": True}


async def test_an_agent_has_a_time_zone_of_his_own_and_may_go_back_to_the_workspaces(door: Door) -> None:
    owner = await door.owner()
    me = await owner.patch("/v1/me", {"settings": {"time_zone": "America/New_York"}})
    assert me["agent"]["settings"] == {"time_zone": "America/New_York"}
    assert me["workspace"]["time_zone"] == "Asia/Shanghai"
    me = await owner.patch("/v1/me", {"settings": {"time_zone": ""}})
    assert me["agent"]["settings"] == {"time_zone": ""}


async def test_what_may_not_be_set_is_ignored(door: Door, db: Database) -> None:
    owner, stranger = await door.owner(), await door.owner()
    agent = await colleague(door, owner, "agent")
    smuggled = {"workspace_id": stranger.me["workspace"]["id"], "role": "owner", "id": "1", "email": "x@example.com"}
    me = await agent.patch("/v1/me", {"work_name": "小韩", **smuggled})
    assert (me["agent"]["role"], me["agent"]["email"]) == ("agent", "agent@example.com")
    assert me["workspace"]["id"] == owner.me["workspace"]["id"]
    shop = await owner.post(
        "/v1/shops", {"name": "二店", "site_key": "mine", "installed_at": "2020-01-01T00:00:00Z", **smuggled}
    )
    assert shop["site_key"] != "mine"
    assert shop["installed_at"] is None
    body = {**acceptance("new@example.com"), "role": "owner"}
    joined = await door.browser().call("POST", f"/v1/invitations/{await invite(owner)}/acceptance", json=body)
    assert good(joined)["agent"]["role"] == "agent"
    sign_up = {"workspace_name": "店", "name": "李雷", "email": "y@example.com", "password": PASSWORD, "is_demo": True}
    made = good(
        await door.browser().call("POST", "/v1/auth/sign-up", json=sign_up | smuggled | {"email": "y@example.com"})
    )
    assert made["workspace"]["is_demo"] is False
    assert made["workspace"]["id"] not in (owner.me["workspace"]["id"], stranger.me["workspace"]["id"])
