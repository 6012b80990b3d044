"""Groups, rules, modes and the queue over HTTP: who may do what, and what they get."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NewGround
from tests.conversations.door import Door
from tests.conversations.stage import Stage
from tests.routing.desk import Desk
from tests.routing.door import open_door
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier
from yingke.kit.files import Files
from yingke.routing.routes import ROUTES

ADMIN = {
    "POST /v1/groups", "PUT /v1/groups/1", "DELETE /v1/groups/1", "PUT /v1/agents/1/capacity",
    "PATCH /v1/routing-settings", "PUT /v1/shops/1/mode",
}  # fmt: skip
READERS = {
    "GET /v1/groups", "GET /v1/capacities", "GET /v1/routing-settings", "POST /v1/routing-settings/preview",
    "GET /v1/shops/1/mode", "GET /v1/queue",
}  # fmt: skip
WRITERS = {"POST /v1/conversations/1/transfer"}
AGENTS_ALONE = {"POST /v1/queue/next", "PUT /v1/agents/me/state", "POST /v1/agents/me/end-of-shift"}


@pytest.fixture
async def door(stage: Stage, tmp_path: Path) -> Door:
    return open_door(stage, Files(tmp_path, b"s" * 32))


def _calls() -> list[tuple[str, str]]:
    return sorted(
        (method, path.replace("{id:str}", "1").replace("{conversation_id:str}", "1"))
        for route in ROUTES
        for path in route.paths
        for method in route.http_methods
    )


def test_the_table_names_every_route() -> None:
    assert {f"{method} {path}" for method, path in _calls()} == ADMIN | READERS | WRITERS | AGENTS_ALONE


@pytest.mark.parametrize("who", ["agent", "admin", "conversations:read", "conversations:write", "knowledge:read"])
async def test_each_may_do_exactly_what_the_table_says(door: Door, who: str) -> None:
    allowed = {
        "agent": READERS | WRITERS | AGENTS_ALONE,
        "admin": READERS | WRITERS | AGENTS_ALONE | ADMIN,
        "conversations:read": READERS,
        "conversations:write": WRITERS,
        "knowledge:read": set(),
    }[who]
    if ":" in who:
        client = await door.program(who)
    else:
        client = await door.agent(await door.stage.new_agent(role=who))
    for method, path in _calls():
        answer = await client.request(method, path, json=None if method == "GET" else {})
        is_denied = answer.status_code == 403 and answer.json()["code"] == "forbidden"
        assert is_denied == (f"{method} {path}" not in allowed), (method, path, answer.text)


async def test_a_group_is_made_once_changed_and_deleted_and_its_queue_judged_again(door: Door, desk: Desk) -> None:
    admin = await door.agent(door.stage.ground.agent_id)
    agent = await desk.agent("小王")
    body = {"name": "售后", "members": [{"agent_id": str(agent), "weight": 2}], "intents": ["refund"]}
    made = [await admin.post("/v1/groups", json=body, headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 200]
    group = made[0].json()
    assert group == made[1].json() | {}
    again = await admin.post("/v1/groups", json=body)
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    await desk.push(delivery="pull")
    talk = await desk.waits("order", intent="refund")
    assert (await desk.stage.state(talk))["group_id"] == int(group["id"])
    answer = await admin.put(f"/v1/groups/{group['id']}", json=body | {"intents": [], "marks": ["vip"]})
    assert (answer.json()["marks"], answer.json()["intents"]) == (["vip"], [])
    await desk.assign()
    assert (await desk.stage.state(talk))["group_id"] is None
    assert (await admin.delete(f"/v1/groups/{group['id']}")).status_code == 204
    assert (await admin.get("/v1/groups")).json()["items"] == []
    actions = await desk.do("select action from audit_log where workspace_id = $1 order by id", desk.workspace_id)
    assert [row["action"] for row in actions] == ["group.created", "group.changed", "group.deleted"]


async def test_another_workspaces_agents_shops_and_groups_are_nobodys(
    door: Door, desk: Desk, new_ground: NewGround
) -> None:
    theirs = await new_ground()
    other = Desk(Stage(theirs, Receiver(theirs.db, "t"), Replier(theirs.db)))
    their_agent = await other.agent("外人")
    their_group = await other.group("外组", {their_agent: 1})
    their_talk, _ = await other.stage.waiting_conversation()
    admin = await door.agent(door.stage.ground.agent_id)
    talk = await desk.waits()

    async def code(method: str, path: str, body: dict[str, Any]) -> int:
        return (await admin.request(method, path, json=body)).status_code

    assert await code("POST", "/v1/groups", {"name": "x", "members": [{"agent_id": str(their_agent)}]}) == 400
    assert await code("POST", "/v1/groups", {"name": "x", "shop_ids": [str(theirs.shop_id)]}) == 400
    assert await code("PUT", f"/v1/groups/{their_group}", {"name": "x"}) == 404
    assert await code("DELETE", f"/v1/groups/{their_group}", {}) == 404
    assert await code("PUT", f"/v1/agents/{their_agent}/capacity", {"most_open": 3}) == 404
    assert await code("PUT", f"/v1/shops/{theirs.shop_id}/mode", {"usual": "assistant_only"}) == 404
    assert await code("PATCH", "/v1/routing-settings", {"overflow_group_id": str(their_group)}) == 404
    assert await code("POST", "/v1/routing-settings/preview", {"shop_id": str(theirs.shop_id)}) == 404
    assert await code("POST", f"/v1/conversations/{talk}/transfer", {"agent_id": str(their_agent)}) == 404
    assert await code("POST", f"/v1/conversations/{talk}/transfer", {"group_id": str(their_group)}) == 404
    assert await code("POST", f"/v1/conversations/{their_talk}/transfer", {"agent_id": str(desk.admin.agent_id)}) == 404
    assert (await desk.stage.state(talk))["handled_by"] == "queue"


async def test_the_rules_hold_at_once_and_what_makes_no_sense_is_refused(door: Door, desk: Desk) -> None:
    admin = await door.agent(door.stage.ground.agent_id)
    first = (await admin.get("/v1/routing-settings")).json()
    assert (first["delivery"], first["pushes"], first["most_open"], first["marks"][0]) == (None, False, 8, "danger")
    changed = await admin.patch(
        "/v1/routing-settings", json={"delivery": "push", "marks": ["vip", "danger"], "large_order_minor": 100_000}
    )
    assert changed.json()["marks"] == ["vip", "danger"]
    vip = await desk.waits("asked", level="gold")
    assert (await desk.stage.state(vip))["priority"] == 2
    for body in (
        {"marks": ["vip", "vip"]}, {"marks": ["sleepy"]}, {"most_open": 0}, {"overflow_to": "group"},
        {"accept_seconds": 5}, {"vip_levels": [" "]},
    ):  # fmt: skip
        answer = await admin.patch("/v1/routing-settings", json=body)
        assert answer.status_code == 400, body
    agent = await desk.agent("小王")
    seen = (await admin.post("/v1/routing-settings/preview", json={
        "shop_id": str(door.stage.ground.shop_id), "level": "Gold", "reason": "order"})).json()  # fmt: skip
    assert (seen["work_name"], seen["has"], seen["most"], seen["marks"], seen["priority"]) == ("小王", 0, 8, ["vip"], 2)
    assert await desk.owner(vip) is None, "looking changes nothing"
    assert seen["agent_id"] == str(agent)


async def test_the_board_shows_lines_and_loads_and_an_agent_sees_his_shops_alone(door: Door, desk: Desk) -> None:
    agent = await desk.agent("小王", 4)
    await desk.group("售后", {agent: 1}, intents=("refund",))
    await desk.push(delivery="pull")
    await desk.waits("angry", intent="refund", minutes=5)
    await desk.waits("order", order_minor=1_000)
    mine = await desk.waits("order")
    await desk.stage.take(mine, agent)
    client = await door.agent(agent)
    board = (await client.get("/v1/queue")).json()
    assert [(line["name"], line["waiting"], line["urgent"]) for line in board["lines"]] == [
        ("售后", 1, 1),
        (None, 1, 0),
    ]
    assert [(one["work_name"], one["has"], one["most"], one["state"]) for one in board["agents"]] == [
        ("小王", 1, 4, "online")
    ]
    [hand] = board["agents"]
    assert hand["unanswered"] == 1, "nobody has answered him yet"
    assert hand["longest_since"] is not None
    await desk.do("update shops set all_agents = false where id = $1", door.stage.ground.shop_id)
    assert sum(line["waiting"] for line in (await client.get("/v1/queue")).json()["lines"]) == 0


async def test_take_next_gives_the_most_urgent_of_his_groups_and_stops_at_his_limit(door: Door, desk: Desk) -> None:
    mine, other = await desk.agent("小王", 2), await desk.agent("小李")
    await desk.push(delivery="pull")
    await desk.group("售后", {mine: 1}, intents=("refund",))
    await desk.group("售前", {other: 1}, intents=("product_consult",))
    await desk.waits("asked", intent="product_consult", minutes=20)
    plain = await desk.waits("order", intent="refund", minutes=1)
    angry = await desk.waits("angry", intent="refund")
    client = await door.agent(mine)
    got = [(await client.post("/v1/queue/next")).json()["conversation"] for _ in range(2)]
    assert [one["id"] for one in got] == [str(angry), str(plain)]
    assert (got[0]["routing"]["by"], got[0]["routing"]["marks"], got[0]["routing"]["has"]) == ("next", ["angry"], 0)
    third = await client.post("/v1/queue/next")
    assert (third.status_code, third.json()["code"]) == (409, "at_cap")
    await desk.do("update agent_loads set most_open = 9")
    assert (await client.post("/v1/queue/next")).json()["conversation"] is None


async def test_a_transfer_goes_with_its_note_to_a_colleague_or_a_group(door: Door, desk: Desk) -> None:
    mine, other = await desk.agent("小王"), await desk.agent("小李", 1)
    await desk.push(delivery="pull")
    group = await desk.group("售后", {other: 1})
    talk, _ = await desk.stage.waiting_conversation()
    await desk.stage.take(talk, mine)
    client = await door.agent(mine)
    path = f"/v1/conversations/{talk}/transfer"
    moved = (await client.post(path, json={"agent_id": str(other), "note": "客户要换尺码"})).json()
    assert (moved["agent"]["work_name"], moved["routing"]["by"]) == ("小李", "transfer")
    assert (await client.post(path, json={"agent_id": str(mine)})).json()["code"] == "taken", "it is not his any more"
    notes = await desk.do("select text, agent_id from notes where conversation_id = $1", talk)
    assert [tuple(row) for row in notes] == [("客户要换尺码", mine)]
    full, _ = await desk.stage.waiting_conversation()
    await desk.stage.take(full, mine)
    refused = await client.post(f"/v1/conversations/{full}/transfer", json={"agent_id": str(other)})
    assert (refused.status_code, refused.json()["code"]) == (409, "at_cap")
    assert await desk.owner(full) == mine
    queued = (await client.post(f"/v1/conversations/{full}/transfer", json={"group_id": str(group)})).json()
    assert (queued["handled_by"], queued["routing"]["group_id"]) == ("queue", str(group))
    await desk.assign()
    assert (await desk.stage.state(full))["group_id"] == group, "the group that a person chose stays"
    assert (await desk.stage.events(full))[-1] == "conversation_transferred"
    nowhere = await client.post(f"/v1/conversations/{full}/transfer", json={})
    assert nowhere.status_code == 400


async def test_the_end_of_a_shift_hands_over_everything_with_a_note_and_nothing_comes_back(
    door: Door, desk: Desk
) -> None:
    going, staying = await desk.agent("小走"), await desk.agent("小留")
    await desk.push()
    talks = []
    for _ in range(3):
        talk, _ = await desk.stage.waiting_conversation()
        await desk.stage.take(talk, going)
        talks.append(talk)
    await desk.stage.speak(talks[0], going)
    client = await door.agent(going)
    assert (await client.post("/v1/agents/me/end-of-shift", json={"note": "明早继续"})).json() == {"handed_over": 3}
    changes = await desk.assign()
    assert {change.conversation_id for change in changes} == set(talks)
    assert {await desk.owner(talk) for talk in talks} == {staying}
    notes = await desk.do("select text from notes where conversation_id = any($1)", talks)
    assert [row["text"] for row in notes] == ["明早继续"] * 3
    assert (await client.put("/v1/agents/me/state", json={"state": "online"})).status_code == 204
    await desk.see(going)
    assert (await client.get("/v1/queue")).json()["agents"][0]["state"] == "online"


async def test_the_mode_of_a_shop_is_kept_with_its_week(door: Door) -> None:
    admin = await door.agent(door.stage.ground.agent_id)
    path = f"/v1/shops/{door.stage.ground.shop_id}/mode"
    assert (await admin.get(path)).json()["now"] == "assistant_first"
    hours = {"days": [{"day": day, "from": "00:00", "to": "24:00", "mode": "person_first"} for day in range(1, 8)]}
    kept = (await admin.put(path, json={"usual": "assistant_only", "hours": hours})).json()
    assert (kept["usual"], kept["now"], len(kept["hours"]["days"])) == ("assistant_only", "person_first", 7)
    wrong = {"days": [{"day": 1, "from": "24:00", "to": "08:00", "mode": "person_first"}]}
    assert (await admin.put(path, json={"usual": "assistant_first", "hours": wrong})).status_code == 400
    assert (await admin.put(path, json={"usual": "nobody"})).status_code == 400
