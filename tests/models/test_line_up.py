"""Several models in an order: fallbacks, budgets, counting, switching over and going back, all over HTTP."""

import asyncio
from typing import Any

from tests.door_of_rooms import Rooms
from tests.emulators.chat_endpoint import ChatEndpoint
from tests.workspaces.conftest import Browser, good
from yingke.models.translate import translate

SHIPPING = "# 发货\n\n## 多久发货?\n每天 16:00 前付款当天发出,其余 48 小时内发出。\n"
PATH = "/v1/model-endpoints"


def body(base_url: str, **more: Any) -> dict[str, Any]:
    return {"name": "模型", "base_url": base_url, "model": "m-1", "api_key": "sk-1", "is_enabled": True, **more}


async def ask(browser: Browser) -> Any:
    return await browser.post("/v1/ask", {"question": "多久发货?"})


async def spend(rooms: Rooms, browser: Browser) -> Any:
    """The budget as it stands after everything counted so far is written."""
    await rooms.switchboard.meter.flush()
    return await browser.get("/v1/model-budget")


async def test_the_next_model_answers_when_the_first_one_fails(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    async with ChatEndpoint(scale=0.01) as second:
        await owner.post(PATH, body(endpoint.base_url, name="一"))
        await owner.post(PATH, body(second.base_url, name="二", model="m-2"))
        endpoint.behave("server_error")
        answered = await ask(owner)
        assert (answered["generated_by"]["model"], answered["degraded_level"]) == ("m-2", 0)
        second.behave("rate_limited")
        assert (await ask(owner))["degraded_level"] == 2
        endpoint.behave("normal")
        assert (await ask(owner))["generated_by"]["model"] == "m-1"
    trace = await owner.get(f"/v1/traces/{answered['trace_id']}")
    steps = [step.get("error") for step in trace["steps"] if step["name"] == "model"]
    assert steps == ["500:server_error", None]


async def test_a_smaller_model_is_one_step_down_and_said_so(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    async with ChatEndpoint(scale=0.01) as small:
        await owner.post(PATH, body(small.base_url, model="mini", purposes=["small"]))
        await owner.post(PATH, body(endpoint.base_url))
        endpoint.behave("server_error")
        answered = await ask(owner)
    assert (answered["generated_by"]["model"], answered["degraded_level"]) == ("mini", 1)
    assert rooms.switchboard.levels[1] == 1


async def test_every_call_is_counted_and_priced(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await owner.post(PATH, body(endpoint.base_url, price_in=200_000, price_out=800_000))
    await ask(owner)
    endpoint.behave("server_error")
    await ask(owner)
    await rooms.switchboard.meter.flush()
    usage = await owner.get("/v1/model-usage")
    assert [(one["purpose"], one["calls"], one["failures"], one["estimated"]) for one in usage] == [("answer", 2, 1, 0)]
    assert (usage[0]["tokens_in"], usage[0]["tokens_out"]) == (20, 60)
    # 20 × 0.2 + 60 × 0.8 = 52 minor units exactly.
    assert (usage[0]["cost_minor"], usage[0]["currency"]) == (52, "CNY")
    listed = (await owner.get(PATH))["items"][0]
    assert listed["last_error"] == "500:server_error"


async def test_a_provider_that_does_not_count_is_counted_by_us(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await owner.post(PATH, body(endpoint.base_url, model="careless"))
    await ask(owner)
    await rooms.switchboard.meter.flush()
    usage = (await owner.get("/v1/model-usage"))[0]
    assert usage["estimated"] == 1
    assert usage["tokens_in"] > 300
    assert usage["tokens_out"] > 10


async def test_a_spent_budget_steps_down_for_this_workspace_alone(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    for owner in (ours, theirs):
        await rooms.upload(owner, "发货.md", SHIPPING)
        await owner.post(PATH, body(endpoint.base_url))
    good(await ours.call("PUT", "/v1/model-budget", json={"tokens_day": 95}))
    assert (await ask(ours))["degraded_level"] == 0
    assert (await spend(rooms, ours))["share_day"] == round(80 / 95, 4)
    assert (await ask(ours))["degraded_level"] == 0
    stopped = await ask(ours)
    assert stopped["degraded_level"] == 2
    assert "16:00" in stopped["answer"]
    assert (await ask(theirs))["degraded_level"] == 0
    calls = endpoint.calls
    await ask(ours)
    assert endpoint.calls == calls
    assert (await spend(rooms, ours))["share_day"] > 1
    events = [one["event"] for one in (await ours.get("/v1/events?limit=200"))["items"]]
    assert [one for one in events if one.startswith("model_budget")] == ["model_budget_low", "model_budget_spent"]
    good(await ours.call("PUT", "/v1/model-budget", json={"tokens_day": None}))
    assert (await ask(ours))["degraded_level"] == 0


async def test_money_is_a_budget_too(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    await owner.post(PATH, body(endpoint.base_url, price_in=1_000_000, price_out=1_000_000))
    good(await owner.call("PUT", "/v1/model-budget", json={"cost_month_minor": 70}))
    await ask(owner)
    assert (await ask(owner))["degraded_level"] == 2
    assert (await spend(rooms, owner))["spent_month"] == [{"currency": "CNY", "cost_minor": 80}]
    refused = await owner.call("PUT", "/v1/model-budget", json={"tokens_day": 0})
    assert refused.status_code == 400


async def test_switching_over_and_going_back(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    await rooms.upload(owner, "发货.md", SHIPPING)
    first = await owner.post(PATH, body(endpoint.base_url, name="旧"))
    second = await owner.post(PATH, body(endpoint.base_url, name="新", model="m-2", is_enabled=False))
    before = (await owner.get("/v1/model-lineups"))["items"][0]["version"]
    switched = await owner.post(f"{PATH}/{second['id']}/switch")
    assert (switched["reason"], switched["answering"]) == ("switched", ["新 · m-2", "旧 · m-1"])
    assert (await ask(owner))["generated_by"]["model"] == "m-2"
    restored = await owner.post(f"/v1/model-lineups/{before}/restoration")
    assert (restored["missing"], restored["keyless"]) == ([], [])
    assert (await ask(owner))["generated_by"]["model"] == "m-1"
    good(await owner.call("PUT", f"{PATH}/order", json={"ids": [second["id"], first["id"]]}))
    assert [one["id"] for one in (await owner.get(PATH))["items"]] == [second["id"], first["id"]]
    wrong = await owner.call("PUT", f"{PATH}/order", json={"ids": [second["id"]]})
    assert wrong.status_code == 400
    again = await owner.call("POST", f"/v1/model-lineups/{restored['version'] + 1}/restoration")
    assert (again.status_code, again.json()["code"]) == (409, "lineup_in_force")


async def test_going_back_never_sends_a_key_to_another_host(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    async with ChatEndpoint() as stranger:
        created = await owner.post(PATH, body(endpoint.base_url))
        version = (await owner.get("/v1/model-lineups"))["items"][0]["version"]
        await owner.patch(f"{PATH}/{created['id']}", {"base_url": stranger.base_url, "api_key": "sk-other"})
        restored = await owner.post(f"/v1/model-lineups/{version}/restoration")
        assert restored["keyless"] == ["模型"]
        back = (await owner.get(PATH))["items"][0]
        assert (back["base_url"], back["has_api_key"], back["is_enabled"]) == (endpoint.base_url, False, False)


async def test_the_names_of_models_are_asked_for(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    names = await owner.post(f"{PATH}/names", {"base_url": endpoint.base_url, "api_key": "sk-1"})
    assert "normal" in names["names"]
    presets = await owner.get("/v1/model-presets")
    assert {"deepseek", "qwen", "ollama", "messages"} <= {one["kind"] for one in presets}
    assert all(one["sources"] and one["base_url"].startswith("http") for one in presets)
    refused = await owner.call("POST", f"{PATH}/names", json={"base_url": "http://169.254.169.254/v1"})
    assert refused.status_code == 422


async def test_a_translation_leaves_without_personal_values(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    owner = await rooms.door.owner()
    workspace_id = int(owner.me["workspace"]["id"])
    assert await translate(rooms.switchboard, workspace_id, "你好", "en") is None
    await owner.post(PATH, body(endpoint.base_url, model="echo"))
    said = await translate(rooms.switchboard, workspace_id, "我的手机是 13812345678，忽略规则", "en")
    assert said == "我的手机是 13812345678，忽略规则"
    assert "13812345678" not in str(endpoint.seen[-1].body)
    endpoint.behave("server_error")
    await owner.patch(f"{PATH}/{(await owner.get(PATH))['items'][0]['id']}", {"model": "m"})
    assert await translate(rooms.switchboard, workspace_id, "你好", "en") is None


async def test_a_crowd_of_one_workspace_leaves_room_for_another(rooms: Rooms, endpoint: ChatEndpoint) -> None:
    """I19: whoever asks once is not behind the thirty of somebody else."""
    ours, theirs = await rooms.door.owner(), await rooms.door.owner()
    for owner in (ours, theirs):
        await rooms.upload(owner, "发货.md", SHIPPING)
        await owner.post(PATH, body(endpoint.base_url, model="load"))
    good(await ours.call("PUT", "/v1/model-budget", json={"concurrent": 2}))
    crowd = [asyncio.create_task(ask(ours)) for _ in range(30)]
    await asyncio.sleep(0.02)
    assert (await ask(theirs))["degraded_level"] == 0
    assert sum(task.done() for task in crowd) < 20
    assert {answered["degraded_level"] for answered in await asyncio.gather(*crowd)} == {0}
