"""What agents say: stored once, in one order, answering the customer."""

import asyncio
import random

import pytest

from tests.conversations.stage import Stage, seqs_of
from yingke.conversations.close import close
from yingke.conversations.locked import Taken
from yingke.conversations.say import Saying, say
from yingke.kit.errors import Problem
from yingke.routing.hand_off import hand_off


async def test_the_first_word_takes_the_conversation_over_and_stops_the_waiting_clock(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation(texts=2)
    agent_id = await stage.new_agent("小王")
    said = await stage.speak(conversation_id, agent_id, "您好,我是小王")
    state = await stage.state(conversation_id)
    assert (state["handled_by"], state["agent_id"], state["generation"]) == ("agent", agent_id, 2)
    assert (state["waiting_since"], state["answered_through_seq"]) == (None, 2)
    assert state["first_reply_at"] is not None
    assert (state["last_preview"], state["last_from"]) == ("您好,我是小王", "agent")
    assert said.change is not None
    assert [m["author"] for m in await stage.messages(conversation_id)] == ["contact", "contact", "system", "agent"]


async def test_a_message_sent_twice_is_stored_once_with_the_same_seq(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    results = await asyncio.gather(*(stage.speak(conversation_id, agent_id, "好的", "key-1") for _ in range(10)))
    assert len({(result.message_id, result.seq) for result in results}) == 1
    assert [result.is_new for result in results].count(True) == 1
    assert [m["author"] for m in await stage.messages(conversation_id)].count("agent") == 1


async def test_the_same_key_with_another_text_is_refused(stage: Stage) -> None:
    first, _ = await stage.waiting_conversation()
    second, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.speak(first, agent_id, "好的", "key-1")
    for conversation_id, text in ((first, "不行"), (second, "好的")):
        with pytest.raises(Problem) as refusal:
            await stage.speak(conversation_id, agent_id, text, "key-1")
        assert refusal.value.code == "idempotency_conflict"
    assert (await stage.state(second))["handled_by"] == "assistant", "refused means nothing was done"


async def test_a_repeated_message_is_acked_even_after_a_colleague_took_over(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    first, second = await stage.new_agent("甲"), await stage.new_agent("乙")
    said = await stage.speak(conversation_id, first, "稍等", "key-1")
    await stage.take(conversation_id, second, force=True)
    again = await stage.speak(conversation_id, first, "稍等", "key-1")
    assert (again.message_id, again.is_new) == (said.message_id, False)
    with pytest.raises(Taken):
        await stage.speak(conversation_id, first, "新的一句", "key-2")


async def test_nobody_speaks_in_a_closed_conversation(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, agent_id))
    with pytest.raises(Problem) as refusal:
        await stage.speak(conversation_id, agent_id)
    assert refusal.value.code == "conversation_closed"


async def test_a_file_of_another_workspace_or_of_a_visitor_cannot_be_sent(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    file_id = await stage.do(
        lambda tx: tx.fetchval(
            "insert into files (workspace_id, sha256, name, media_type, size, owner_kind, owner_id)"
            " values ($1, 'x', 'a.png', 'image/png', 3, 'identity', $2) returning id",
            stage.workspace_id,
            identity_id,
        )
    )
    for wrong in (file_id, 999_999_999):
        saying = Saying("key", "image", None, wrong)
        with pytest.raises(Problem) as refusal:
            await stage.do(lambda tx, it=saying: say(tx, stage.workspace_id, conversation_id, agent_id, it))
        assert refusal.value.status == 404


async def test_the_order_is_dense_while_contact_assistant_agents_and_system_all_write(stage: Stage) -> None:
    conversation_id, identity_id = await stage.ground.new_conversation()
    first, second = await stage.new_agent("甲"), await stage.new_agent("乙")
    acked: list[int] = []

    async def contact() -> None:
        for _ in range(25):
            acked.append((await stage.ask(conversation_id, identity_id)).seq)

    async def assistant() -> None:
        for _ in range(40):
            state = await stage.state(conversation_id)
            if state["handled_by"] == "assistant" and state["last_contact_seq"] > state["answered_through_seq"]:
                await stage.answer(conversation_id, state["last_contact_seq"], state["generation"])
            await asyncio.sleep(random.uniform(0, 0.004))

    async def agent(agent_id: int) -> None:
        for _ in range(25):
            try:
                acked.append((await stage.speak(conversation_id, agent_id)).seq)
            except Taken:
                await stage.take(conversation_id, agent_id, force=True)

    async def robot() -> None:
        for _ in range(10):
            await stage.do(
                lambda tx: hand_off(
                    tx, stage.workspace_id, conversation_id, generation=None, reason="asked", through_seq=None
                )
            )
            await asyncio.sleep(random.uniform(0, 0.004))

    await asyncio.gather(contact(), assistant(), agent(first), agent(second), robot())
    messages = await stage.messages(conversation_id)
    assert seqs_of(messages) == list(range(1, len(messages) + 1))
    assert len(acked) == len(set(acked))
    assert {m["author"] for m in messages} >= {"contact", "agent", "system"}
    assert (await stage.state(conversation_id))["last_seq"] == len(messages)
