"""From the assistant to a person: once, with a place, an honest wait, and nobody forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conversations.stage import Stage, seqs_of
from yingke.kit.live import Hub, Watcher
from yingke.routing.hand_off import HandedOff, hand_off
from yingke.routing.queue_place import queue_place, queue_places
from yingke.routing.release_agent import release_agent
from yingke.routing.tell_queue import QueueTeller
from yingke.workspaces.presence import touch_presence
from yingke.workspaces.watch_agent import watch_agent


async def _hand_off(stage: Stage, conversation_id: int, generation: int | None = None) -> HandedOff | None:
    return await stage.do(
        lambda tx: hand_off(
            tx, stage.workspace_id, conversation_id, generation=generation, reason="asked", through_seq=1
        )
    )


async def _queued(stage: Stage) -> int:
    conversation_id, _ = await stage.waiting_conversation()
    await _hand_off(stage, conversation_id, 1)
    return conversation_id


async def _see(stage: Stage, agent_id: int, seconds_ago: float = 0) -> None:
    await touch_presence(stage.ground.db, "test", [(stage.workspace_id, agent_id, None)])
    await stage.do(
        lambda tx: tx.execute(
            "update agent_presence set last_seen = now() - make_interval(secs => $2) where agent_id = $1",
            agent_id,
            seconds_ago,
        )
    )


async def test_a_hand_off_ends_what_the_assistant_owed_and_keeps_the_waiting_clock(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    before = await stage.state(conversation_id)
    done = await _hand_off(stage, conversation_id, 1)
    assert done is not None
    assert done.place is not None
    assert (done.place.position, done.place.eta_seconds, done.generation) == (1, None, 2)
    state = await stage.state(conversation_id)
    assert (state["handled_by"], state["hand_off_reason"], state["answered_through_seq"]) == ("queue", "asked", 1)
    assert state["waiting_since"] == before["waiting_since"]
    assert (await stage.messages(conversation_id))[-1]["payload"] == {"code": "queued", "reason": "asked"}
    assert (await stage.answer(conversation_id, 1)).outcome == "stale"
    owed = await stage.do(
        lambda tx: tx.fetchval("select count(*) from pending_answers where conversation_id = $1", conversation_id)
    )
    assert owed == 0
    assert await stage.events(conversation_id) == ["message_created", "message_created", "conversation_queued"]


async def test_an_old_generation_hands_nothing_off(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    await stage.take(conversation_id, await stage.new_agent())
    assert await _hand_off(stage, conversation_id, 1) is None
    assert (await stage.state(conversation_id))["handled_by"] == "agent"


async def test_a_visitor_who_asks_ten_times_at_once_stands_in_the_queue_once(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    results = await asyncio.gather(*(_hand_off(stage, conversation_id) for _ in range(10)))
    assert [result.change.is_new for result in results if result].count(True) == 1
    assert all(result and result.place and result.place.position == 1 for result in results)
    assert seqs_of(await stage.messages(conversation_id)) == [1, 2]


async def test_outside_hours_the_line_says_when_the_shop_opens_and_the_queue_keeps_the_place(stage: Stage) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date()
    hours = {
        "exceptions": [],
        "days": [{"day": tomorrow.isoweekday(), "from": "09:00", "to": "09:01"}],
        "time_zone": "UTC",
    }
    await stage.do(lambda tx: tx.execute("update shops set hours = $2 where id = $1", stage.ground.shop_id, hours))
    conversation_id, _ = await stage.waiting_conversation()
    done = await _hand_off(stage, conversation_id, 1)
    assert done is not None
    assert not done.staffing.is_open
    assert done.staffing.should_leave_message
    line = (await stage.messages(conversation_id))[-1]["payload"]
    assert line["code"] == "outside_hours"
    assert line["opens_at"].startswith(tomorrow.isoformat())
    assert (await stage.state(conversation_id))["handled_by"] == "queue"


async def test_nobody_online_means_leave_a_message_and_an_agent_of_another_shop_does_not_count(stage: Stage) -> None:
    agent_id = await stage.new_agent()
    conversation_id, _ = await stage.waiting_conversation()
    done = await _hand_off(stage, conversation_id, 1)
    assert done is not None
    assert done.staffing.should_leave_message
    await _see(stage, agent_id)
    other, _ = await stage.waiting_conversation()
    done = await _hand_off(stage, other, 1)
    assert done is not None
    assert not done.staffing.should_leave_message
    await stage.do(lambda tx: tx.execute("update shops set all_agents = false where id = $1", stage.ground.shop_id))
    third, _ = await stage.waiting_conversation()
    done = await _hand_off(stage, third, 1)
    assert done is not None
    assert done.staffing.should_leave_message


async def test_places_are_by_time_in_the_queue_and_move_up(stage: Stage) -> None:
    talks = [await _queued(stage) for _ in range(4)]
    places = await stage.do(lambda tx: queue_places(tx, stage.workspace_id, talks))
    assert [places[talk].position for talk in talks] == [1, 2, 3, 4]
    await stage.take(talks[1], await stage.new_agent())
    places = await stage.do(lambda tx: queue_places(tx, stage.workspace_id, talks))
    assert {talk: place.position for talk, place in places.items()} == {talks[0]: 1, talks[2]: 2, talks[3]: 3}


async def test_the_wait_is_unknown_until_there_is_something_to_tell_it_from(stage: Stage) -> None:
    agent_id = await stage.new_agent()
    await _see(stage, agent_id)
    for number in range(3):
        waiting = await _queued(stage)
        place = await stage.do(lambda tx, it=waiting: queue_place(tx, stage.workspace_id, it))
        assert place is not None
        assert place.eta_seconds is None, f"after {number} take-overs"
        await stage.take(waiting, agent_id)
    await stage.do(lambda tx: tx.execute("update events set created_at = created_at - interval '6 minutes'"))
    first, second = await _queued(stage), await _queued(stage)
    places = await stage.do(lambda tx: queue_places(tx, stage.workspace_id, [first, second]))
    # Three customers in six minutes: two minutes each, rounded up to half minutes.
    assert 120 <= (places[first].eta_seconds or 0) <= 150
    assert 240 <= (places[second].eta_seconds or 0) <= 270
    await _see(stage, agent_id, seconds_ago=40)
    place = await stage.do(lambda tx: queue_place(tx, stage.workspace_id, first))
    assert place is not None
    assert place.eta_seconds is None, "nobody is there"


async def test_waiting_customers_of_an_agent_who_has_gone_are_queued_again(stage: Stage) -> None:
    agent_id = await stage.new_agent()
    waiting, _ = await stage.waiting_conversation()
    answered, identity_id = await stage.waiting_conversation()
    await stage.take(waiting, agent_id)
    await stage.speak(answered, agent_id)
    await _see(stage, agent_id, seconds_ago=40)
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert (release.changes, release.look_again) == ([], True)
    await _see(stage, agent_id, seconds_ago=46)
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert [change.conversation_id for change in release.changes] == [waiting]
    assert release.look_again, "the answered one may begin to wait"
    state = await stage.state(waiting)
    assert (state["handled_by"], state["agent_id"], state["generation"]) == ("queue", None, 3)
    assert state["queued_at"] == state["waiting_since"], "who waited keeps his turn"
    assert (await stage.state(answered))["agent_id"] == agent_id
    await stage.ask(answered, identity_id)
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert [change.conversation_id for change in release.changes] == [answered]
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert (release.changes, release.look_again) == ([], False)


async def test_one_look_out_for_an_agent_is_enough_however_often_he_enters(stage: Stage) -> None:
    agent_id = await stage.new_agent()
    for _ in range(3):
        await stage.do(lambda tx: watch_agent(tx, stage.workspace_id, agent_id))
    assert await stage.do(lambda tx: tx.fetchval("select count(*) from jobs where kind = 'watch_agent'")) == 1


class _Ear(Watcher):
    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []

    def deliver(self, conversation_id: int, seq: int, message: dict[str, Any]) -> bool:
        return True

    def signal(self, conversation_id: int, frame: dict[str, Any]) -> None:
        self.frames.append(frame)

    def cursor(self, conversation_id: int) -> int:
        return 0


async def test_waiting_visitors_hear_their_place_when_it_changes_and_only_then(stage: Stage) -> None:
    hub, ear = Hub(), _Ear()
    teller = QueueTeller(stage.ground.db, hub)
    first, second = await _queued(stage), await _queued(stage)
    hub.watch(second, ear)
    hub.signal(second, {"type": "handled_by", "handled_by": "queue"})
    await teller.tell()
    await teller.tell()
    await stage.take(first, await stage.new_agent())
    await teller.tell()
    await stage.take(second, await stage.new_agent())
    await teller.tell()
    assert [frame["position"] for frame in ear.frames if frame["type"] == "queue"] == [2, 1]


async def test_who_took_a_customer_without_a_workbench_open_loses_him_when_he_falls_silent(stage: Stage) -> None:
    """A last request of a machine whose socket had died, or a transfer to a colleague who is not there."""
    agent_id = await stage.new_agent()
    conversation_id, _ = await stage.waiting_conversation()
    await stage.take(conversation_id, agent_id)
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert (release.changes, release.look_again) == ([], True), "he has as long as anybody"
    await stage.do(lambda tx: tx.execute("update messages set created_at = created_at - interval '46 seconds'"))
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert [change.conversation_id for change in release.changes] == [conversation_id]
    release = await stage.do(lambda tx: release_agent(tx, stage.workspace_id, agent_id))
    assert (release.changes, release.look_again) == ([], False)
