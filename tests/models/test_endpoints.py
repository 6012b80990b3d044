"""Endpoints on screen: sealed keys, places, consent, and a check that really calls."""

from typing import Any

import pytest

from tests.door_of_rooms import Rooms
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.workspaces.conftest import Browser, good

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n"
PATH = "/v1/model-endpoints"


def body(base_url: str, **more: Any) -> dict[str, Any]:
    return {"name": "我的模型", "base_url": base_url, "model": "m-1", "api_key": "sk-secret-value", **more}


async def ask(browser: Browser, question: str) -> Any:
    return await browser.post("/v1/ask", {"question": question})


async def test_a_key_goes_in_and_never_comes_out(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    created = await owner.post(PATH, body(endpoint.base_url))
    listed = await owner.call("GET", PATH)
    assert created["has_api_key"]
    assert "sk-secret-value" not in listed.text
    assert (created["location"], created["is_enabled"]) == ("local", False)
    async with rooms.door.db.transaction(int(owner.me["workspace"]["id"])) as tx:
        stored = await tx.fetchval("select api_key from model_endpoints")
        audit = [row["action"] for row in await tx.fetch("select action from audit_log where action like 'model%'")]
    assert b"sk-secret" not in stored
    assert rooms.door.secrets.open(stored) == b"sk-secret-value"
    assert audit == ["model_endpoint.created"]


async def test_the_check_really_calls(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    endpoint.behave("burst")
    checked = await owner.post(f"{PATH}/check", {"base_url": endpoint.base_url, "model": "m-1", "api_key": "sk-1"})
    assert checked["ok"]
    assert checked["location"] == "local"
    # Once for an answer, once more with a tool.
    assert endpoint.calls == 2
    assert "没有调用工具" in checked["sentence"]
    assert endpoint.seen[0].headers["authorization"] == "Bearer sk-1"
    endpoint.behave("unauthorized")
    checked = await owner.post(f"{PATH}/check", {"base_url": endpoint.base_url, "model": "m-1", "api_key": "sk-1"})
    assert not checked["ok"]
    assert "密钥" in checked["sentence"]
    english = await owner.call(
        "POST",
        f"{PATH}/check",
        json={"base_url": endpoint.base_url, "model": "m-1"},
        headers={"Accept-Language": "en"},
    )
    assert "key" in good(english)["sentence"]


async def test_a_check_of_a_stored_endpoint_is_kept_beside_it(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    endpoint.behave("burst")
    created = await owner.post(PATH, body(endpoint.base_url))
    await owner.post(f"{PATH}/check", {"id": created["id"]})
    assert endpoint.seen[0].headers["authorization"] == "Bearer sk-secret-value"
    listed = await owner.get(PATH)
    assert listed["items"][0]["last_check"]["ok"]


async def test_a_stored_key_is_never_sent_to_another_host(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    async with ChatEndpoint() as stranger:
        created = await owner.post(PATH, body(endpoint.base_url, is_enabled=True))
        refused = await owner.call("POST", f"{PATH}/check", json={"id": created["id"], "base_url": stranger.base_url})
        assert refused.status_code == 400
        moved = await owner.patch(f"{PATH}/{created['id']}", {"base_url": stranger.base_url})
        assert (moved["has_api_key"], moved["is_enabled"]) == (False, False)
        await owner.call("POST", f"{PATH}/check", json={"id": created["id"]})
        assert all("authorization" not in seen.headers for seen in stranger.seen)


async def test_abroad_is_neither_enabled_nor_called_before_somebody_agrees(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    abroad = "https://api.openai.com/v1"
    refused = await owner.call("POST", PATH, json=body(abroad, is_enabled=True))
    assert (refused.status_code, refused.json()["code"]) == (409, "abroad_not_confirmed")
    assert (await owner.get(PATH))["items"] == []
    checked = await owner.post(f"{PATH}/check", {"base_url": abroad, "model": "m"})
    assert (checked["ok"], checked["reason"], checked["location"]) == (False, "abroad_not_confirmed", "abroad")
    lied = await owner.call("POST", PATH, json=body(abroad, is_enabled=True, location="mainland"))
    assert lied.status_code == 409
    created = await owner.post(PATH, body(abroad, is_enabled=True, abroad_confirmed=True))
    assert (created["location"], created["abroad_confirmed"], created["is_enabled"]) == ("abroad", True, True)
    async with rooms.door.db.transaction(int(owner.me["workspace"]["id"])) as tx:
        row = await tx.fetchrow("select abroad_confirmed_at, abroad_confirmed_by from model_endpoints")
        audit = [row["action"] for row in await tx.fetch("select action from audit_log order by id")]
    assert row["abroad_confirmed_at"] is not None
    assert str(row["abroad_confirmed_by"]) == owner.me["agent"]["id"]
    assert "model_endpoint.abroad_confirmed" in audit
    withdrawn = await owner.call("PATCH", f"{PATH}/{created['id']}", json={"abroad_confirmed": False})
    assert withdrawn.status_code == 409


async def test_an_unknown_host_counts_as_abroad_until_a_person_decides(rooms: Rooms) -> None:
    owner = await rooms.door.owner()
    unknown = await owner.post(PATH, body("https://llm.example.com/v1"))
    assert (unknown["location"], unknown["location_is_sure"]) == ("abroad", False)
    decided = await owner.patch(f"{PATH}/{unknown['id']}", {"location": "mainland", "is_enabled": True})
    assert (decided["location"], decided["is_enabled"]) == ("mainland", True)


async def test_an_enabled_endpoint_answers_and_disabling_goes_back(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    first = await owner.post(PATH, body(endpoint.base_url, is_enabled=True))
    second = await owner.post(PATH, body(endpoint.base_url, is_enabled=True, name="第二个"))
    listed = {item["id"]: item["is_enabled"] for item in (await owner.get(PATH))["items"]}
    assert listed == {first["id"]: True, second["id"]: True}
    answered = await ask(owner, "多久发货?")
    assert answered["generated_by"] == {"engine": "chat", "model": "m-1"}
    assert "16:00" in answered["answer"]
    trace = await owner.get(f"/v1/traces/{answered['trace_id']}")
    assert (trace["engine"], trace["model"]) == ("chat", "m-1")
    assert "model" in [step["name"] for step in trace["steps"]]
    good(await owner.call("DELETE", f"{PATH}/{second['id']}"))
    await owner.patch(f"{PATH}/{first['id']}", {"is_enabled": False})


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "ftp://x/v1"},
        {"base_url": "https://user:pass@x/v1"},
        {"base_url": "https://x/v1?key=1"},
        {"base_url": ""},
        {"model": ""},
        {"name": ""},
        {"model": "m" * 200},
        {"api_key": "k\nX-Header: 1"},
    ],
)
async def test_bad_endpoints_are_refused(rooms: Rooms, wrong: dict[str, str]) -> None:
    owner = await rooms.door.owner()
    answer = await owner.call("POST", PATH, json={**body("https://api.deepseek.com/v1"), **wrong})
    assert answer.status_code == 400, answer.text
    assert (await owner.get(PATH))["items"] == []


async def test_another_workspaces_endpoint_does_not_exist(rooms: Rooms) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    created = await ours.post(PATH, body("https://api.deepseek.com/v1"))
    for method, path, sent in (
        ("PATCH", f"{PATH}/{created['id']}", {"name": "x"}),
        ("DELETE", f"{PATH}/{created['id']}", None),
        ("POST", f"{PATH}/check", {"id": created["id"]}),
    ):
        assert (await theirs.call(method, path, json=sent)).status_code == 404
    assert (await theirs.get(PATH))["items"] == []
