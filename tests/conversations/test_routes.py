"""The whole of a desk's day over HTTP, with foreign ids, wrong bodies and lost answers."""

import asyncio
from typing import Any

import pytest

from tests.conftest import NewGround
from tests.conversations.door import Door
from tests.conversations.stage import Stage
from yingke.conversations.receive import Receiver
from yingke.conversations.reply import Replier

FOREIGN = ("GET", "", None), ("GET", "/messages", None), ("POST", "/messages", {"text": "喂"}), \
    ("POST", "/take-over", {}), ("POST", "/hand-back", {}), ("POST", "/closure", {}), ("DELETE", "/closure", None), \
    ("PUT", "/read", {"seq": 1}), ("POST", "/typing", None), ("GET", "/notes", None), ("POST", "/notes", {"text": "喂"}), \
    ("GET", "/transcript", None)  # fmt: skip


async def test_two_agents_who_take_over_at_once_hear_who_won(stage: Stage, door: Door) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    first, second = await stage.new_agent("甲"), await stage.new_agent("乙")
    desks = [await door.agent(first), await door.agent(second)]
    path = f"/v1/conversations/{conversation_id}/take-over"
    answers = await asyncio.gather(*(desk.post(path) for desk in desks))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    won = next(answer for answer in answers if answer.status_code == 200).json()
    lost = next(answer for answer in answers if answer.status_code == 409).json()
    assert lost["code"] == "taken"
    assert lost["agent"]["id"] == won["agent"]["id"]
    assert lost["agent"]["work_name"] in lost["detail"]
    assert (won["handled_by"], won["generation"]) == ("agent", 2)


async def test_a_message_of_an_agent_is_told_to_whoever_watches_and_acked_again_when_repeated(
    stage: Stage, door: Door
) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    desk = await door.agent(await stage.new_agent("小王"))
    rung: list[int] = []
    door.hub.on_outward = lambda conversation, seq, frame: rung.append(conversation)
    path, headers = f"/v1/conversations/{conversation_id}/messages", {"Idempotency-Key": "k1"}
    first = await desk.post(path, json={"type": "text", "text": "您好"}, headers=headers)
    again = await desk.post(path, json={"type": "text", "text": "您好"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    message = first.json()
    assert (message["from"], message["text"], message["seq"]) == ("agent", "您好", 3)
    assert message["agent"]["work_name"] == "小王"
    assert rung
    assert set(rung) == {conversation_id}
    history = (await desk.get(path)).json()
    assert [m["from"] for m in history["items"]] == ["contact", "system", "agent"]
    assert history["has_more"] is False
    older = (await desk.get(path, params={"before_seq": 3, "limit": 1})).json()
    assert ([m["seq"] for m in older["items"]], older["has_more"]) == ([2], True)
    newer = (await desk.get(path, params={"after_seq": 1, "limit": 1})).json()
    assert ([m["seq"] for m in newer["items"]], newer["has_more"]) == ([2], True)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"text": ""}, "k"),
        ({"text": "  "}, "k"),
        ({"text": "a\0b"}, "k"),
        ({"text": "x" * 5001}, "k"),
        ({"type": "video", "text": "x"}, "k"),
        ({"type": "image"}, "k"),
        ({"type": "text", "text": "x", "file_id": "1"}, "k"),
        ({"text": "x"}, ""),
        ({"text": 5}, "k"),
        ([], "k"),
    ],
)
async def test_what_cannot_be_said_is_refused_and_leaves_no_trace(
    stage: Stage, door: Door, body: Any, key: str
) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    desk = await door.agent(stage.ground.agent_id)
    headers = {"Idempotency-Key": key} if key else {}
    answer = await desk.post(f"/v1/conversations/{conversation_id}/messages", json=body, headers=headers)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    state = await stage.state(conversation_id)
    assert (state["handled_by"], state["last_seq"]) == ("assistant", 1)


@pytest.mark.parametrize(("method", "path", "body"), FOREIGN)
async def test_another_workspaces_conversation_is_not_found_anywhere(
    stage: Stage, door: Door, new_ground: NewGround, method: str, path: str, body: Any
) -> None:
    ground = await new_ground()
    other = Stage(ground, Receiver(ground.db, "test"), Replier(ground.db))
    foreign, _ = await other.waiting_conversation()
    desk = await door.agent(stage.ground.agent_id)
    for number in (foreign, "999999999999", "1e3", "-1", "x", "9" * 30):
        answer = await desk.request(
            method, f"/v1/conversations/{number}{path}", json=body, headers={"Idempotency-Key": "k"}
        )
        assert answer.status_code == 404, (number, answer.text)
    assert (await other.state(foreign))["last_seq"] == 1


async def test_contacts_saved_replies_and_left_messages_of_others_are_not_found(
    stage: Stage, door: Door, new_ground: NewGround
) -> None:
    ground = await new_ground()
    async with ground.db.transaction(ground.workspace_id) as tx:
        contact = await tx.fetchval(
            "insert into contacts (workspace_id, name) values ($1, '外人') returning id", ground.workspace_id
        )
        reply = await tx.fetchval(
            "insert into saved_replies (workspace_id, title, text) values ($1, 't', 't') returning id",
            ground.workspace_id,
        )
    desk = await door.agent(stage.ground.agent_id)
    calls = [
        ("GET", f"/v1/contacts/{contact}", None),
        ("PATCH", f"/v1/contacts/{contact}", {"name": "我的"}),
        ("PATCH", f"/v1/saved-replies/{reply}", {"title": "x"}),
        ("DELETE", f"/v1/saved-replies/{reply}", None),
        ("POST", "/v1/left-messages/1/handling", None),
    ]
    for method, path, body in calls:
        answer = await desk.request(method, path, json=body)
        assert answer.status_code == 404, (path, answer.text)


async def test_a_program_needs_its_scope_and_the_name_of_an_agent(stage: Stage, door: Door) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent("小王")
    reader, writer = await door.program("conversations:read"), await door.program("conversations:write")
    path, headers = f"/v1/conversations/{conversation_id}/messages", {"Idempotency-Key": "k"}
    assert (await reader.get(path)).status_code == 200
    assert (await reader.post(path, json={"text": "喂"}, headers=headers)).status_code == 403
    assert (await writer.post(path, json={"text": "喂"}, headers=headers)).status_code == 400
    sent = await writer.post(path, json={"text": "喂", "agent_id": str(agent_id)}, headers=headers)
    assert sent.status_code == 201
    assert (await stage.state(conversation_id))["agent_id"] == agent_id
    assert (await reader.get("/v1/conversations?view=mine")).status_code == 400


async def test_an_agent_sees_only_the_shops_that_he_serves(stage: Stage, door: Door) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    desk, owner = await door.agent(agent_id), await door.agent(stage.ground.agent_id)
    await stage.do(lambda tx: tx.execute("update shops set all_agents = false where id = $1", stage.ground.shop_id))
    assert (await desk.get("/v1/conversations")).json()["items"] == []
    assert (await desk.get(f"/v1/conversations/{conversation_id}")).status_code == 404
    assert (await desk.post(f"/v1/conversations/{conversation_id}/take-over")).status_code == 404
    assert len((await owner.get("/v1/conversations")).json()["items"]) == 1
    await stage.do(
        lambda tx: tx.execute(
            "insert into shop_agents (workspace_id, shop_id, agent_id) values ($1, $2, $3)",
            stage.workspace_id,
            stage.ground.shop_id,
            agent_id,
        )
    )
    assert (await desk.post(f"/v1/conversations/{conversation_id}/take-over")).status_code == 200


async def test_an_ordinary_agent_cannot_force_but_an_admin_can(stage: Stage, door: Door) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    await stage.take(conversation_id, await stage.new_agent("甲"))
    agent = await door.agent(await stage.new_agent("乙"))
    admin = await door.agent(await stage.new_agent("丙", "admin"))
    path = f"/v1/conversations/{conversation_id}/take-over"
    assert (await agent.post(path, json={"force": True})).status_code == 409
    assert (await admin.post(path)).status_code == 409
    assert (await admin.post(path, json={"force": True})).status_code == 200


async def test_notes_reading_closing_and_the_contact_work_together(stage: Stage, door: Door) -> None:
    conversation_id, identity_id = await stage.waiting_conversation(texts=2)
    desk = await door.agent(await stage.new_agent("小王"))
    path = f"/v1/conversations/{conversation_id}"
    note = await desk.post(f"{path}/notes", json={"text": "要发票"}, headers={"Idempotency-Key": "n1"})
    same = await desk.post(f"{path}/notes", json={"text": "要发票"}, headers={"Idempotency-Key": "n1"})
    assert (note.status_code, same.status_code, note.json()) == (201, 200, same.json())
    assert [n["text"] for n in (await desk.get(f"{path}/notes")).json()["items"]] == ["要发票"]
    assert (await desk.get(path)).json()["unread"] == 2
    assert (await desk.put(f"{path}/read", json={"seq": 2})).status_code == 204
    talk = (await desk.get(path)).json()
    assert talk["unread"] == 0
    changed = await desk.patch(
        f"/v1/contacts/{talk['contact']['id']}", json={"name": "王女士", "tags": ["老客户", "老客户"]}
    )
    assert changed.json()["name"] == "王女士"
    assert changed.json()["tags"] == ["老客户"]
    assert [c["id"] for c in changed.json()["conversations"]] == [str(conversation_id)]
    found = (await desk.get("/v1/conversations", params={"q": "王女"})).json()["items"]
    assert [c["contact"]["name"] for c in found] == ["王女士"]
    assert (await desk.get("/v1/conversations", params={"q": "100%_"})).json()["items"] == []
    assert (await desk.post(f"{path}/closure")).json()["status"] == "closed"
    assert (await desk.delete(f"{path}/closure")).json()["status"] == "open"
    text = await desk.get(f"{path}/transcript", params={"format": "csv"})
    assert "attachment" in text.headers["content-disposition"]
    audited = await stage.do(
        lambda tx: tx.fetchval("select count(*) from audit_log where action = 'transcript.exported'")
    )
    assert audited == 1
    assert (await stage.ask(conversation_id, identity_id)).seq > 2
