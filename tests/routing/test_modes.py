"""Who speaks first, by shop and hour; and that nothing goes to and fro between the assistant and people for ever."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.conversations.stage import Stage
from tests.routing.desk import Desk
from yingke.app.hand_over import HandOver
from yingke.assistants.engine import Question, Reply
from yingke.assistants.turns import Turn
from yingke.conversations.hand_back import hand_back
from yingke.kit.errors import Problem
from yingke.kit.live import Hub
from yingke.routing.modes import ShopMode, mode_at, set_mode
from yingke.routing.overflow import overflow

MONDAY_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""


def _mode(days: list[dict[str, Any]], exceptions: list[dict[str, Any]] | None = None) -> ShopMode:
    return ShopMode("assistant_first", {"days": days, "exceptions": exceptions or []}, "Asia/Shanghai")


def test_the_week_and_its_exceptions_say_who_speaks_first() -> None:
    day = {"day": 1, "from": "09:00", "to": "18:00", "mode": "person_first"}
    night = {"day": 1, "from": "22:00", "to": "06:00", "mode": "assistant_only"}
    week = _mode([day, night])
    assert mode_at(week, MONDAY_NOON) == "person_first"
    assert mode_at(week, datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) == "assistant_first", "20:00"
    assert mode_at(week, datetime(2026, 11, 23, 21, 0, tzinfo=UTC)) == "assistant_only", (
        "Tuesday 05:00, of Monday's night"
    )
    assert mode_at(_mode([]), MONDAY_NOON) == "assistant_first"
    holiday = _mode([day], [{"date": "2026-11-23"}])
    assert mode_at(holiday, MONDAY_NOON) == "assistant_first"
    special = _mode([day], [{"date": "2026-11-23", "from": "00:00", "to": "24:00", "mode": "assistant_only"}])
    assert mode_at(special, MONDAY_NOON) == "assistant_only"
    assert mode_at(special, datetime(2026, 11, 30, 4, 0, tzinfo=UTC)) == "person_first", "a week later as usual"


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def hand_over(stage: Stage, hub: Hub) -> HandOver:
    return HandOver(stage.ground.db, hub)


async def _asked(stage: Stage, text: str) -> tuple[Turn, Question]:
    conversation_id, identity_id = await stage.ground.new_conversation()
    await stage.ask(conversation_id, identity_id, text)
    return _turn(stage, conversation_id, text)


def _turn(stage: Stage, conversation_id: int, text: str, seq: int = 1, generation: int = 1) -> tuple[Turn, Question]:
    turn = Turn(stage.workspace_id, conversation_id, stage.ground.shop_id, generation, 0)
    turn.add(seq, text, "text")
    return turn, Question(stage.workspace_id, stage.ground.shop_id, 0, conversation_id, (text,), (), "zh-CN")


async def _set(stage: Stage, mode: Any) -> None:
    desk = Desk(stage)
    await stage.do(lambda tx: set_mode(tx, desk.admin, stage.ground.shop_id, mode, {}))


async def test_where_people_speak_first_a_customer_is_queued_at_once_while_somebody_is_there(
    stage: Stage, desk: Desk, hand_over: HandOver
) -> None:
    await _set(stage, "person_first")
    await desk.agent("小王")
    turn, question = await _asked(stage, "这件有货吗")
    assert await hand_over.wants(question, turn)
    state = await stage.state(turn.conversation_id)
    assert (state["handled_by"], state["hand_off_reason"]) == ("queue", "person_first")


async def test_where_nobody_is_there_the_assistant_answers_and_says_so_once(stage: Stage, hand_over: HandOver) -> None:
    await _set(stage, "person_first")
    turn, question = await _asked(stage, "这件有货吗")
    assert not await hand_over.wants(question, turn)
    assert not await hand_over.wants(question, turn)
    lines = [row for row in await stage.messages(turn.conversation_id) if row["author"] == "system"]
    assert [(row["payload"]["code"], "AI 客服" in row["text"]) for row in lines] == [("nobody_here", True)]
    assert (await stage.state(turn.conversation_id))["answered_through_seq"] == 0, "the answer is still owed"
    assert (await stage.answer(turn.conversation_id, 1)).outcome == "stored"


async def test_what_an_agent_gave_back_stays_with_the_assistant_where_people_speak_first(
    stage: Stage, desk: Desk, hand_over: HandOver
) -> None:
    await _set(stage, "person_first")
    agent = await desk.agent("小王")
    turn, question = await _asked(stage, "这件有货吗")
    assert await hand_over.wants(question, turn)
    await stage.take(turn.conversation_id, agent)
    change = await stage.do(lambda tx: hand_back(tx, stage.workspace_id, turn.conversation_id, agent))
    turn, question = _turn(stage, turn.conversation_id, "谢谢", 1, change.generation)
    assert not await hand_over.wants(question, turn)
    assert (await stage.state(turn.conversation_id))["handled_by"] == "assistant"


@pytest.mark.parametrize("is_anybody_there", [True, False])
async def test_where_the_assistant_only_helps_people_it_never_speaks(
    stage: Stage, desk: Desk, hand_over: HandOver, is_anybody_there: bool
) -> None:
    await _set(stage, "assistant_suggests")
    agent = await desk.agent("小王")
    if not is_anybody_there:
        await desk.do("delete from agent_presence")
    turn, question = await _asked(stage, "这件有货吗")
    assert await hand_over.wants(question, turn)
    await stage.take(turn.conversation_id, agent)
    change = await stage.do(lambda tx: hand_back(tx, stage.workspace_id, turn.conversation_id, agent))
    turn, question = _turn(stage, turn.conversation_id, "谢谢", 1, change.generation)
    assert await hand_over.wants(question, turn), "also when an agent gives it back"
    assert {row["author"] for row in await stage.messages(turn.conversation_id)} == {"contact", "system"}
    assert (await stage.state(turn.conversation_id))["handled_by"] == "queue"


async def test_where_the_assistant_only_helps_people_it_fills_no_long_wait(
    stage: Stage, desk: Desk, hand_over: HandOver
) -> None:
    await _set(stage, "assistant_suggests")
    await desk.agent("小王")
    await desk.do(
        "insert into routing_settings (workspace_id, overflow_to) values ($1, 'assistant')", stage.workspace_id
    )
    turn, question = await _asked(stage, "这件有货吗")
    assert await hand_over.wants(question, turn)
    await desk.do("update conversations set queued_at = now() - interval '20 minutes'")
    await stage.do(lambda tx: overflow(tx, stage.workspace_id))
    assert (await stage.state(turn.conversation_id))["handled_by"] == "queue"
    line = (await stage.messages(turn.conversation_id))[-1]
    assert line["payload"]["code"] == "overflow_message"
    assert "AI" not in line["text"]


async def test_danger_is_the_reason_also_where_people_speak_first(
    stage: Stage, desk: Desk, hand_over: HandOver
) -> None:
    await desk.agent("小王")
    for mode in ("person_first", "assistant_suggests"):
        await _set(stage, mode)
        hand_over._receptions.forget(stage.ground.shop_id)
        turn, question = await _asked(stage, "孩子吃了你们的东西进医院了")
        assert await hand_over.wants(question, turn)
        assert (await stage.state(turn.conversation_id))["hand_off_reason"].startswith("danger:")


async def test_where_only_the_assistant_is_on_duty_a_wish_for_a_person_is_answered_with_the_hours(
    stage: Stage, desk: Desk, hand_over: HandOver
) -> None:
    await _set(stage, "assistant_only")
    await desk.agent("小王")
    turn, question = await _asked(stage, "转人工")
    assert await hand_over.wants(question, turn)
    state = await stage.state(turn.conversation_id)
    assert (state["handled_by"], state["answered_through_seq"], state["waiting_since"]) == ("assistant", 1, None)
    line = (await stage.messages(turn.conversation_id))[-1]
    assert (line["payload"]["code"], "留言" in line["text"]) == ("assistant_only", True)
    owed = await desk.do("select 1 from pending_answers where conversation_id = $1", turn.conversation_id)
    assert owed == []
    told = await hand_over.by_wish(stage.workspace_id, turn.conversation_id)
    assert (told.handled_by, told.queue, told.hours.is_open) == ("assistant", None, False)
    danger, _ = await _asked(stage, "孩子吃了你们的东西进医院了")
    await hand_over.follow_up(danger, "danger:injury")
    assert (await stage.state(danger.conversation_id))["handled_by"] == "queue", "danger always reaches a person"


async def test_the_assistant_waits_while_an_agent_types_and_no_longer_than_five_seconds(
    stage: Stage, hub: Hub, hand_over: HandOver
) -> None:
    turn, question = await _asked(stage, "你好呀")
    conversation = turn.conversation_id
    frame = {"type": "typing", "conversation_id": str(conversation), "from": "agent", "agent_id": "1"}
    hub.signal(conversation, frame)
    began = time.monotonic()
    assert not await hand_over.wants(question, turn)
    assert 1.5 < time.monotonic() - began < 5
    began = time.monotonic()
    assert not await hand_over.wants(question, turn)
    assert time.monotonic() - began < 1.4, "who stopped typing holds nothing up"
    waiting = asyncio.create_task(hand_over.wants(question, turn))
    for _ in range(13):
        hub.signal(conversation, frame)
        await asyncio.sleep(0.5)
    assert waiting.done()


async def _say_nothing(stage: Stage, conversation_id: int, identity_id: int, generation: int) -> None:
    stored = await stage.ask(conversation_id, identity_id, "那个呢")
    await stage.answer(conversation_id, stored.seq, generation, "抱歉，没有找到", payload={"unanswered": True})


async def test_the_third_turn_in_a_row_without_an_answer_goes_to_a_person(stage: Stage, hand_over: HandOver) -> None:
    talk, identity = await stage.ground.new_conversation()
    reply = Reply("抱歉，没有找到", {"engine": "embedded"})
    turn, _ = _turn(stage, talk, "那个呢", 1)
    found = []
    for _ in range(3):
        found.append(await hand_over.unanswered(turn, reply))
        await _say_nothing(stage, talk, identity, 1)
    assert found == [None, None, "no_answer"]
    stored = await stage.ask(talk, identity, "有货吗")
    await stage.answer(talk, stored.seq, 1, "有货")
    assert await hand_over.unanswered(turn, reply) is None, "one answer begins the count anew"


async def test_what_comes_back_unanswered_stays_with_people(stage: Stage, desk: Desk, hand_over: HandOver) -> None:
    agent = await desk.agent("小王")
    talk, identity = await stage.ground.new_conversation()
    reply = Reply("抱歉，没有找到", {"engine": "embedded"})
    await _say_nothing(stage, talk, identity, 1)
    turn, _ = _turn(stage, talk, "那个呢", 2)
    assert await hand_over.unanswered(turn, reply) is None
    await hand_over.follow_up(turn, "no_answer")
    await stage.take(talk, agent)
    await stage.speak(talk, agent)
    change = await stage.do(lambda tx: hand_back(tx, stage.workspace_id, talk, agent))
    turn, _ = _turn(stage, talk, "那个呢", 9, change.generation)
    assert await hand_over.unanswered(turn, reply) is None
    await _say_nothing(stage, talk, identity, change.generation)
    assert await hand_over.unanswered(turn, reply) == "no_answer", "two are enough after a person gave it back"
    await hand_over.follow_up(turn, "no_answer")
    await stage.take(talk, agent)
    with pytest.raises(Problem, match="stays_with_people"):
        await stage.do(lambda tx: hand_back(tx, stage.workspace_id, talk, agent))


async def test_two_hand_backs_for_one_reason_are_enough(stage: Stage, desk: Desk, hand_over: HandOver) -> None:
    agent = await desk.agent("小王")
    turn, _ = await _asked(stage, "转人工")
    for number in range(3):
        assert await hand_over.angry(turn)
        await stage.take(turn.conversation_id, agent)
        if number < 2:
            change = await stage.do(lambda tx: hand_back(tx, stage.workspace_id, turn.conversation_id, agent))
            turn.generation = change.generation
    with pytest.raises(Problem, match="stays_with_people"):
        await stage.do(lambda tx: hand_back(tx, stage.workspace_id, turn.conversation_id, agent))
    change = await stage.do(lambda tx: hand_back(tx, stage.workspace_id, turn.conversation_id, agent, force=True))
    assert change.handled_by == "assistant", "an admin may"


async def test_a_long_wait_is_led_on_once_as_the_settings_say(stage: Stage, desk: Desk) -> None:
    helper = await desk.agent("机动", there=False)
    group = await desk.group("机动组", {helper: 1}, marks=("danger",))
    await desk.push(overflow_minutes=5)
    fresh, first = await desk.waits("order"), await desk.waits("order", minutes=6)
    for expected in (1, 0):
        changes = await stage.do(lambda tx: overflow(tx, stage.workspace_id))
        assert len(changes) == expected
    assert (await stage.state(first))["overflow"] == "message"
    assert "留言" in (await stage.messages(first))[-1]["text"]
    assert (await stage.state(fresh))["overflow"] is None
    await desk.push(overflow_to="group", overflow_group_id=group)
    second = await desk.waits("order", minutes=6)
    await stage.do(lambda tx: overflow(tx, stage.workspace_id))
    await desk.assign()
    assert (await stage.state(second))["group_id"] == group
    await desk.push(overflow_length=1)
    third = await desk.waits("order")
    await stage.do(lambda tx: overflow(tx, stage.workspace_id))
    assert (await stage.state(third))["overflow"] == "group", "two more wait before it"


async def test_the_assistant_fills_a_long_wait_and_the_place_in_the_queue_stays(
    stage: Stage, desk: Desk, hand_over: HandOver
) -> None:
    await desk.push(overflow_to="assistant", overflow_minutes=5)
    talk = await desk.waits("asked", minutes=6)
    queued_at = (await stage.state(talk))["queued_at"]
    (change,) = await stage.do(lambda tx: overflow(tx, stage.workspace_id))
    state = await stage.state(talk)
    assert (state["handled_by"], state["queued_at"], state["overflow"]) == ("assistant", queued_at, "assistant")
    turn, question = _turn(stage, talk, "转人工", state["last_seq"], change.generation)
    assert await hand_over.wants(question, turn)
    state = await stage.state(talk)
    assert (state["handled_by"], state["queued_at"]) == ("queue", queued_at)
    assert await stage.do(lambda tx: overflow(tx, stage.workspace_id)) == [], "not a second time"
    agent = await desk.agent("小王")
    await desk.assign()
    assert await desk.owner(talk) == agent


async def test_danger_comes_before_every_other_reason(stage: Stage, hand_over: HandOver) -> None:
    turn, question = await _asked(stage, "转人工，我孩子被烫伤送医院了，我要投诉")
    assert hand_over.need(question) == "danger:injury"
    assert await hand_over.wants(question, turn)
    state = await stage.state(turn.conversation_id)
    assert (state["hand_off_reason"], state["priority"]) == ("danger:injury", 6)
    assert "danger_raised" in await stage.events(turn.conversation_id)
