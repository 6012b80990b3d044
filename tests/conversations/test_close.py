"""The end of a conversation and its return: closing, reopening, handing back."""

import pytest

from tests.conversations.stage import Stage
from yingke.conversations.close import close
from yingke.conversations.hand_back import hand_back
from yingke.conversations.locked import Taken
from yingke.conversations.reopen import reopen
from yingke.kit.errors import Problem


async def test_an_answer_on_its_way_is_refused_once_the_conversation_is_closed(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent("小王")
    await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, agent_id))
    assert (await stage.answer(conversation_id, 1)).outcome == "stale"
    state = await stage.state(conversation_id)
    assert (state["status"], state["closed_by"], state["waiting_since"]) == ("closed", f"agent:{agent_id}", None)
    assert (await stage.messages(conversation_id))[-1]["payload"]["code"] == "closed"


async def test_closing_twice_is_closing_once_and_a_colleagues_conversation_stays_open(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    first, second = await stage.new_agent(), await stage.new_agent()
    await stage.take(conversation_id, first)
    with pytest.raises(Taken):
        await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, second))
    one = await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, first))
    two = await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, first))
    assert (one.is_new, two.is_new, one.seq) == (True, False, two.seq)


async def test_reopening_restores_owner_and_waiting_clock(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.take(conversation_id, agent_id)
    before = await stage.state(conversation_id)
    asked_at = (await stage.messages(conversation_id))[0]["created_at"]
    await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, agent_id))
    await stage.do(lambda tx: reopen(tx, stage.workspace_id, conversation_id, agent_id))
    after = await stage.state(conversation_id)
    assert (after["status"], after["handled_by"], after["agent_id"]) == ("open", "agent", agent_id)
    assert after["waiting_since"] == asked_at
    assert after["generation"] > before["generation"]


async def test_a_reopened_conversation_of_the_assistant_is_answered_after_all(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, agent_id))
    change = await stage.do(lambda tx: reopen(tx, stage.workspace_id, conversation_id, agent_id))
    owed = await stage.do(
        lambda tx: tx.fetchval("select through_seq from pending_answers where conversation_id = $1", conversation_id)
    )
    assert (change.handled_by, owed) == ("assistant", 1)


async def test_a_conversation_cannot_be_reopened_beside_a_newer_one(stage: Stage) -> None:
    conversation_id, identity_id = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.do(lambda tx: close(tx, stage.workspace_id, conversation_id, agent_id))
    await stage.ground.new_conversation(identity_id)
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: reopen(tx, stage.workspace_id, conversation_id, agent_id))
    assert (refusal.value.status, refusal.value.code) == (409, "newer_conversation")
    assert (await stage.state(conversation_id))["status"] == "closed"


async def test_handing_back_lets_the_assistant_answer_what_is_still_open(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.take(conversation_id, agent_id)
    change = await stage.do(lambda tx: hand_back(tx, stage.workspace_id, conversation_id, agent_id))
    async with stage.ground.db.system() as tx:
        owed = await tx.fetch("select * from claim_answers('test', 10, 100)")
    mine = [row for row in owed if row["conversation_id"] == conversation_id]
    assert [(row["through_seq"], row["generation"]) for row in mine] == [(1, change.generation)]
    assert (await stage.answer(conversation_id, 1, change.generation)).outcome == "stored"


async def test_handing_back_an_answered_conversation_owes_nothing(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    agent_id = await stage.new_agent()
    await stage.speak(conversation_id, agent_id)
    await stage.do(lambda tx: hand_back(tx, stage.workspace_id, conversation_id, agent_id))
    owed = await stage.do(
        lambda tx: tx.fetchval("select count(*) from pending_answers where conversation_id = $1", conversation_id)
    )
    assert owed == 0
    state = await stage.state(conversation_id)
    assert (state["handled_by"], state["agent_id"]) == ("assistant", None)


async def test_a_colleague_cannot_hand_back_and_a_shop_without_assistant_refuses(stage: Stage) -> None:
    conversation_id, _ = await stage.waiting_conversation()
    first, second = await stage.new_agent(), await stage.new_agent()
    await stage.take(conversation_id, first)
    with pytest.raises(Taken):
        await stage.do(lambda tx: hand_back(tx, stage.workspace_id, conversation_id, second))
    await stage.do(
        lambda tx: tx.execute("update shops set assistant = '{\"enabled\": false}' where id = $1", stage.ground.shop_id)
    )
    with pytest.raises(Problem) as refusal:
        await stage.do(lambda tx: hand_back(tx, stage.workspace_id, conversation_id, first))
    assert refusal.value.code == "assistant_off"
