"""Taking over: exactly one owner, and the assistant is silent from the moment of the ack."""

import asyncio
import random

import pytest

from tests.conftest import NewGround
from tests.conversations.stage import Stage, seqs_of
from yingke.conversations.hand_back import hand_back
from yingke.conversations.locked import Taken
from yingke.conversations.reply import Replied
from yingke.conversations.take_over import take_over
from yingke.kit.errors import Problem


async def test_taking_over_ends_what_the_assistant_owed(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent("小王")
    change = await stage.take(conversation_id, agent_id)
    state = await stage.state(conversation_id)
    assert (state["handled_by"], state["agent_id"], state["generation"]) == ("agent", agent_id, 2)
    assert state["waiting_since"] is not None, "the customer still waits for words"
    owed = await stage.do(
        lambda tx: tx.fetchval("select count(*) from pending_answers where conversation_id = $1", conversation_id)
    )
    assert owed == 0
    line = (await stage.messages(conversation_id))[-1]
    assert line["payload"] == {
        "code": "taken_over",
        "agent": {"id": str(agent_id), "work_name": "小王", "avatar_file_id": None},
    }
    assert change.seq == line["seq"] == 2
    assert await stage.events(conversation_id) == ["message_created", "message_created", "conversation_taken_over"]


async def test_taking_over_twice_is_taking_over_once(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    first, second = await stage.take(conversation_id, agent_id), await stage.take(conversation_id, agent_id)
    assert (first.is_new, second.is_new) == (True, False)
    assert first.generation == second.generation == (await stage.state(conversation_id))["generation"]


async def test_of_twenty_agents_at_once_exactly_one_gets_the_conversation(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agents = [await stage.new_agent(f"客服{n}") for n in range(20)]
    results = await asyncio.gather(*(stage.take(conversation_id, agent) for agent in agents), return_exceptions=True)
    winners = [agent for agent, result in zip(agents, results, strict=True) if not isinstance(result, BaseException)]
    refusals = [result for result in results if isinstance(result, Taken)]
    assert len(winners) == 1
    assert len(refusals) == 19
    assert {refusal.extra["agent"]["id"] for refusal in refusals} == {str(winners[0])}
    state = await stage.state(conversation_id)
    assert (state["agent_id"], state["generation"]) == (winners[0], 2)
    assert seqs_of(await stage.messages(conversation_id)) == [1, 2]


async def test_only_force_takes_a_conversation_from_a_colleague(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    first, second = await stage.new_agent("甲"), await stage.new_agent("乙")
    await stage.take(conversation_id, first)
    with pytest.raises(Taken) as refusal:
        await stage.take(conversation_id, second)
    assert refusal.value.extra == {"agent": {"id": str(first), "work_name": "甲"}}
    await stage.take(conversation_id, second, force=True)
    state = await stage.state(conversation_id)
    assert (state["agent_id"], state["generation"]) == (second, 3)


async def test_no_answer_follows_the_ack_of_a_take_over_in_200_races(stage: Stage) -> None:
    agent_id = await stage.new_agent()
    won = {"assistant": 0, "agent": 0}

    async def race() -> None:
        conversation_id, _ = await stage.waiting_conversation()

        async def answer() -> Replied:
            await asyncio.sleep(random.uniform(0, 0.006))
            return await stage.answer(conversation_id, 1)

        async def take() -> int:
            await asyncio.sleep(random.uniform(0, 0.006))
            return (await stage.take(conversation_id, agent_id)).seq

        replied, acked = await asyncio.gather(answer(), take())
        messages = await stage.messages(conversation_id)
        assert seqs_of(messages) == list(range(1, len(messages) + 1))
        late = [message for message in messages if message["author"] == "assistant" and message["seq"] > acked]
        assert not late
        assert replied.outcome in ("stored", "stale")
        won["assistant" if replied.outcome == "stored" else "agent"] += 1

    for _ in range(25):
        await asyncio.gather(*(race() for _ in range(8)))
    assert won["assistant"] > 0, "the race must go both ways to prove anything"
    assert won["agent"] > 0


async def test_an_old_generation_stays_refused_after_take_over_and_hand_back(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.take(conversation_id, agent_id)
    await stage.do(lambda tx: hand_back(tx, stage.workspace_id, conversation_id, agent_id))
    assert (await stage.answer(conversation_id, 1, generation=1)).outcome == "stale"
    assert (await stage.answer(conversation_id, 1, generation=3)).outcome == "stored"


async def test_another_workspaces_conversation_is_not_found(stage: Stage, new_ground: NewGround) -> None:
    stranger = await new_ground()
    conversation_id, _ = await stage.waiting_conversation()
    async with stranger.db.transaction(stranger.workspace_id) as tx:
        with pytest.raises(Problem) as refusal:
            await take_over(tx, stranger.workspace_id, conversation_id, stranger.agent_id)
    assert refusal.value.status == 404
    assert (await stage.state(conversation_id))["handled_by"] == "assistant"


async def test_an_agent_of_another_workspace_cannot_own_a_conversation(stage: Stage, new_ground: NewGround) -> None:
    stranger = await new_ground()
    conversation_id, _ = await stage.waiting_conversation()
    with pytest.raises(Problem) as refusal:
        await stage.take(conversation_id, stranger.agent_id)
    assert refusal.value.status == 404
