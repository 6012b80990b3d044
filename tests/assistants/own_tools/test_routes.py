"""A merchant makes, tries, changes and deletes tools; agents and models use them."""

from typing import Any

import pytest

from tests.assistants.own_tools.conftest import POINTS, WARRANTY, Bench
from tests.door_of_rooms import Rooms
from tests.emulators.merchant_system import KEY, MerchantSystem
from tests.no_shops import NoShops
from yingke.assistants.engine import Question
from yingke.assistants.guarding.planted import without_planted
from yingke.assistants.team import Team
from yingke.assistants.tools.pieces.model_box import ModelBox
from yingke.models.tool_box import ToolUse


def body_of(system: MerchantSystem, told: dict[str, Any], key: str = KEY, **other: Any) -> dict[str, Any]:
    config = {**told, "url": f"{system.address}{told['url']}", **other}
    return {"config": config, "headers": {"X-Api-Key": key}}


async def test_a_tool_is_tried_saved_changed_brought_back_and_deleted(rooms: Rooms, system: MerchantSystem) -> None:
    owner = await rooms.door.owner()
    body = body_of(system, WARRANTY)
    tried = await owner.post("/v1/own-tools/try", {**body, "samples": {"序列号": "SN20240017"}})
    assert (tried["outcome"], tried["trouble"]) == ("ok", "")
    assert tried["found"] == {"产品": "净水器 R5", "到期": "2027年3月1日", "状态": "在保修期内"}
    assert tried["sentence"] == "净水器 R5（SN20240017）在保修期内，保修到 2027年3月1日。"
    assert tried["answer"]["data"]["parts"] == ["滤芯", "水泵"]
    made = await owner.post("/v1/own-tools", body)
    assert KEY not in str(made)
    path = f"/v1/own-tools/{made['id']}"
    changed = {"config": {**body["config"], "name": "质保查询"}, "headers": {"X-Api-Key": ""}, "based_on": 1}
    answer = await owner.call("PUT", path, json=changed)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert (await owner.call("PUT", path, json=changed)).status_code == 409
    again = await owner.post("/v1/own-tools/try", {**changed_trial(changed), "tool_id": made["id"]})
    assert again["outcome"] == "ok", "the saved key is used where none is given"
    versions = (await owner.get(f"{path}/versions"))["items"]
    assert [(one["number"], one["config"]["name"]) for one in versions] == [(2, "质保查询"), (1, "保修查询")]
    back = await owner.post(f"{path}/versions/1/restoration")
    assert (back["version"], back["config"]["name"]) == (3, "保修查询")
    assert (await owner.call("PUT", f"{path}/switch", json={"is_on": False})).json()["is_on"] is False
    assert (await owner.call("DELETE", path)).status_code == 204
    assert (await owner.get("/v1/own-tools"))["items"] == []
    actions = [one["action"] for one in (await owner.get("/v1/audit-log"))["items"]]
    wanted = {"own_tool.created", "own_tool.changed", "own_tool.switched_off", "own_tool.deleted"}
    assert wanted <= set(actions)


def changed_trial(body: dict[str, Any]) -> dict[str, Any]:
    return {"config": body["config"], "headers": body["headers"], "samples": {"序列号": "SN20240017"}}


async def test_a_key_never_goes_to_another_server(rooms: Rooms, system: MerchantSystem) -> None:
    owner = await rooms.door.owner()
    made = await owner.post("/v1/own-tools", body_of(system, WARRANTY))
    config = {**made["config"], "url": "http://127.0.0.1:9/warranty/{序列号}"}
    moved = {"config": config, "headers": {"X-Api-Key": ""}}
    for method, path, body in (
        ("PUT", f"/v1/own-tools/{made['id']}", moved),
        ("POST", "/v1/own-tools/try", {**moved, "tool_id": made["id"], "samples": {"序列号": "SN20240017"}}),
    ):
        answer = await owner.call(method, path, json=body)
        assert (answer.status_code, [*answer.json()["fields"]]) == (400, ["headers"])


@pytest.mark.parametrize(
    ("fault", "says"),
    [("garbage", "不是 JSON"), ("huge", "256 KB"), ("redirect", "跳转"), ("down", "500"), ("key", "密钥")],
)
async def test_a_trial_that_fails_says_what_to_do(rooms: Rooms, system: MerchantSystem, fault: str, says: str) -> None:
    owner = await rooms.door.owner()
    system.fault = fault
    key = "wrong" if fault == "key" else KEY
    body = {**body_of(system, WARRANTY, key), "samples": {"序列号": "SN20240017"}}
    tried = await owner.post("/v1/own-tools/try", body)
    assert tried["outcome"] == "failed"
    assert says in tried["trouble"]
    assert tried["sentence"] == ""
    assert len(system.asked) == 1, "a redirect is not followed"


async def test_another_workspace_has_no_such_tool(rooms: Rooms, system: MerchantSystem) -> None:
    owner, stranger = await rooms.door.owner(), await rooms.door.owner()
    made = await owner.post("/v1/own-tools", body_of(system, WARRANTY))
    path = f"/v1/own-tools/{made['id']}"
    assert (await stranger.call("GET", path)).status_code == 404
    assert (await stranger.call("GET", f"{path}/versions")).status_code == 404
    assert (await stranger.call("PUT", f"{path}/switch", json={"is_on": False})).status_code == 404
    assert (await stranger.call("DELETE", path)).status_code == 404
    body = {**body_of(system, WARRANTY, ""), "tool_id": made["id"], "samples": {"序列号": "SN20240017"}}
    assert (await stranger.call("POST", "/v1/own-tools/try", json=body)).status_code == 404
    assert (await stranger.get("/v1/assistant-tools")) == []
    assert system.asked == []


async def test_an_agent_finds_it_among_the_assistants_tools(rooms: Rooms, system: MerchantSystem) -> None:
    owner = await rooms.door.owner()
    await owner.post("/v1/own-tools", body_of(system, WARRANTY))
    (shown,) = await owner.get("/v1/assistant-tools")
    assert (shown["label"], shown["needs"], [*shown["parameters"]["properties"]]) == ("保修查询", "own", ["input_0"])


async def test_a_model_passes_on_only_what_the_customer_wrote_and_not_who_he_is(bench: Bench) -> None:
    warranty, points = await bench.add(WARRANTY), await bench.add(POINTS)
    customer = await bench.customer(sub="buyer-1")
    team = Team(bench.ground.db, NoShops(), bench.learning.encoder, bench.own)
    question = Question(
        bench.ground.workspace_id,
        bench.ground.shop_id,
        1,
        customer.conversation_id,
        ("SN20240017 过保了吗",),
        (),
        "zh-CN",
    )
    box = ModelBox(await team.belt(question, "zh"), question.texts, without_planted)
    names = {spec.name: spec for spec in box.specs()}
    assert names[f"own_{points}"].parameters["properties"] == {}
    made_up = await box.run(ToolUse(f"own_{warranty}", {"input_0": "SN20200001"}, 1))
    assert made_up.is_error
    assert bench.system.asked == []
    told = await box.run(ToolUse(f"own_{warranty}", {"input_0": "SN20240017"}, 2))
    assert "2027年3月1日" in told.text
    assert "滤芯" not in told.text, "only the chosen fields are told"
    mine = await box.run(ToolUse(f"own_{points}", {"customer": "demo-0417"}, 3))
    assert "1280" in mine.text
    for at in range(3):
        told = await box.run(ToolUse(f"own_{warranty}", {"input_0": "SN20240017"}, 4 + at))
    assert "No more calls" in told.text
    assert len(bench.system.asked) == 3
