"""Follow-up items over HTTP: made of a message, listed, reminded of once, told to the customer."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.conversations.door import Door
from tests.conversations.stage import Stage
from yingke.conversations.follow_ups.follow_up import DUE
from yingke.conversations.follow_ups.remind_due import remind_due
from yingke.kit.ids import show_id
from yingke.kit.jobs import Job
from yingke.kit.live import Hub


async def _post(client: httpx.AsyncClient, path: str, body: Any, key: str = "") -> httpx.Response:
    return await client.post(path, json=body, headers={"Idempotency-Key": key or secrets.token_hex(8)})


async def _furnished(stage: Stage, door: Door) -> tuple[httpx.AsyncClient, int, str, dict[str, Any]]:
    """(client of an agent, his id, the conversation, a follow-up due in two hours made of his message)."""
    agent = await stage.new_agent()
    client = await door.agent(agent)
    conversation, _ = await stage.waiting_conversation()
    said = await stage.speak(conversation, agent, "我下午给您回复")
    body = {
        "conversation_id": show_id(conversation),
        "message_id": show_id(said.message_id),
        "title": "回复发货时间",
        "kind": "reply",
        "order_number": "A1001",
        "due_at": (datetime.now(UTC) + timedelta(hours=2)).isoformat(),
    }
    made = await _post(client, "/v1/follow-ups", body)
    assert made.status_code == 201, made.text
    return client, agent, show_id(conversation), made.json()


async def test_a_follow_up_is_made_of_a_message_once(stage: Stage, door: Door) -> None:
    client, agent, conversation, item = await _furnished(stage, door)
    assert (item["agent_id"], item["state"], item["is_overdue"]) == (show_id(agent), "open", False)
    again = {"conversation_id": conversation, "message_id": item["message_id"], "title": "又一次"}
    answer = await _post(client, "/v1/follow-ups", again)
    assert (answer.status_code, answer.json()["code"]) == (409, "followed_already")
    key = secrets.token_hex(8)
    first, second = [
        (await _post(client, "/v1/follow-ups", {"conversation_id": conversation, "title": "同一次"}, key)).json()["id"]
        for _ in range(2)
    ]
    assert first == second
    assert "follow_up_created" in await stage.events(int(conversation))


async def test_what_changes_stands_in_the_log_and_comes_with_words_for_the_customer(stage: Stage, door: Door) -> None:
    client, _, conversation, item = await _furnished(stage, door)
    path = f"/v1/follow-ups/{item['id']}"
    await _post(client, f"{path}/notes", {"text": "仓库说下午出库"})
    answer = (await client.patch(path, json={"state": "done"})).json()
    assert (answer["item"]["state"], answer["item"]["done_at"] is not None) == ("done", True)
    assert [line["kind"] for line in answer["log"]] == ["note", "state"]
    assert "处理好了" in answer["words"]
    before = len(await stage.messages(int(conversation)))
    told = await _post(client, f"{path}/message", {"text": answer["words"]}, "told")
    again = await _post(client, f"{path}/message", {"text": answer["words"]}, "told")
    assert (told.status_code, again.status_code) == (200, 200)
    messages = await stage.messages(int(conversation))
    assert len(messages) == before + 1
    assert messages[-1]["text"] == answer["words"]
    assert [line["kind"] for line in again.json()["log"]] == ["note", "state", "told"]


async def test_words_to_the_customer_pass_the_word_guard_too(stage: Stage, door: Door) -> None:
    client, _, conversation, item = await _furnished(stage, door)
    before = len(await stage.messages(int(conversation)))
    answer = await _post(client, f"/v1/follow-ups/{item['id']}/message", {"text": "我们是全国第一品牌"})
    assert (answer.status_code, answer.json()["code"]) == (422, "words_need_a_look")
    assert len(await stage.messages(int(conversation))) == before


async def test_the_list_knows_mine_todays_and_overdue_ones(stage: Stage, door: Door) -> None:
    client, agent, conversation, item = await _furnished(stage, door)
    other = await stage.new_agent("小李")
    past = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    late = (
        await _post(client, "/v1/follow-ups", {"conversation_id": conversation, "title": "逾期的", "due_at": past})
    ).json()
    await _post(
        client, "/v1/follow-ups", {"conversation_id": conversation, "title": "别人的", "agent_id": show_id(other)}
    )

    async def titles(query: str) -> list[str]:
        return [one["title"] for one in (await client.get(f"/v1/follow-ups?{query}")).json()["items"]]

    assert await titles("view=mine") == ["逾期的", "回复发货时间"]
    assert await titles("due=overdue") == ["逾期的"]
    assert await titles("view=all") == ["逾期的", "回复发货时间", "别人的"]
    assert await titles("q=A1001") == ["回复发货时间"]
    counts = (await client.get("/v1/follow-ups/counts")).json()
    assert (counts["mine"], counts["overdue"], counts["all"], counts["nobodys"]) == (2, 1, 3, 0)
    await client.patch(f"/v1/follow-ups/{late['id']}", json={"state": "dropped", "agent_id": None})
    assert await titles("ended=true") == ["逾期的"]
    assert await titles("view=mine") == ["回复发货时间"]
    assert agent
    assert item


async def test_five_thousand_items_are_read_page_by_page_each_once(stage: Stage, door: Door) -> None:
    client, agent, conversation, _ = await _furnished(stage, door)
    await stage.do(
        lambda tx: tx.execute(
            "insert into follow_ups (workspace_id, conversation_id, kind, title, agent_id, due_at)"
            " select $1, $2, 'other', 'n' || n, $3, case when n % 5 = 0 then null"
            " else now() + make_interval(mins => n / 3) end from generate_series(1, 5000) n",
            stage.workspace_id,
            int(conversation),
            agent,
        )
    )
    seen: list[str] = []
    after, pages = "", 0
    while pages < 40:
        page = (await client.get(f"/v1/follow-ups?view=mine&limit=200{after}")).json()
        seen += [one["id"] for one in page["items"]]
        pages += 1
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(seen) == len(set(seen)) == 5001
    plan = await stage.do(
        lambda tx: tx.fetch(
            "explain select * from follow_ups f where f.workspace_id = $1 and f.state in ('open', 'doing', 'waiting')"
            " and f.agent_id = $2 order by f.due_at, f.id limit 50",
            stage.workspace_id,
            agent,
        )
    )
    assert any("follow_ups_" in row[0] for row in plan), [row[0] for row in plan]


async def test_a_reminder_is_given_once_a_due_time_and_not_for_what_is_done(stage: Stage, door: Door) -> None:
    client, _, conversation, item = await _furnished(stage, door)
    rows = await stage.do(lambda tx: tx.fetch("select data, run_at from jobs where kind = $1", DUE))
    data = next(row["data"] for row in rows if show_id(row["data"]["id"]) == item["id"])
    job = Job(1, stage.workspace_id, "", DUE, "", data, 1)

    async def reminders() -> int:
        await remind_due(stage.ground.db, Hub(), job)
        return (await stage.events(int(conversation))).count("follow_up_due")

    assert [await reminders(), await reminders()] == [1, 1]
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await client.patch(f"/v1/follow-ups/{item['id']}", json={"due_at": later})
    assert await reminders() == 1
    await client.patch(f"/v1/follow-ups/{item['id']}", json={"state": "done"})
    job = Job(1, stage.workspace_id, "", DUE, "", {"id": int(item["id"]), "due_at": later}, 1)
    assert await reminders() == 1


async def test_an_agent_of_another_shop_does_not_see_it(stage: Stage, door: Door) -> None:
    _, _, _, item = await _furnished(stage, door)
    await stage.do(lambda tx: tx.execute("update shops set all_agents = false where id = $1", stage.ground.shop_id))
    stranger = await door.agent(await stage.new_agent("外人"))
    assert (await stranger.get(f"/v1/follow-ups/{item['id']}")).status_code == 404
    assert (await stranger.patch(f"/v1/follow-ups/{item['id']}", json={"state": "done"})).status_code == 404
    assert (await stranger.get("/v1/follow-ups")).json()["items"] == []


async def test_a_sentence_is_offered_as_a_follow_up(stage: Stage, door: Door) -> None:
    client = await door.agent(await stage.new_agent())
    found = (await client.post("/v1/follow-ups/proposal", json={"text": "我明天给您回复"})).json()
    assert (found["is_promise"], found["kind"], found["due_at"] is not None) == (True, "reply", True)
    assert not (await client.post("/v1/follow-ups/proposal", json={"text": "这款是纯棉的"})).json()["is_promise"]


async def _file(stage: Stage, owner_kind: str, owner_id: int) -> str:
    return show_id(
        await stage.do(
            lambda tx: tx.fetchval(
                "insert into files (workspace_id, sha256, name, media_type, size, owner_kind, owner_id)"
                " values ($1, $2, 'lamp.png', 'image/png', 5, $3, $4) returning id",
                stage.workspace_id,
                secrets.token_bytes(32),
                owner_kind,
                owner_id,
            )
        )
    )


async def test_pictures_of_the_agent_or_the_customer_are_kept_with_it_and_seen_by_the_team(
    stage: Stage, door: Door
) -> None:
    client, agent, conversation, item = await _furnished(stage, door)
    identity = await stage.do(
        lambda tx: tx.fetchval("select identity_id from conversations where id = $1", int(conversation))
    )
    mine, theirs = await _file(stage, "agent", agent), await _file(stage, "identity", identity)
    changed = await client.patch(f"/v1/follow-ups/{item['id']}", json={"file_ids": [mine, theirs]})
    assert [one["id"] for one in changed.json()["files"]] == [mine, theirs]
    colleague = await door.agent(await stage.new_agent())
    seen = (await colleague.get(f"/v1/follow-ups/{item['id']}")).json()
    assert [(one["name"], one["media_type"]) for one in seen["files"]] == [("lamp.png", "image/png")] * 2
    assert all(one["url"] for one in seen["files"])
    kept = await stage.do(lambda tx: tx.fetchval("select count(used_at) from files"))
    assert kept == 2, "the sweep leaves them alone"
    removed = await client.patch(f"/v1/follow-ups/{item['id']}", json={"file_ids": [theirs]})
    assert [one["id"] for one in removed.json()["files"]] == [theirs]


async def test_what_somebody_else_uploaded_cannot_be_attached(stage: Stage, door: Door) -> None:
    client, _, conversation, item = await _furnished(stage, door)
    _, stranger = await stage.waiting_conversation()
    for other in (await _file(stage, "identity", stranger), await _file(stage, "agent", await stage.new_agent())):
        answer = await client.patch(f"/v1/follow-ups/{item['id']}", json={"file_ids": [other]})
        assert answer.status_code == 404
        body = {"conversation_id": conversation, "title": "补发", "file_ids": [other]}
        assert (await _post(client, "/v1/follow-ups", body)).status_code == 404
