"""The live stream of the workbench: complete, resumable, bounded, and closed to strangers."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.agent_client import AgentClient, Workplace, open_workplace
from tests.conftest import Ground, NewGround
from tests.conversations.stage import Stage
from yingke.conversations.receive import ConversationClosed, Receiver
from yingke.conversations.reply import Replier
from yingke.kit.events import record_event


@pytest.fixture
async def place(ground: Ground, tmp_path: Path) -> AsyncIterator[Workplace]:
    stage = Stage(ground, Receiver(ground.db, "test"), Replier(ground.db))
    async with open_workplace(stage, tmp_path) as place:
        yield place


async def test_what_happens_is_told_with_the_newest_state(place: Workplace) -> None:
    stage = place.stage
    agent_id = await stage.new_agent("小王")
    client = await (await place.open(agent_id)).ready()
    conversation_id, _ = await stage.waiting_conversation()
    await client.until(lambda it: "message_created" in it.events())
    desk = await place.door.agent(agent_id)
    await desk.post(f"/v1/conversations/{conversation_id}/take-over")
    await client.until(lambda it: "conversation_taken_over" in it.events())
    state = client.state[str(conversation_id)]
    assert (state["handled_by"], state["agent"]["work_name"], state["unread"]) == ("agent", "小王", 1)
    assert all("text" not in frame for frame in client.of("event")), "bodies only in opened conversations"
    assert not client.of("message")
    await client.leave()


async def test_a_list_plus_the_events_is_the_list_fetched_later(place: Workplace) -> None:
    stage = place.stage
    agents = [await stage.new_agent("甲"), await stage.new_agent("乙")]
    talks = [await stage.ground.new_conversation() for _ in range(6)]
    contacts = await stage.do(lambda tx: tx.fetch("select id from contacts"))
    contacts = [row["id"] for row in contacts]
    desks = [await place.door.agent(agent) for agent in agents]
    clients = [await (await place.open(agent)).ready() for agent in agents]
    for desk, client in zip(desks, clients, strict=True):
        listed = (await desk.get("/v1/conversations?limit=200")).json()["items"]
        client.state = {talk["id"]: talk for talk in listed} | client.state

    async def visitors() -> None:
        for _ in range(60):
            conversation_id, identity_id = random.choice(talks)
            with contextlib.suppress(ConversationClosed):
                stored = await stage.ask(conversation_id, identity_id)
                if random.random() < 0.4:
                    await stage.answer(conversation_id, stored.seq, stored.generation)

    async def work(desk: Any) -> None:
        for _ in range(60):
            path = f"/v1/conversations/{random.choice(talks)[0]}"
            key = {"Idempotency-Key": str(random.random())}
            calls = [
                lambda p=path: desk.post(f"{p}/take-over"),
                lambda p=path, k=key: desk.post(f"{p}/messages", json={"text": "您好"}, headers=k),
                lambda p=path: desk.post(f"{p}/hand-back"),
                lambda p=path: desk.post(f"{p}/closure"),
                lambda p=path: desk.delete(f"{p}/closure"),
                lambda p=path: desk.put(f"{p}/read", json={"seq": random.randint(0, 40)}),
                lambda p=path: desk.post(f"{p}/notes", json={"text": "备注"}),
                lambda: desk.patch(f"/v1/contacts/{random.choice(contacts)}", json={"name": f"客户{random.random()}"}),
            ]
            answer = await random.choice(calls)()
            assert answer.status_code < 300 or answer.status_code == 409, answer.text

    await asyncio.gather(visitors(), *(work(desk) for desk in desks))
    for desk, client in zip(desks, clients, strict=True):
        later = {talk["id"]: talk for talk in (await desk.get("/v1/conversations?limit=200")).json()["items"]}
        await client.until(lambda it, wanted=later: it.state == wanted)
        assert client.close_code is None
        await client.leave()


async def test_a_cursor_resumes_without_gap_or_repeat(place: Workplace) -> None:
    stage = place.stage
    agent_id = await stage.new_agent()
    first = await (await place.open(agent_id)).ready()
    conversation_id, identity_id = await stage.waiting_conversation()
    await first.until(lambda it: it.of("event"))
    await first.leave()
    for _ in range(350):
        await stage.ask(conversation_id, identity_id)
    second = await (await place.open(agent_id, after=first.cursor)).ready()
    await second.until(lambda it: len(it.of("event")) >= 350)
    await stage.ask(conversation_id, identity_id)
    place.house.hub.ring("events")
    await second.until(lambda it: len(it.of("event")) >= 351)
    assert not second.of("resync")
    seqs = [frame["seq"] for frame in first.of("event") + second.of("event")]
    assert seqs == list(range(1, 353))
    await second.leave()


async def test_an_old_or_foreign_cursor_gets_a_resync_instead_of_silence(place: Workplace) -> None:
    stage = place.stage
    agent_id = await stage.new_agent()
    before = await (await place.open(agent_id)).ready()
    await before.leave()
    await stage.waiting_conversation()
    await stage.do(lambda tx: tx.execute("update events set created_at = now() - interval '25 hours'"))
    for cursor in (before.cursor, f"{2**62}-1"):
        client = await (await place.open(agent_id, after=cursor)).ready()
        assert client.of("resync")
        await stage.waiting_conversation()
        place.house.hub.ring("events")
        await client.until(lambda it: "message_created" in it.events())
        await client.leave()


async def test_too_many_missed_events_get_a_resync(place: Workplace) -> None:
    stage = place.stage
    agent_id = await stage.new_agent()
    before = await (await place.open(agent_id)).ready()
    await before.leave()
    await stage.do(
        lambda tx: tx.execute(
            "insert into events (workspace_id, type) select $1, 'gap_created' from generate_series(1, 10001)",
            stage.workspace_id,
        )
    )
    client = await (await place.open(agent_id, after=before.cursor)).ready()
    assert client.of("resync")
    await client.leave()


async def test_an_opened_conversation_brings_its_messages_in_order(place: Workplace) -> None:
    stage = place.stage
    conversation_id, identity_id = await stage.waiting_conversation(texts=3)
    client = await (await place.open(await stage.new_agent())).ready()
    client.send({"type": "open", "conversation_id": str(conversation_id), "after_seq": 1})
    await client.until(lambda it: len(it.of("message")) == 2)
    await stage.ask(conversation_id, identity_id, "第四句")
    place.house.hub.hint(conversation_id)
    await client.until(lambda it: len(it.of("message")) == 3)
    assert [frame["message"]["seq"] for frame in client.of("message")] == [2, 3, 4]
    place.house.hub.signal(conversation_id, {"type": "reply_delta", "reply_id": "r", "n": 1, "text": "您"})
    place.house.hub.signal(conversation_id, {"type": "queue", "position": 3})
    await client.until(lambda it: it.of("reply_delta"))
    client.send({"type": "close", "conversation_id": str(conversation_id)})
    await stage.ask(conversation_id, identity_id, "第五句")
    place.house.hub.hint(conversation_id)
    await client.until(lambda it: it.state.get(str(conversation_id), {}).get("last_seq") == 5)
    assert len(client.of("message")) == 3
    assert not client.of("queue"), "places are for the visitor"
    await client.leave()


async def test_nothing_of_another_workspace_can_be_opened_or_heard(place: Workplace, new_ground: NewGround) -> None:
    ground = await new_ground()
    other = Stage(ground, Receiver(ground.db, "test"), Replier(ground.db))
    foreign, _ = await other.waiting_conversation()
    client = await (await place.open(await place.stage.new_agent())).ready()
    for bad in (foreign, 10**15, "x", None, -1):
        client.send({"type": "open", "conversation_id": str(bad), "after_seq": 0})
    await client.until(lambda it: len(it.of("refused")) == 5)
    await other.waiting_conversation()
    own, _ = await place.stage.waiting_conversation()
    place.house.hub.ring("events")
    await client.until(lambda it: it.state)
    assert set(client.state) == {str(own)}
    assert not client.of("message")
    await client.leave()


@pytest.mark.parametrize(
    ("headers", "query"),
    [([(b"origin", b"https://evil.example")], b""), ([(b"origin", b"null")], b""), ([], b"key=yk_abc")],
)
async def test_a_foreign_page_or_a_key_in_the_address_is_refused_before_the_handshake(
    place: Workplace, headers: list[tuple[bytes, bytes]], query: bytes
) -> None:
    client = await place.open(place.stage.ground.agent_id, headers=headers, query=query)
    await client.until(lambda it: it.close_code)
    assert not client.is_accepted


async def test_a_hello_without_session_or_with_a_wrong_token_is_closed_with_4001(place: Workplace) -> None:
    stranger = AgentClient(place.house, [(b"host", b"kf.example.com")])
    stranger.send({"type": "hello", "after": None})
    forger = await place.open(place.stage.ground.agent_id, csrf_token="wrong")
    early = AgentClient(place.house, [(b"host", b"kf.example.com")])
    early.send({"type": "open", "conversation_id": "1"})
    for client in (stranger, forger, early):
        await client.until(lambda it: it.close_code == 4001)
        assert not client.of("ready")


async def test_a_program_says_its_key_in_the_first_frame_and_needs_the_scope(place: Workplace) -> None:
    listener = await place.door.program("events:read")
    stranger = await place.door.program("conversations:read")
    clients = []
    for program in (listener, stranger):
        client = AgentClient(place.house, [(b"host", b"kf.example.com")])
        client.send({"type": "hello", "api_key": program.headers["Authorization"].removeprefix("Bearer ")})
        clients.append(await client.ready())
    assert clients[1].close_code == 4001
    conversation_id, _ = await place.stage.waiting_conversation()
    place.house.hub.ring("events")
    await clients[0].until(lambda it: it.of("event"))
    clients[0].send({"type": "open", "conversation_id": str(conversation_id), "after_seq": 0})
    await clients[0].until(lambda it: it.of("refused"))
    assert not clients[0].state, "that something happened, not what the conversation looks like"
    await clients[0].leave()


async def test_a_workbench_that_stops_reading_is_cut_with_4008_and_others_hear_on(place: Workplace) -> None:
    stage = place.stage
    slow = await (await place.open(await stage.new_agent())).ready()
    good = await (await place.open(await stage.new_agent())).ready()
    conversation_id, identity_id = await stage.waiting_conversation()
    slow.send({"type": "open", "conversation_id": str(conversation_id), "after_seq": 0})
    await slow.until(lambda it: it.of("message"))
    slow.reading.clear()
    for number in range(300):
        await stage.ask(conversation_id, identity_id)
        place.house.hub.signal(conversation_id, {"type": "typing", "conversation_id": "1", "from": "contact"})
        if number % 20 == 0:
            place.house.hub.hint(conversation_id)
    place.house.hub.hint(conversation_id)
    await slow.until(lambda it: it.close_code == 4008)
    await good.until(lambda it: it.state and it.state[str(conversation_id)]["last_seq"] == 301)
    slow.reading.set()
    await good.leave()


async def test_a_shop_taken_away_from_an_agent_is_heard_no_more(place: Workplace) -> None:
    stage = place.stage
    client = await (await place.open(await stage.new_agent())).ready()

    async def take_away(tx: Any) -> None:
        await tx.execute("update shops set all_agents = false where id = $1", stage.ground.shop_id)
        await record_event(tx, stage.workspace_id, "shop_updated", {"shop_id": str(stage.ground.shop_id)})

    await stage.do(take_away)
    place.house.hub.ring("events")
    await client.until(lambda it: it.of("resync"))
    conversation_id, _ = await stage.waiting_conversation()
    await stage.do(lambda tx: record_event(tx, stage.workspace_id, "gap_created", {}))
    place.house.hub.ring("events")
    await client.until(lambda it: "gap_created" in it.events())
    assert str(conversation_id) not in client.state
    assert "message_created" not in client.events()
    await client.leave()


async def test_presence_is_written_and_told_to_colleagues(place: Workplace) -> None:
    stage = place.stage
    first = await (await place.open(await stage.new_agent("甲"))).ready()
    agent_id = await stage.new_agent("乙")
    second = await (await place.open(agent_id)).ready()
    told = {"type": "presence", "agent_id": str(agent_id), "state": "online"}
    await first.until(lambda it: told in it.frames)
    watched = await stage.do(lambda tx: tx.fetchval("select count(*) from jobs where kind = 'watch_agent'"))
    assert watched == 2
    await first.leave()
    await second.leave()
